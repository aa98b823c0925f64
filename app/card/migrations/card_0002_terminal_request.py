"""What each key and number of a terminal was used for, over all cards."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, ReferenceTable, migration

ID = "2026-11-22T14:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "What each key and number of a terminal was used for, over all cards"

TERMINAL_REQUEST = ReferenceTable(
    "terminal_request",
    (
        "principal text NOT NULL",
        "request_key text NOT NULL",
        "sequence int8 NOT NULL",
        "fingerprint bytea NOT NULL",
        "at timestamptz NOT NULL",
        "CONSTRAINT terminal_request_pkey PRIMARY KEY (principal, request_key)",
        "CONSTRAINT terminal_request_sequence UNIQUE (principal, sequence)",
    ),
    Grants(system="select, insert, delete"),
)


async def forwards() -> MigrationManager:
    """Make the table."""
    return migration(
        ID,
        "card",
        DESCRIPTION,
        (TERMINAL_REQUEST, "CREATE INDEX terminal_request_at ON terminal_request (at)"),
    )
