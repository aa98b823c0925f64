"""A second key per person, for what a law retains after an erasure."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-29T01:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "A key for what a law retains"


async def forwards() -> MigrationManager:
    """Widen the table."""
    return migration(
        ID,
        "keys",
        DESCRIPTION,
        (
            "ALTER TABLE person_key ADD COLUMN retained_key bytea, ADD COLUMN retained_until date",
            "CREATE INDEX person_key_retention_ends ON person_key (retained_until) WHERE retained_key IS NOT NULL",
        ),
    )
