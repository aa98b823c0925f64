"""Registers this room's tables and migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from app.audit.review_tables import AccessFinding, ReviewMark
from app.audit.tables import (
    AccessQuestionRow,
    ActRow,
    LogCheckpoint,
    LogEntry,
    LogHead,
    LogHeads,
    LogMapNode,
    LogState,
    LogTile,
    UnnumberedActs,
)

APP_CONFIG = AppConfig(
    app_name="audit",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=[
        *(ActRow, UnnumberedActs, LogEntry, LogHead, LogState, LogTile, LogHeads, LogMapNode, LogCheckpoint),
        *(AccessQuestionRow, AccessFinding, ReviewMark),
    ],
    migration_dependencies=["app.kernel.piccolo_app"],
)
