"""The lifelong record."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, migration

ID = "2026-11-22T13:25:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The lifelong record"

RECORD = OwnedTable(
    "record",
    (
        "filed_at timestamptz NOT NULL",
        "citizen_id uuid NOT NULL",
        "happened_at timestamptz NOT NULL",
        "kind text NOT NULL",
        "phrase text NOT NULL",
        "facts bytea NOT NULL",
        "source text NOT NULL",
        "source_ref text NOT NULL",
        "about_id uuid",
        "CONSTRAINT record_is_filed_once UNIQUE (shard, citizen_id, source, source_ref)",
    ),
    Grants(citizen="select", system="select, insert"),
    append_only=True,
)


async def forwards() -> MigrationManager:
    """Make this room's tables."""
    return migration(
        ID,
        "records",
        DESCRIPTION,
        (RECORD, "CREATE INDEX record_timeline ON record (shard, citizen_id, happened_at DESC, id DESC)"),
    )
