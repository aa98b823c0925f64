"""One data key per person."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, migration

ID = "2026-11-22T13:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "One data key per person"

PERSON_KEY = OwnedTable(
    "person_key",
    (
        "wrapped_key bytea",
        "version int4 NOT NULL",
        "made_at timestamptz NOT NULL",
        "destroyed_at timestamptz",
        "CONSTRAINT person_key_is_there_or_destroyed CHECK ((wrapped_key IS NULL) = (destroyed_at IS NOT NULL))",
    ),
    Grants(citizen="select, insert", officer="select, insert", system="select, insert, update"),
    owner="id",
)


async def forwards() -> MigrationManager:
    """Make this room's table."""
    return migration(ID, "keys", DESCRIPTION, (PERSON_KEY,))
