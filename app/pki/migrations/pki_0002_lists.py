"""Which authority issued a certificate, and on which list it stands once it is revoked."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-29T01:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Authorities and lists of certificates"


async def forwards() -> MigrationManager:
    """Add the columns; what was issued until now came from the first authority of its kind, and stands on its whole list."""
    return migration(
        ID,
        "pki",
        DESCRIPTION,
        (
            "ALTER TABLE certificate ADD COLUMN authority text, ADD COLUMN revocation_list text",
            "UPDATE certificate SET authority = kind",
            "ALTER TABLE certificate ALTER COLUMN authority SET NOT NULL",
            "DROP INDEX certificate_revoked",
            "CREATE INDEX certificate_revoked ON certificate (authority, not_after) WHERE revoked_at IS NOT NULL",
            "CREATE INDEX certificate_listed ON certificate (revocation_list, not_after) WHERE revoked_at IS NOT NULL",
            "CREATE INDEX certificate_name ON certificate (name)",
        ),
    )
