"""Payments of bills, and which bills have one."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, ReferenceTable, migration

ID = "2026-11-29T18:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Payments of bills"

BILL_PAYMENT = OwnedTable(
    "bill_payment",
    (
        "citizen_id uuid NOT NULL",
        "person_id uuid NOT NULL",
        "matter_code text NOT NULL",
        "department text NOT NULL",
        "bill_index bytea NOT NULL",
        "content bytea",
        "amount_fen int8 NOT NULL",
        "charge_id uuid NOT NULL",
        "state text NOT NULL",
        "paid_at timestamptz NOT NULL",
        "ended_at timestamptz",
        "return_id uuid",
        "reason text",
        "CONSTRAINT bill_payment_charge UNIQUE (shard, charge_id)",
        "CONSTRAINT bill_payment_amount CHECK (amount_fen > 0)",
        "CONSTRAINT bill_payment_state CHECK (state IN ('paid', 'settled', 'returned'))",
        "CONSTRAINT bill_payment_ended CHECK ((state = 'paid') = (ended_at IS NULL))",
        "CONSTRAINT bill_payment_returned CHECK ((state = 'returned') = (return_id IS NOT NULL))",
    ),
    Grants(citizen="select", system="select, insert, update (state, ended_at, return_id, reason, content)"),
)

BILL_TAKEN = ReferenceTable(
    "bill_taken",
    (
        "bill_index bytea NOT NULL",
        "payment_id uuid NOT NULL",
        "settled boolean NOT NULL DEFAULT false",
        "CONSTRAINT bill_taken_pkey PRIMARY KEY (bill_index)",
    ),
    Grants(system="select, insert, update (settled), delete"),
)


async def forwards() -> MigrationManager:
    """Make the tables."""
    return migration(
        ID,
        "bills",
        DESCRIPTION,
        (
            BILL_PAYMENT,
            BILL_TAKEN,
            "CREATE INDEX bill_payment_untold ON bill_payment (paid_at, id) WHERE state = 'paid'",
            "CREATE INDEX bill_payment_of_citizen ON bill_payment (shard, citizen_id, id)",
        ),
    )
