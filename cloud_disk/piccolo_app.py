"""Registers this room's tables and migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from cloud_disk import tables

APP_CONFIG = AppConfig(
    app_name="cloud_disk",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=[tables.NodeRow],
    migration_dependencies=["app.kernel.piccolo_app"],
)
