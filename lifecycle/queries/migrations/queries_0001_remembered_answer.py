"""What departments said last."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, migration

ID = "2026-11-22T15:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "What departments said last"

REMEMBERED_ANSWER = OwnedTable(
    "remembered_answer",
    (
        "citizen_id uuid NOT NULL",
        "fact text NOT NULL",
        "department text NOT NULL",
        "as_of timestamptz NOT NULL",
        "asked_at timestamptz NOT NULL",
        "answer bytea NOT NULL",
        "CONSTRAINT remembered_answer_fact UNIQUE (shard, citizen_id, fact)",
    ),
    Grants(citizen="select, insert, update", system="select, insert, update, delete"),
)


async def forwards() -> MigrationManager:
    """Make this room's table."""
    return migration(ID, "queries", DESCRIPTION, (REMEMBERED_ANSWER,))
