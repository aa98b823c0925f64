"""Late answers that were refused: contradictions, answers about others, and of another shape."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, migration

ID = "2026-11-29T16:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Late answers that were refused"

EXCHANGE_FINDING = OwnedTable(
    "exchange_finding",
    (
        "citizen_id uuid NOT NULL",
        "request_id uuid NOT NULL",
        "at timestamptz NOT NULL",
        "flaw text NOT NULL",
        "content bytea NOT NULL CONSTRAINT exchange_finding_content_is_a_hash CHECK (octet_length(content) = 32)",
        "CONSTRAINT exchange_finding_is_kept_once UNIQUE (shard, request_id, content)",
    ),
    Grants(system="select, insert"),
    append_only=True,
)


async def forwards() -> MigrationManager:
    """Make the table."""
    return migration(
        ID,
        "exchanges",
        DESCRIPTION,
        (EXCHANGE_FINDING, "CREATE INDEX exchange_finding_by_time ON exchange_finding (at)"),
    )
