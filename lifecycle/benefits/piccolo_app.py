"""Registers this room's table and migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from lifecycle.benefits.tables import BenefitOfferRow

APP_CONFIG = AppConfig(
    app_name="benefits",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=[BenefitOfferRow],
    migration_dependencies=["app.keys.piccolo_app", "app.residents.piccolo_app"],
)
