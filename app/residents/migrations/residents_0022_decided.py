"""From which day the newest decision holds that is known of a guardianship, and of custody: an older one that comes late changes nothing."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-29T05:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Days of the newest decisions about guardianship and custody"


async def forwards() -> MigrationManager:
    """Add the columns."""
    sql = "ALTER TABLE kinship ADD COLUMN decided_on date, ADD COLUMN custody_on date"
    return migration(ID, "residents", DESCRIPTION, (sql,))
