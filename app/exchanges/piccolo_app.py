"""Registers this room's tables and migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from app.exchanges.tables import ExchangeEvidenceRow, ExchangeFindingRow

APP_CONFIG = AppConfig(
    app_name="exchanges",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=[ExchangeEvidenceRow, ExchangeFindingRow],
    migration_dependencies=["app.kernel.piccolo_app"],
)
