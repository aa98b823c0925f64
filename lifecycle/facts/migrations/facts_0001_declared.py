"""Facts that people declare themselves."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, migration

ID = "2026-11-29T22:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Declared facts"

DECLARED_FACT = OwnedTable(
    "declared_fact",
    (
        "citizen_id uuid NOT NULL",
        "kind text NOT NULL",
        "declared_by uuid NOT NULL",
        "declared_at timestamptz NOT NULL",
        "value bytea NOT NULL",
        "CONSTRAINT declared_fact_once UNIQUE (shard, citizen_id, kind)",
    ),
    Grants(citizen="select", system="select, insert, update, delete"),
)


async def forwards() -> MigrationManager:
    """Make the table."""
    return migration(ID, "facts", DESCRIPTION, (DECLARED_FACT,))
