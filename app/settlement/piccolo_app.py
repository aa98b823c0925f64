"""Registers this room's tables and migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from app.settlement import tables

APP_CONFIG = AppConfig(
    app_name="settlement",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=[
        tables.Discrepancy,
        tables.DiscrepancyStep,
        tables.MerchantSettlement,
        tables.SettledBorneSale,
        tables.SettledShard,
        tables.SettledTransfer,
        tables.SettlementDay,
        tables.SettlementEntry,
        tables.SettlementFile,
        tables.SettlementHold,
        tables.SettlementManifest,
        tables.TerminalDayEnd,
    ],
    migration_dependencies=["app.card.piccolo_app", "app.offline.piccolo_app"],
)
