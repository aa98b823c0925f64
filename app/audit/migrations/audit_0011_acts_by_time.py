"""Acts, and those that wait for their number, by their time."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import keyed_by_time, migration

ID = "2026-11-30T17:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Acts, and those that wait for their number, by their time"


async def forwards() -> MigrationManager:
    """Make both keys anew; the oldest that wait are then found by theirs."""
    return migration(ID, "audit", DESCRIPTION, (keyed_by_time("act"), keyed_by_time("unnumbered_act")))
