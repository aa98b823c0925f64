"""A case may be a step of a bundle."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-29T09:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The bundle of a case"


async def forwards() -> MigrationManager:
    """Add the column."""
    return migration(ID, "cases", DESCRIPTION, ("ALTER TABLE matter_case ADD COLUMN bundle_id uuid",))
