"""Benefits that are offered without an application, each once for a person and a period."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, migration

ID = "2026-11-29T22:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Offers of benefits"

BENEFIT_OFFER = OwnedTable(
    "benefit_offer",
    (
        "citizen_id uuid NOT NULL",
        "benefit text NOT NULL",
        "period text NOT NULL",
        "state text NOT NULL",
        "offered_at timestamptz NOT NULL",
        "changed_at timestamptz NOT NULL",
        "until date",
        "case_id uuid",
        "content bytea NOT NULL",
        "CONSTRAINT benefit_offer_once UNIQUE (shard, citizen_id, benefit, period)",
        "CONSTRAINT benefit_offer_state_known CHECK (state IN ('offered', 'confirmed', 'declined', 'lapsed', 'withdrawn'))",
        "CONSTRAINT benefit_offer_confirmed_by_case CHECK (state <> 'confirmed' OR case_id IS NOT NULL)",
    ),
    Grants(citizen="select", system="select, insert, update, delete"),
)


async def forwards() -> MigrationManager:
    """Make the table."""
    return migration(ID, "benefits", DESCRIPTION, (BENEFIT_OFFER,))
