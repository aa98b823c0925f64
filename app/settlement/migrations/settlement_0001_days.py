"""Terminals' day-ends, settled days with their entries and payouts, and discrepancies."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.ids import SHARDS
from app.kernel.schema import Grants, OwnedTable, ReferenceTable, migration
from app.settlement.accounts import Settling, settling_account

ID = "2026-11-30T11:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Terminals' day-ends, settled days with their entries and payouts, and discrepancies"

DAY_END: Final = ReferenceTable(
    "terminal_day_end",
    (
        "principal text NOT NULL",
        "day date NOT NULL",
        "attempt int4 NOT NULL",
        "at timestamptz NOT NULL",
        "terminal_code text NOT NULL",
        "merchant_code text NOT NULL",
        "told jsonb NOT NULL",
        "answer jsonb NOT NULL",
        "agrees bool NOT NULL",
        "CONSTRAINT terminal_day_end_pkey PRIMARY KEY (principal, day, attempt)",
    ),
    Grants(system="select, insert"),
    append_only=True,
)
DAY: Final = ReferenceTable(
    "settlement_day",
    (
        "day date NOT NULL",
        "began_at timestamptz NOT NULL",
        "posted_at timestamptz",
        "paid_at timestamptz",
        "filed_at timestamptz",
        "CONSTRAINT settlement_day_pkey PRIMARY KEY (day)",
    ),
    Grants(system="select, insert, update"),
)
SHARD: Final = OwnedTable(
    "settled_shard",
    ("day date NOT NULL", "at timestamptz NOT NULL", "CONSTRAINT settled_shard_once UNIQUE (shard, day)"),
    Grants(system="select"),
    append_only=True,
)
TRANSFER: Final = OwnedTable(
    "settled_transfer",
    (
        "day date NOT NULL",
        "merchant_code text NOT NULL",
        "kind text NOT NULL",
        "amount_fen int8 NOT NULL",
        "basis_points int4 NOT NULL",
        "fee_fen int8 NOT NULL",
        "returns uuid",
        "CONSTRAINT settled_transfer_kind_known CHECK (kind IN ('payment', 'charge', 'refund', 'reversal', 'return'))",
        "CONSTRAINT settled_transfer_names_paid CHECK ((kind IN ('refund', 'reversal', 'return')) = (returns IS NOT NULL))",
    ),
    Grants(system="select"),
    append_only=True,
)
BORNE: Final = OwnedTable(
    "settled_borne_sale",
    ("day date NOT NULL", "merchant_code text NOT NULL", "amount_fen int8 NOT NULL"),
    Grants(system="select"),
    append_only=True,
)
ENTRY: Final = OwnedTable(
    "settlement_entry",
    (
        "day date NOT NULL",
        "merchant_code text NOT NULL",
        "purpose text NOT NULL",
        "debit uuid NOT NULL",
        "credit uuid NOT NULL",
        "amount_fen int8 NOT NULL",
        "at timestamptz NOT NULL",
        "CONSTRAINT settlement_entry_purpose_known CHECK (purpose IN ('terminal_sales', 'charges', 'fee', 'borne', 'payout'))",
        "CONSTRAINT settlement_entry_amount_is_positive CHECK (amount_fen > 0)",
        "CONSTRAINT settlement_entry_between_two CHECK (debit <> credit)",
        "CONSTRAINT settlement_entry_once UNIQUE (shard, merchant_code, day, purpose)",
    ),
    Grants(system="select"),
    append_only=True,
)
MERCHANT: Final = ReferenceTable(
    "merchant_settlement",
    (
        "merchant_code text NOT NULL",
        "day date NOT NULL",
        *(
            f"{kind}_{what} int8 NOT NULL"
            for kind in ("payments", "charges", "refunds", "reversals", "returns", "borne")
            for what in ("count", "fen")
        ),
        "fee_fen int8 NOT NULL",
        "carried_in_fen int8 NOT NULL",
        "payout_fen int8 NOT NULL",
        "carried_out_fen int8 NOT NULL",
        "pay_on date",
        "at timestamptz NOT NULL",
        "CONSTRAINT merchant_settlement_pkey PRIMARY KEY (merchant_code, day)",
        (
            "CONSTRAINT merchant_settlement_pays_or_carries CHECK (payout_fen >= 0 AND carried_out_fen <= 0 AND carried_in_fen <= 0 "
            "AND (payout_fen = 0 OR carried_out_fen = 0))"
        ),
        (
            "CONSTRAINT merchant_settlement_adds_up CHECK (payments_fen + charges_fen - refunds_fen - reversals_fen - returns_fen "
            "+ borne_fen - fee_fen + carried_in_fen = payout_fen + carried_out_fen)"
        ),
    ),
    Grants(system="select, insert"),
    append_only=True,
)
HOLD: Final = ReferenceTable(
    "settlement_hold",
    (
        "transfer_id uuid NOT NULL",
        "discrepancy_id uuid NOT NULL",
        "merchant_code text NOT NULL",
        "amount_fen int8 NOT NULL",
        "held_at timestamptz NOT NULL",
        "released_at timestamptz",
        "CONSTRAINT settlement_hold_pkey PRIMARY KEY (transfer_id, discrepancy_id)",
    ),
    Grants(system="select, insert, update"),
)
DISCREPANCY: Final = ReferenceTable(
    "discrepancy",
    (
        "id uuid NOT NULL",
        "identity text NOT NULL",
        "kind text NOT NULL",
        "day date NOT NULL",
        "merchant_code text",
        "principal text",
        "amount_fen int8",
        "evidence jsonb NOT NULL",
        "department text NOT NULL",
        "state text NOT NULL",
        "found_at timestamptz NOT NULL",
        "last_found_at timestamptz NOT NULL",
        "claimed_by uuid",
        "resolution text",
        "note text",
        "proposed_by uuid",
        "resolved_by uuid",
        "resolved_at timestamptz",
        "CONSTRAINT discrepancy_pkey PRIMARY KEY (id)",
        "CONSTRAINT discrepancy_once UNIQUE (identity)",
        "CONSTRAINT discrepancy_state_known CHECK (state IN ('open', 'claimed', 'proposed', 'resolved', 'ended'))",
        (
            "CONSTRAINT discrepancy_of_two CHECK (state <> 'resolved' OR (proposed_by IS NOT NULL AND resolved_by IS NOT NULL "
            "AND proposed_by <> resolved_by))"
        ),
    ),
    Grants(system="select, insert, update"),
)
STEP: Final = ReferenceTable(
    "discrepancy_step",
    (
        "id uuid NOT NULL",
        "discrepancy_id uuid NOT NULL",
        "at timestamptz NOT NULL",
        "step text NOT NULL",
        "officer_id uuid",
        "resolution text",
        "note text",
        "CONSTRAINT discrepancy_step_pkey PRIMARY KEY (id)",
        "CONSTRAINT discrepancy_step_of FOREIGN KEY (discrepancy_id) REFERENCES discrepancy (id) ON DELETE RESTRICT",
    ),
    Grants(system="select, insert"),
    append_only=True,
)
FILE: Final = ReferenceTable(
    "settlement_file",
    (
        "day date NOT NULL",
        "name text NOT NULL",
        "object_key text NOT NULL",
        "size_bytes int8 NOT NULL",
        "sha256 text NOT NULL",
        "lines int8 NOT NULL",
        "sum_fen int8 NOT NULL",
        "CONSTRAINT settlement_file_pkey PRIMARY KEY (day, name)",
    ),
    Grants(system="select, insert"),
    append_only=True,
)
MANIFEST: Final = ReferenceTable(
    "settlement_manifest",
    (
        "day date NOT NULL",
        "made_at timestamptz NOT NULL",
        "content bytea NOT NULL",
        "sha256 text NOT NULL",
        "signature bytea NOT NULL",
        "certificate text NOT NULL",
        "chain text NOT NULL",
        "CONSTRAINT settlement_manifest_pkey PRIMARY KEY (day)",
    ),
    Grants(system="select, insert"),
    append_only=True,
)

# Another room may have added kinds of its own before: they stay known.
KNOW_ACCOUNTS: Final = """
DO $$
DECLARE
  known text;
