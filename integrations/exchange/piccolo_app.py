"""Registers the exchange's tables and migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from integrations.exchange.tables import AwaitedAnswer, ExchangeMessage, UnprovedExchange

APP_CONFIG = AppConfig(
    app_name="exchange",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=[AwaitedAnswer, ExchangeMessage, UnprovedExchange],
    migration_dependencies=["app.kernel.piccolo_app", "app.keys.piccolo_app"],
)
