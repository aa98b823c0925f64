"""Registers this room's tables and migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from lifecycle.cases.desk_tables import CaseNote, CaseOpinion, DecidedEntry, OpinionEntry
from lifecycle.cases.tables import CaseEventRow, CaseRatingRow, CaseSignature, DeskEntry, MatterCase, RatingEntry

APP_CONFIG = AppConfig(
    app_name="cases",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=[
        *(MatterCase, CaseEventRow, CaseSignature, CaseRatingRow, DeskEntry, RatingEntry),
        *(CaseNote, CaseOpinion, OpinionEntry, DecidedEntry),
    ],
    migration_dependencies=["app.kernel.piccolo_app"],
)
