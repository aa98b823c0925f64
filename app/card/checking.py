"""Proving the ledger: each check is one statement, so it sees one instant."""

from typing import Final

import msgspec

from app.card.pendings import PENDINGS
from app.card.receipts import SYSTEM
from app.kernel.database import fetch_one, fetch_value, transaction
from app.kernel.settings import Settings

_SUMS: Final = """
WITH moved AS (
  SELECT shard, account, sum(fen) AS fen FROM (
    SELECT shard, credit AS account, amount_fen AS fen FROM transfer
    UNION ALL SELECT shard, debit, -amount_fen FROM transfer
    UNION ALL SELECT shard, credit, amount_fen FROM settlement_entry
    UNION ALL SELECT shard, debit, -amount_fen FROM settlement_entry
  ) m GROUP BY shard, account
)
SELECT count(*) FILTER (WHERE a.id IS NULL) AS orphans,
       count(*) FILTER (WHERE a.id IS NOT NULL AND a.balance_fen <> coalesce(m.fen, 0)) AS wrong,
       count(*) FILTER (WHERE a.kind = 'card' AND a.balance_fen < 0) AS negative,
       coalesce(sum(a.balance_fen), 0)::int8 AS total
FROM account a FULL JOIN moved m ON m.shard = a.shard AND m.account = a.id
"""
_STRANGERS: Final = """
SELECT count(*) FROM transfer t LEFT JOIN account a
  ON a.shard = t.shard AND a.id = CASE WHEN t.kind IN ('payment', 'charge', 'pending') THEN t.debit ELSE t.credit END AND a.citizen_id = t.citizen_id
WHERE a.id IS NULL AND t.kind <> 'pending_posted'
"""
_TOP_UPS: Final = """
SELECT count(*) FROM (SELECT shard, id, amount_fen FROM transfer WHERE kind = 'top_up') t
FULL JOIN (SELECT shard, transfer_id, amount_fen FROM top_up WHERE state = 'paid') o
  ON o.shard = t.shard AND o.transfer_id = t.id AND o.amount_fen = t.amount_fen
WHERE t.id IS NULL OR o.transfer_id IS NULL
"""
_RETURNS: Final = """
SELECT count(*) FROM (SELECT shard, returns, sum(amount_fen) AS fen FROM transfer WHERE kind = 'return' GROUP BY shard, returns) r
LEFT JOIN transfer c ON c.shard = r.shard AND c.id = r.returns AND c.kind = 'charge' AND c.amount_fen >= r.fen WHERE c.id IS NULL
"""
REFUNDS: Final = """
SELECT count(*) FROM (
  SELECT shard, returns, citizen_id, merchant_code, sum(amount_fen) AS fen, count(*) AS times, bool_or(kind = 'reversal') AS reversed
  FROM transfer WHERE kind IN ('refund', 'reversal') GROUP BY shard, returns, citizen_id, merchant_code) r
LEFT JOIN transfer p ON p.shard = r.shard AND p.id = r.returns AND p.kind = 'payment' AND p.citizen_id = r.citizen_id
  AND p.merchant_code = r.merchant_code AND p.amount_fen >= r.fen AND (NOT r.reversed OR (r.times = 1 AND r.fen = p.amount_fen))
WHERE p.id IS NULL
"""
"""Counts payments of which more was given back than they took, or that were reversed and refunded, and what gives none back."""
_PAID_THOUGH_DECLINED: Final = """
SELECT count(*) FROM declined_payment d JOIN transfer t ON t.shard = d.shard AND t.principal = d.principal AND t.sequence = d.sequence
WHERE t.kind = 'payment' AND t.citizen_id = d.citizen_id
"""


class LedgerProof(msgspec.Struct, frozen=True):
    """What was counted; the ledger holds when all but `transfers` is zero."""

    transfers: int
    total_fen: int
    wrong_balances: int
    negative_cards: int
    orphan_transfers: int
    foreign_transfers: int
    unmatched_top_ups: int
    returns_over_charge: int
    refunds_over_payment: int
    paid_though_declined: int
    pendings_ended_wrongly: int

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not any(msgspec.structs.astuple(self)[1:])


class LedgerWrong(Exception):  # noqa: N818 - a finding, named as a fact
    """The books don't agree with themselves; the message says in what."""


async def check_ledger() -> LedgerProof:
    """Count all that must not be: balances that aren't the sum of their transfers, totals off zero, orphans, strangers."""
    async with transaction(SYSTEM):
        sums = await fetch_one(_SUMS)
        counts = [
            await fetch_value(sql) for sql in (_STRANGERS, _TOP_UPS, _RETURNS, REFUNDS, _PAID_THOUGH_DECLINED, PENDINGS)
        ]
        transfers = await fetch_value("SELECT count(*) FROM transfer")
    if sums is None:
        raise LookupError
    return LedgerProof(transfers, sums["total"], sums["wrong"], sums["negative"], sums["orphans"], *counts)


async def ledger_finding(_settings: Settings) -> str:
    """Say for `fuhai check` that the ledger holds; raises `LedgerWrong` with what was counted otherwise."""
    proof = await check_ledger()
    if not proof.holds:
        wrong = {name: count for name, count in msgspec.structs.asdict(proof).items() if count and name != "transfers"}
        raise LedgerWrong(", ".join(f"{name.replace('_', ' ')}: {count}" for name, count in wrong.items()))
    return f"{proof.transfers} transfers, every balance is their sum, the total is zero"
