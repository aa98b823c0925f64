"""Registers this room's tables and migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from app.card.tables import Account, Card, ChannelNotice, DeclinedPayment, Merchant, ReceiptSeal, TopUp, Transfer

APP_CONFIG = AppConfig(
    app_name="card",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=[Account, Card, ChannelNotice, DeclinedPayment, Merchant, ReceiptSeal, TopUp, Transfer],
    migration_dependencies=["app.kernel.piccolo_app"],
)
