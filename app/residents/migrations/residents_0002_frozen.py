"""Since when nobody may act as a resident."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-29T00:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Since when nobody may act as a resident"


async def forwards() -> MigrationManager:
    """Add the column."""
    return migration(ID, "residents", DESCRIPTION, ("ALTER TABLE resident ADD COLUMN frozen_at timestamptz",))
