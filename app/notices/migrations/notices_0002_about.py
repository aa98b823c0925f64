"""Campaigns about a matter that people switch on."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-29T16:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Campaigns about a matter"
_ADVERTISES = "CONSTRAINT campaign_advertises_about_a_matter CHECK (advertiser IS NULL OR matter IS NOT NULL)"


async def forwards() -> MigrationManager:
    """Let a campaign name its matter, topics of it, and who advertises."""
    return migration(
        ID,
        "notices",
        DESCRIPTION,
        (
            *(
                f"ALTER TABLE campaign ADD COLUMN {column}"
                for column in (
                    "matter text",
                    "topics text[] NOT NULL DEFAULT '{}'",
                    "advertiser text",
                    "urgent boolean NOT NULL DEFAULT false",
                )
            ),
            f"ALTER TABLE campaign ADD {_ADVERTISES}",
            "CREATE INDEX campaign_matter ON campaign (matter, decided_at) WHERE matter IS NOT NULL",
        ),
    )
