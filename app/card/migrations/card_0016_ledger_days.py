"""The ledger's closed days, each with the day before."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, ReferenceTable, migration

ID = "2026-11-30T16:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The ledger's closed days, each with the day before"

LEDGER_DAY = ReferenceTable(
    "ledger_day",
    (
        "day date NOT NULL",
        "statement bytea NOT NULL",
        "algorithm text NOT NULL",
        "signature bytea NOT NULL",
        "certificate text NOT NULL",
        "chain text NOT NULL",
        "CONSTRAINT ledger_day_pkey PRIMARY KEY (day)",
    ),
    Grants(system="select, insert"),
    append_only=True,
)


async def forwards() -> MigrationManager:
    """Make the table."""
    return migration(ID, "card", DESCRIPTION, (LEDGER_DAY,))
