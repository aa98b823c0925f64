"""Registers this room's tables and migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from app.records import tables

APP_CONFIG = AppConfig(
    app_name="records",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=[
        tables.RecordRow,
        tables.LineRow,
        tables.MonthRow,
        tables.MemoryRow,
        tables.AttachmentRow,
    ],
    migration_dependencies=["app.kernel.piccolo_app"],
)
