"""Orders to erase a person, and the certificates of it."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, migration

ID = "2026-11-29T01:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Erasure"

ERASURE_ORDER = OwnedTable(
    "erasure_order",
    (
        "citizen_id uuid NOT NULL",
        "ordered_at timestamptz NOT NULL",
        "due_at timestamptz NOT NULL",
        "state text NOT NULL",
        "code_hash bytea NOT NULL",
        "ended_at timestamptz",
        "certificate bytea",
        "signature bytea",
        "chain text",
        "CONSTRAINT erasure_order_code UNIQUE (shard, code_hash)",
        "CONSTRAINT erasure_order_state_known CHECK (state IN ('waiting', 'cancelled', 'blocked', 'running', 'done'))",
        "CONSTRAINT erasure_order_done_is_proved CHECK (state <> 'done' OR (certificate IS NOT NULL AND signature IS NOT NULL))",
    ),
    Grants(citizen="select, insert", system="select, insert, update"),
)


async def forwards() -> MigrationManager:
    """Make the table."""
    return migration(
        ID,
        "privacy",
        DESCRIPTION,
        (
            ERASURE_ORDER,
            "CREATE UNIQUE INDEX erasure_order_one ON erasure_order (shard, citizen_id) WHERE state IN ('waiting', 'running')",
        ),
    )