BEGIN
  SELECT pg_get_expr(c.conbin, c.conrelid) INTO known FROM pg_constraint c
    WHERE c.conname = 'account_kind_known' AND c.conrelid = 'account'::regclass;
  ALTER TABLE account DROP CONSTRAINT account_kind_known;
  EXECUTE 'ALTER TABLE account ADD CONSTRAINT account_kind_known CHECK (' || known
    || ' OR kind IN (''merchant_payable'', ''fee_income'', ''merchant_payout'', ''issuer_loss''))';
END $$
"""


def _accounts() -> str:
    rows = ", ".join(
        f"('{settling_account(shard, purpose)}', {shard}, '{purpose}')" for shard in SHARDS for purpose in Settling
    )
    return f"INSERT INTO account (id, shard, kind) VALUES {rows}"


async def forwards() -> MigrationManager:
    """Make this room's tables, and each shard's accounts."""
    return migration(
        ID,
        "settlement",
        DESCRIPTION,
        (
            *(DAY_END, DAY, SHARD, TRANSFER, BORNE, ENTRY, MERCHANT, HOLD, DISCREPANCY, STEP, FILE, MANIFEST),
            "CREATE INDEX settled_transfer_day ON settled_transfer (shard, day, merchant_code)",
            "CREATE INDEX settled_transfer_returns ON settled_transfer (shard, returns) WHERE returns IS NOT NULL",
            "CREATE INDEX settled_borne_sale_day ON settled_borne_sale (shard, day, merchant_code)",
            "CREATE INDEX offline_sale_borne ON offline_sale (shard, merchant_code) WHERE state = 'borne'",
            "CREATE INDEX settlement_hold_waiting ON settlement_hold (transfer_id) WHERE released_at IS NULL",
            "CREATE INDEX discrepancy_listed ON discrepancy (department, day DESC, id DESC)",
            "CREATE INDEX discrepancy_step_of_one ON discrepancy_step (discrepancy_id, id)",
            KNOW_ACCOUNTS,
            _accounts(),
        ),
    )
