"""Disputes about payments by the citizen card, and the steps that were taken."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import Grants, OwnedTable, migration

ID = "2026-11-30T13:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Disputes about payments by the citizen card, and the steps that were taken"

STATES: Final = "state IN ('open', 'claimed', 'awaiting_evidence', 'proposed', 'accepted', 'rejected', 'withdrawn')"
UNDECIDED: Final = "state NOT IN ('accepted', 'rejected', 'withdrawn')"

DISPUTE = OwnedTable(
    "card_dispute",
    (
        "citizen_id uuid NOT NULL",
        "transfer_id uuid NOT NULL",
        "opened_at timestamptz NOT NULL",
        "due_on date NOT NULL",
        "reason text NOT NULL",
        "state text NOT NULL",
        "changed_at timestamptz NOT NULL",
        "claimed_by text",
        "evidence_due_on date",
        "proposal text",
        "proposed_fen int8",
        "proposed_by text",
        "return_id uuid",
        "returned_fen int8 NOT NULL DEFAULT 0",
        f"CONSTRAINT card_dispute_state_known CHECK ({STATES})",
        "CONSTRAINT card_dispute_proposal_known CHECK (proposal IN ('accept', 'reject'))",
        "CONSTRAINT card_dispute_is_proposed CHECK (state <> 'proposed' OR (proposal IS NOT NULL AND proposed_by IS NOT NULL))",
        "CONSTRAINT card_dispute_names_money CHECK ((proposal IS NOT DISTINCT FROM 'accept') = (proposed_fen IS NOT NULL))",
        "CONSTRAINT card_dispute_gives_back CHECK (returned_fen >= 0 AND (return_id IS NOT NULL) = (returned_fen > 0))",
    ),
    Grants(citizen="select", system="select, insert, update, delete"),
)

STEP = OwnedTable(
    "card_dispute_step",
    (
        "citizen_id uuid NOT NULL",
        "dispute_id uuid NOT NULL",
        "at timestamptz NOT NULL",
        "step text NOT NULL",
        "actor text NOT NULL",
        "text bytea",
        "CONSTRAINT card_dispute_step_of_dispute FOREIGN KEY (shard, dispute_id) REFERENCES card_dispute (shard, id) ON DELETE RESTRICT",
    ),
    Grants(citizen="select", system="select, insert, delete"),
)


async def forwards() -> MigrationManager:
    """Make the tables; a transaction has one open dispute at most."""
    return migration(
        ID,
        "disputes",
        DESCRIPTION,
        (
            DISPUTE,
            STEP,
            f"CREATE UNIQUE INDEX card_dispute_one_open ON card_dispute (shard, transfer_id) WHERE {UNDECIDED}",
            "CREATE INDEX card_dispute_citizen ON card_dispute (shard, citizen_id, id DESC)",
            f"CREATE INDEX card_dispute_queue ON card_dispute (due_on, id) WHERE {UNDECIDED}",
            "CREATE INDEX card_dispute_steps ON card_dispute_step (shard, dispute_id, id)",
        ),
    )
