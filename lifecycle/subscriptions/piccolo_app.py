"""Registers this room's tables and migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from lifecycle.subscriptions.tables import SubscriptionRow

APP_CONFIG = AppConfig(
    app_name="subscriptions",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=[SubscriptionRow],
    migration_dependencies=["app.kernel.piccolo_app"],
)
