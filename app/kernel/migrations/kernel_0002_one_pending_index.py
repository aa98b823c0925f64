"""One index of what waits in the outbox: its oldest are found by their stream."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-30T15:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "One index of what waits in the outbox"


async def forwards() -> MigrationManager:
    """Drop the index that nobody reads."""
    return migration(ID, "kernel", DESCRIPTION, ("DROP INDEX outbox_pending",))
