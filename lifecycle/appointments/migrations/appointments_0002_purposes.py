"""What somebody comes for, where a matter's rule names it; it may say something of their health, so it is sealed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-29T15:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Purposes of appointments"


async def forwards() -> MigrationManager:
    """Add the column."""
    return migration(ID, "appointments", DESCRIPTION, ("ALTER TABLE appointment ADD COLUMN purposes bytea",))
