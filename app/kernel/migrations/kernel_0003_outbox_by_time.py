"""The outbox's rows by their time."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import keyed_by_time, migration

ID = "2026-11-30T17:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The outbox's rows by their time"


async def forwards() -> MigrationManager:
    """Make the key anew."""
    return migration(ID, "kernel", DESCRIPTION, (keyed_by_time("outbox"),))
