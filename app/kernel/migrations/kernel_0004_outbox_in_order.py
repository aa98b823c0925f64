"""What waits in the outbox in the order of its ids, and apart what failed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-30T20:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "What waits in the outbox in the order of its ids, and apart what failed"


async def forwards() -> MigrationManager:
    """Make an index that grows at its end, beside one of the few that hold up their streams, for the one by stream."""
    return migration(
        ID,
        "kernel",
        DESCRIPTION,
        (
            "CREATE INDEX outbox_waiting ON outbox (id) WHERE delivered_at IS NULL",
            "CREATE INDEX outbox_failed ON outbox (shard, stream) WHERE delivered_at IS NULL AND attempts > 0",
            "DROP INDEX outbox_stream_pending",
        ),
    )
