"""The archive of what was exchanged with departments."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, migration

ID = "2026-11-22T13:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The archive of what was exchanged with departments"

EXCHANGE_MESSAGE = OwnedTable(
    "exchange_message",
    (
        "citizen_id uuid NOT NULL",
        "at timestamptz NOT NULL",
        "direction text NOT NULL CONSTRAINT exchange_message_direction CHECK (direction IN ('out', 'in'))",
        "department text NOT NULL",
        "service text NOT NULL",
        "purpose text NOT NULL",
        "basis_kind text NOT NULL",
        "basis_id text NOT NULL",
        "end_user_kind text NOT NULL",
        "end_user_id text NOT NULL",
        "outcome text NOT NULL",
        "attempts int4 NOT NULL",
        "payload bytea NOT NULL",
        "CONSTRAINT exchange_message_outcome CHECK (outcome IN ('ok', 'not_found', 'refused', 'unavailable', 'wrong'))",
    ),
    Grants(system="select, insert"),
    append_only=True,
)


async def forwards() -> MigrationManager:
    """Make the archive."""
    return migration(
        ID,
        "exchange",
        DESCRIPTION,
        (
            EXCHANGE_MESSAGE,
            "CREATE INDEX exchange_message_of_citizen ON exchange_message (shard, citizen_id, id)",
        ),
    )
