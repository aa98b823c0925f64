"""The sealed log."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, migration

ID = "2026-11-22T13:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The sealed log"

ACT = OwnedTable(
    "act",
    (
        "at timestamptz NOT NULL",
        "act text NOT NULL",
        "actor text NOT NULL",
        "actor_kind text NOT NULL",
        "citizen_id uuid NOT NULL",
        "subject_id uuid",
        "basis_kind text",
        "basis_id text",
        "salt bytea NOT NULL",
        "CONSTRAINT act_basis_is_whole CHECK ((basis_kind IS NULL) = (basis_id IS NULL))",
    ),
    Grants(citizen="select, insert", officer="insert", system="select, insert"),
    append_only=True,
)


async def forwards() -> MigrationManager:
    """Make this room's tables."""
    return migration(ID, "audit", DESCRIPTION, (ACT, "CREATE INDEX act_citizen ON act (shard, citizen_id, id DESC)"))
