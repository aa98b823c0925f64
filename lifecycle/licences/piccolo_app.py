"""Registers this room's tables and migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from lifecycle.licences.tables import LicenceDocumentRow, LicenceEventRow, LicencePresentationRow, LicenceRow

APP_CONFIG = AppConfig(
    app_name="licences",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=[LicenceRow, LicenceDocumentRow, LicenceEventRow, LicencePresentationRow],
    migration_dependencies=["app.kernel.piccolo_app"],
)
