"""The outbox holds what waits and nothing else: what was delivered leaves it, so its key is all that the relay needs."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-30T20:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "An outbox of what waits, without what was delivered"


async def forwards() -> MigrationManager:
    """Forget what was delivered; with the column go the indexes that left it out."""
    return migration(
        ID,
        "kernel",
        DESCRIPTION,
        (
            "DELETE FROM outbox WHERE delivered_at IS NOT NULL",
            "DROP INDEX outbox_waiting",
            "DROP INDEX outbox_failed",
            "ALTER TABLE outbox DROP COLUMN delivered_at",
            "CREATE INDEX outbox_failed ON outbox (shard, stream) WHERE attempts > 0",
        ),
    )
