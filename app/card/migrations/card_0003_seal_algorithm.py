"""By which algorithm receipts were sealed: a stored signature names it."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-29T01:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "By which algorithm receipts were sealed"


async def forwards() -> MigrationManager:
    """Add the column; everything until now was sealed with ECDSA on P-256 and SHA-256."""
    return migration(
        ID, "card", DESCRIPTION, ("ALTER TABLE receipt_seal ADD COLUMN algorithm text NOT NULL DEFAULT 'ES256'",)
    )
