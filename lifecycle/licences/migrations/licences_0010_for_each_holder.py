"""One case may give a licence of a type to each of two people, as a marriage does."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-29T08:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "One case may give a licence to each of two people"


async def forwards() -> MigrationManager:
    """Count once per case, type and holder."""
    return migration(
        ID,
        "licences",
        DESCRIPTION,
        (
            "ALTER TABLE licence DROP CONSTRAINT licence_once_per_case",
            "ALTER TABLE licence ADD CONSTRAINT licence_once_per_case UNIQUE (shard, case_id, type_code, citizen_id)",
        ),
    )
