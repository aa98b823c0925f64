"""Registers this room's table and migration."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from app.privacy.tables import ConsentRow, CorrectionRequestRow, DataExportRow, ErasureOrderRow

APP_CONFIG = AppConfig(
    app_name="privacy",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=[ConsentRow, DataExportRow, ErasureOrderRow, CorrectionRequestRow],
    migration_dependencies=["app.kernel.piccolo_app"],
)
