"""Since when a remembered answer is known to be out of date."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-29T16:02:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Since when remembered answers are out of date"


async def forwards() -> MigrationManager:
    """Add the column; what was remembered before isn't known to be out of date."""
    return migration(ID, "queries", DESCRIPTION, ("ALTER TABLE remembered_answer ADD COLUMN changed_at timestamptz",))
