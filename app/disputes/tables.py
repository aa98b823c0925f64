"""Disputes and what was done with each."""

from piccolo.columns import UUID, BigInt, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class CardDispute(Table, tablename="card_dispute"):
    """A transaction that its payer disputes; one at a time. `return_id` is the transfer that gave money back."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    transfer_id = UUID(default=None)
    opened_at = Timestamptz(default=None)
    due_on = Date(default=None)
    reason = Text(default=None)
    state = Text(default=None)
    changed_at = Timestamptz(default=None)
    claimed_by = Text(default=None, null=True)
    evidence_due_on = Date(default=None, null=True)
    proposal = Text(default=None, null=True)
    proposed_fen = BigInt(default=None, null=True)
    proposed_by = Text(default=None, null=True)
    return_id = UUID(default=None, null=True)
    returned_fen = BigInt(default=0)


class CardDisputeStep(Table, tablename="card_dispute_step"):
    """One step that was taken, by whom, and what was said; the text is under the payer's key."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    dispute_id = UUID(default=None)
    at = Timestamptz(default=None)
    step = Text(default=None)
    actor = Text(default=None)
    text = Bytea(default=None, null=True)
