"""Registers this room's tables and migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from lifecycle.queries.tables import EverybodysAnswerRow, RememberedAnswerRow

APP_CONFIG = AppConfig(
    app_name="queries",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=[EverybodysAnswerRow, RememberedAnswerRow],
    migration_dependencies=["app.kernel.piccolo_app"],
)
