"""Registers this room's tables and migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from lifecycle.appointments.tables import AppointmentRow, SlotRow, SlotWaitingRow, VenueRow

APP_CONFIG = AppConfig(
    app_name="appointments",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=[AppointmentRow, SlotRow, SlotWaitingRow, VenueRow],
    migration_dependencies=["app.kernel.piccolo_app"],
)
