"""When an identity was frozen and unfrozen, and when each session was last used."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, migration

ID = "2026-11-29T01:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "When an identity was frozen and unfrozen, and when each session was last used"

IDENTITY_FREEZE = OwnedTable(
    "identity_freeze",
    (
        "citizen_id uuid NOT NULL",
        "at timestamptz NOT NULL",
        "step text NOT NULL CONSTRAINT identity_freeze_step CHECK (step IN ('frozen', 'unfrozen'))",
        "actor text NOT NULL",
        "session_id uuid",
        "reason bytea",
    ),
    Grants(citizen="select", system="select, insert"),
    append_only=True,
)


async def forwards() -> MigrationManager:
    """Make the table, and add the columns."""
    return migration(
        ID,
        "identity",
        DESCRIPTION,
        (
            IDENTITY_FREEZE,
            "CREATE INDEX identity_freeze_citizen ON identity_freeze (shard, citizen_id, id)",
            "ALTER TABLE session ADD COLUMN used_at timestamptz",
            "UPDATE session SET used_at = rotated_at",
            "ALTER TABLE session ALTER COLUMN used_at SET NOT NULL",
            "ALTER TABLE session ADD COLUMN network text",
        ),
    )
