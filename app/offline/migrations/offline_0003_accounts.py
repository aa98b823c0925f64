"""From which account a certificate pays: that of its card on the day, whatever becomes of the card."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-30T10:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "From which account a certificate pays"


async def forwards() -> MigrationManager:
    """Add the column."""
    return migration(
        ID,
        "offline",
        DESCRIPTION,
        (
            "ALTER TABLE offline_certificate ADD COLUMN account_id uuid",
            "UPDATE offline_certificate o SET account_id = c.account_id FROM card c WHERE c.shard = o.shard AND c.id = o.card_id",
            "ALTER TABLE offline_certificate ALTER COLUMN account_id SET NOT NULL",
        ),
    )
