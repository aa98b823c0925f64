"""What proves the signatures of an exchange."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, migration

ID = "2026-11-29T06:31:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "What proves the signatures of exchanges"

EXCHANGE_EVIDENCE = OwnedTable(
    "exchange_evidence",
    (
        "citizen_id uuid NOT NULL",
        "at timestamptz NOT NULL",
        "evidence bytea NOT NULL",
    ),
    Grants(system="select, insert"),
    append_only=True,
)


async def forwards() -> MigrationManager:
    """Make the table."""
    return migration(ID, "exchanges", DESCRIPTION, (EXCHANGE_EVIDENCE,))
