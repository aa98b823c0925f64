"""Registers this room's tables and migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from app.residents.tables import BirthdayRoundRow, IdentifierRow, KinshipRow, ReceivedPushRow, ResidentRow

APP_CONFIG = AppConfig(
    app_name="residents",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=[ResidentRow, IdentifierRow, KinshipRow, ReceivedPushRow, BirthdayRoundRow],
    migration_dependencies=["app.kernel.piccolo_app"],
)
