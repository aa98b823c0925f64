"""Registers this room's tables and migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from app.disputes import tables

APP_CONFIG = AppConfig(
    app_name="disputes",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=[tables.CardDispute, tables.CardDisputeStep],
    migration_dependencies=["app.card.piccolo_app"],
)
