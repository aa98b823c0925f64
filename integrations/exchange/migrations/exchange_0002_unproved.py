"""Exchanges of which nothing is archived yet that proves their signatures later."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, migration

ID = "2026-11-29T06:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Exchanges that are still to be proved"

UNPROVED_EXCHANGE = OwnedTable(
    "unproved_exchange",
    ("citizen_id uuid NOT NULL",),
    Grants(system="select, insert, delete"),
)


async def forwards() -> MigrationManager:
    """Make the queue; exchanges of before have no evidence of their time, and get none."""
    return migration(ID, "exchange", DESCRIPTION, (UNPROVED_EXCHANGE,))
