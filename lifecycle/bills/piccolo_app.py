"""Registers this room's tables and migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from lifecycle.bills.tables import BillPaymentRow, BillTakenRow

APP_CONFIG = AppConfig(
    app_name="bills",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=[BillPaymentRow, BillTakenRow],
    migration_dependencies=["app.card.piccolo_app"],
)
