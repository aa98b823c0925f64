"""Registers this room's tables and migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from app.pki.tables import Certificate, RevokedAuthority

APP_CONFIG = AppConfig(
    app_name="pki",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=[Certificate, RevokedAuthority],
    migration_dependencies=["app.kernel.piccolo_app"],
)
