"""What proves a signature years later: kept beside it, sealed like it."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-29T01:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Evidence beside what was signed"


async def forwards() -> MigrationManager:
    """Add the column; what was signed until now has none."""
    return migration(ID, "cases", DESCRIPTION, ("ALTER TABLE case_signature ADD COLUMN evidence bytea",))
