"""A recovered account ends its powers, so a delegation may say that this was why it ended."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-29T03:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Powers end where an account is recovered"


async def forwards() -> MigrationManager:
    """Allow the reason."""
    return migration(
        ID,
        "identity",
        DESCRIPTION,
        (
            "ALTER TABLE delegation DROP CONSTRAINT delegation_ending",
            (
                "ALTER TABLE delegation ADD CONSTRAINT delegation_ending CHECK "
                "(ended_by IN ('giver', 'delegate', 'time', 'guardian', 'death', 'freeze', 'recovery'))"
            ),
        ),
    )
