"""Finding who turned out to be a resident."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-29T01:03:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Finding who turned out to be a resident"


async def forwards() -> MigrationManager:
    """Add the index."""
    return migration(
        ID,
        "residents",
        DESCRIPTION,
        ("CREATE INDEX resident_merged ON resident (merged_into) WHERE merged_into IS NOT NULL",),
    )
