"""Codes that merchants show, and which of them have been paid."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, ReferenceTable, migration

ID = "2026-11-29T22:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Codes that merchants show, and which of them have been paid"

MERCHANT_CODE = ReferenceTable(
    "merchant_code",
    (
        "id text NOT NULL",
        "merchant text NOT NULL",
        "code text NOT NULL",
        "amount_fen int8",
        "reference text",
        "terminal_code text",
        "made_at timestamptz NOT NULL",
        "stopped_at timestamptz",
        "payment_id uuid",
        "CONSTRAINT merchant_code_pkey PRIMARY KEY (id)",
        "CONSTRAINT merchant_code_of_merchant FOREIGN KEY (merchant) REFERENCES merchant (code) ON DELETE RESTRICT",
        "CONSTRAINT merchant_code_bill_once UNIQUE (merchant, reference)",
        "CONSTRAINT merchant_code_amount CHECK (amount_fen > 0)",
        "CONSTRAINT merchant_code_paid_once CHECK (payment_id IS NULL OR reference IS NOT NULL)",
    ),
    Grants(system="select, insert, update (stopped_at, payment_id)"),
)


async def forwards() -> MigrationManager:
    """Make the table."""
    return migration(ID, "card", DESCRIPTION, (MERCHANT_CODE,))
