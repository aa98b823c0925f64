"""Registers this room's tables and migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from app.notices import tables

APP_CONFIG = AppConfig(
    app_name="notices",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=[tables.NoticeRow, tables.CampaignRow],
    migration_dependencies=["app.kernel.piccolo_app"],
)
