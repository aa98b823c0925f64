"""Registers this room's tables and migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from lifecycle.agenda.tables import AgendaBookRow, AgendaFeedRow

APP_CONFIG = AppConfig(
    app_name="agenda",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=[AgendaBookRow, AgendaFeedRow],
    migration_dependencies=["app.keys.piccolo_app", "app.residents.piccolo_app"],
)
