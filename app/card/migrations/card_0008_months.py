"""What merchants sell, a card's months as they ended, and their statements."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, migration

ID = "2026-11-29T22:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "What merchants sell, a card's months as they ended, and their statements"

MONTH = OwnedTable(
    "card_month",
    (
        "citizen_id uuid NOT NULL",
        "month date NOT NULL",
        "opening_fen int8 NOT NULL",
        "totals jsonb NOT NULL",
        "CONSTRAINT card_month_once UNIQUE (shard, citizen_id, month)",
        "CONSTRAINT card_month_begins_a_month CHECK (extract(day FROM month) = 1)",
    ),
    Grants(citizen="select", system="select, insert, delete"),
)

STATEMENT = OwnedTable(
    "card_statement",
    (
        "citizen_id uuid NOT NULL",
        "month date NOT NULL",
        "made_at timestamptz NOT NULL",
        "sha256 text NOT NULL",
        "pdf bytea NOT NULL",
        "CONSTRAINT card_statement_once UNIQUE (shard, citizen_id, month)",
    ),
    Grants(citizen="select", system="select, insert, delete"),
)


async def forwards() -> MigrationManager:
    """Add the merchants' category code, and make the tables."""
    return migration(
        ID,
        "card",
        DESCRIPTION,
        (
            "ALTER TABLE merchant ADD COLUMN IF NOT EXISTS mcc text CONSTRAINT merchant_mcc_has_four_digits CHECK (mcc ~ '^[0-9]{4}$')",
            MONTH,
            STATEMENT,
        ),
    )
