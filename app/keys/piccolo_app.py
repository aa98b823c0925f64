"""Registers the keys' tables and migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from app.keys.tables import KeyRotation, PersonKey

APP_CONFIG = AppConfig(
    app_name="keys",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=[PersonKey, KeyRotation],
    migration_dependencies=["app.kernel.piccolo_app"],
)
