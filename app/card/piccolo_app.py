"""Registers this room's tables and migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from app.card import tables

APP_CONFIG = AppConfig(
    app_name="card",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=[
        tables.Account,
        tables.Card,
        tables.CardCancellation,
        tables.CardMonth,
        tables.CardPayout,
        tables.CardStatement,
        tables.ChannelBill,
        tables.ChannelBillLine,
        tables.ChannelNotice,
        tables.ChannelRefund,
        tables.DeclinedPayment,
        tables.LedgerDay,
        tables.Merchant,
        tables.MerchantCode,
        tables.TerminalRequest,
        tables.TopUp,
        tables.Transfer,
    ],
    migration_dependencies=["app.kernel.piccolo_app"],
)
