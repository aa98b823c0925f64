"""Since when what was given out in somebody's name counts: codes that pay, shown before their account changed hands, don't."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-29T04:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Means given out before don't count"


async def forwards() -> MigrationManager:
    """Add the column."""
    return migration(ID, "residents", DESCRIPTION, ("ALTER TABLE resident ADD COLUMN means_from timestamptz",))
