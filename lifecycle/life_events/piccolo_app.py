"""This room's tables and migrations, for Piccolo."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from lifecycle.life_events.tables import LifeEventRoundRow, LifeEventRow, LifeEventStepRow

APP_CONFIG = AppConfig(
    app_name="life_events",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=[LifeEventRow, LifeEventStepRow, LifeEventRoundRow],
)
