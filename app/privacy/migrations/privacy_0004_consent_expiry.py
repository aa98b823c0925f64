"""Consents end by themselves, and say by whom they were given."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-29T01:42:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Consents expire"


async def forwards() -> MigrationManager:
    """Widen the table; consents from before end a year after they were given, as `consents` works out."""
    return migration(
        ID,
        "privacy",
        DESCRIPTION,
        (
            "ALTER TABLE consent ADD COLUMN ends_at timestamptz, ADD COLUMN decided_by uuid",
            "CREATE INDEX consent_ends ON consent (ends_at) WHERE given",
        ),
    )
