"""Proving the ledger: each check is one statement, so it sees one instant.

The transfers are read once, added up by their accounts, and what follows is read from those sums; what is rare is found by its index.
"""

import hashlib
from datetime import date
from typing import Final

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from app.card.ledger_days import LedgerDay, Sealed, sealed_days, shards_of
from app.card.pendings import PENDINGS
from app.card.receipts import SYSTEM
from app.kernel.database import execute, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.settings import Settings

_ECDSA: Final = ec.ECDSA(hashes.SHA256())
_BOOKS: Final = """
WITH moved AS MATERIALIZED (
  SELECT shard, debit, credit, citizen_id, kind, sum(amount_fen)::int8 AS fen, count(*) AS times FROM transfer GROUP BY 1, 2, 3, 4, 5
), legs AS (
  SELECT shard, account, sum(fen) AS fen FROM (
    SELECT shard, credit AS account, fen FROM moved
    UNION ALL SELECT shard, debit, -fen FROM moved
    UNION ALL SELECT shard, credit, amount_fen FROM settlement_entry
    UNION ALL SELECT shard, debit, -amount_fen FROM settlement_entry
  ) m GROUP BY shard, account
), foreigners AS (
  SELECT coalesce(sum(m.times), 0)::int8 AS times FROM moved m LEFT JOIN account a
    ON a.shard = m.shard AND a.id = CASE WHEN m.kind IN ('payment', 'charge', 'pending') THEN m.debit ELSE m.credit END AND a.citizen_id = m.citizen_id
  WHERE a.id IS NULL AND m.kind <> 'pending_posted'
)
SELECT count(*) FILTER (WHERE a.id IS NULL) AS orphans,
       count(*) FILTER (WHERE a.id IS NOT NULL AND a.balance_fen <> coalesce(m.fen, 0)) AS wrong,
       count(*) FILTER (WHERE a.kind = 'card' AND a.balance_fen < 0) AS negative,
       coalesce(sum(a.balance_fen), 0)::int8 AS total,
       (SELECT times FROM foreigners) AS foreigners,
       (SELECT coalesce(sum(times), 0)::int8 FROM moved) AS transfers,
       (SELECT coalesce(sum(times), 0)::int8 FROM moved WHERE kind = 'top_up') AS top_ups
FROM account a FULL JOIN legs m ON m.shard = a.shard AND m.account = a.id
"""
_TOP_UPS: Final = """
SELECT count(*) AS paid, count(*) FILTER (WHERE t.id IS NOT NULL) AS matched, count(DISTINCT (o.shard, o.transfer_id)) AS transfers
FROM top_up o LEFT JOIN transfer t ON t.shard = o.shard AND t.id = o.transfer_id AND t.kind = 'top_up' AND t.amount_fen = o.amount_fen
WHERE o.transfer_id IS NOT NULL
"""
_RETURNS: Final = """
SELECT count(*) FROM (
  SELECT shard, returns, sum(amount_fen) AS fen FROM transfer WHERE returns IS NOT NULL AND kind = 'return' GROUP BY shard, returns) r
LEFT JOIN transfer c ON c.shard = r.shard AND c.id = r.returns AND c.kind = 'charge' AND c.amount_fen >= r.fen WHERE c.id IS NULL
"""
REFUNDS: Final = """
SELECT count(*) FROM (
  SELECT shard, returns, citizen_id, merchant_code, sum(amount_fen) AS fen, count(*) AS times, bool_or(kind = 'reversal') AS reversed
  FROM transfer WHERE returns IS NOT NULL AND kind IN ('refund', 'reversal') GROUP BY shard, returns, citizen_id, merchant_code) r
LEFT JOIN transfer p ON p.shard = r.shard AND p.id = r.returns AND p.kind = 'payment' AND p.citizen_id = r.citizen_id
  AND p.merchant_code = r.merchant_code AND p.amount_fen >= r.fen AND (NOT r.reversed OR (r.times = 1 AND r.fen = p.amount_fen))
WHERE p.id IS NULL
"""
"""Counts payments of which more was given back than they took, or that were reversed and refunded, and what gives none back."""
_PAID_THOUGH_DECLINED: Final = """
SELECT count(*) FROM declined_payment d JOIN transfer t ON t.shard = d.shard AND t.principal = d.principal AND t.sequence = d.sequence
WHERE t.kind = 'payment' AND t.citizen_id = d.citizen_id
"""
_MEANS_OTHERWISE: Final = """
SELECT count(*) FROM account a
LEFT JOIN card c ON c.shard = a.shard AND c.account_id = a.id LEFT JOIN resident r ON r.shard = c.shard AND r.id = c.citizen_id
WHERE a.kind = 'card' AND CASE WHEN c.id IS NULL THEN a.paying_card IS NOT NULL ELSE
  a.paying_card IS DISTINCT FROM CASE c.state WHEN 'active' THEN c.id END OR a.card_class IS DISTINCT FROM c.card_class
  OR a.most_month_fen IS DISTINCT FROM least(c.own_month_fen, c.raised_month_fen)
  OR a.most_day_fen IS DISTINCT FROM least(a.most_month_fen, c.own_day_fen, c.raised_day_fen)
  OR a.most_payment_fen IS DISTINCT FROM least(a.most_day_fen, c.own_payment_fen, c.raised_payment_fen)
  OR a.shown_from IS DISTINCT FROM CASE WHEN coalesce(r.frozen_at, r.died_on) IS NOT NULL THEN 9223372036854775807
    ELSE coalesce(extract(epoch FROM r.means_from) * 1000000, 0) END END
"""
_BY_DAY: Final = """
SELECT (at AT TIME ZONE 'Asia/Shanghai')::date AS day, count(*) AS transfers, sum(amount_fen)::int8 AS moved_fen FROM transfer GROUP BY 1
"""


_RARE: Final = {
    "returns_over_charge": _RETURNS,
    "refunds_over_payment": REFUNDS,
    "paid_though_declined": _PAID_THOUGH_DECLINED,
    "means_otherwise": _MEANS_OTHERWISE,
    "pendings_ended_wrongly": PENDINGS,
}


class LedgerProof(msgspec.Struct, frozen=True):
    """What was counted; the ledger holds when all but the first two is zero."""

    transfers: int
    closed_days: int
    total_fen: int
    wrong_balances: int
    negative_cards: int
    orphan_transfers: int
    foreign_transfers: int
    unmatched_top_ups: int
    returns_over_charge: int
    refunds_over_payment: int
    paid_though_declined: int
    means_otherwise: int
    pendings_ended_wrongly: int
    days_otherwise: int

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not any(msgspec.structs.astuple(self)[2:])


class LedgerWrong(Exception):  # noqa: N818 - a finding, named as a fact
    """The books don't agree with themselves; the message says in what."""


async def check_ledger(*, every_transfer: bool = False) -> LedgerProof:
    """Count all that must not be: balances that aren't the sum of their transfers, totals off zero, orphans, strangers, days that changed.

    Of closed days the sums are added up anew; the digests of the last one, or with `every_transfer` of all.
    """
    async with transaction(SYSTEM):
        await execute("SET LOCAL work_mem = '256MB'")
        books, top_ups = await fetch_one(_BOOKS), await fetch_one(_TOP_UPS)
        rare = {name: await fetch_value(sql) for name, sql in _RARE.items()}
        by_day = {row["day"]: (row["transfers"], row["moved_fen"]) for row in await fetch_all(_BY_DAY)}
    if books is None or top_ups is None:
        raise LookupError
    days = await sealed_days()
    unmatched = top_ups["paid"] - top_ups["matched"] + abs(books["top_ups"] - top_ups["transfers"])
    return LedgerProof(
        transfers=books["transfers"],
        closed_days=len(days),
        total_fen=books["total"],
        wrong_balances=books["wrong"],
        negative_cards=books["negative"],
        orphan_transfers=books["orphans"],
        foreign_transfers=books["foreigners"],
        unmatched_top_ups=unmatched,
        days_otherwise=len(_otherwise(days, by_day) | await _changed(days if every_transfer else days[-1:])),
        **rare,
    )


def _otherwise(days: list[Sealed], by_day: dict[date, tuple[int, int]]) -> set[date]:
    """The closed days that don't follow the one before, whose seal doesn't hold, or whose sums are others now; and days left out."""
    wrong, previous, expected = set(), None, None
    for one in days:
        stated = msgspec.json.decode(one.statement, type=LedgerDay)
        follows = previous is None or stated.previous == hashlib.sha256(previous).hexdigest()
        in_order = expected is None or one.day.toordinal() == expected
        sums = by_day.get(one.day, (0, 0)) == (stated.transfers, stated.moved_fen)
        if not (follows and in_order and sums and stated.day == one.day and _seal_holds(one)):
            wrong.add(one.day)
        previous, expected = one.statement, one.day.toordinal() + 1
    first = days[0].day if days else date.max
    return wrong | {day for day in by_day if day < first and days}


async def _changed(days: list[Sealed]) -> set[date]:
    """The closed days of which a transfer isn't what it was."""
    return {
        one.day for one in days if await shards_of(one.day) != msgspec.json.decode(one.statement, type=LedgerDay).shards
    }


def _seal_holds(one: Sealed) -> bool:
    key = x509.load_pem_x509_certificate(one.seal.certificate.encode()).public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    try:
        key.verify(one.seal.signature, one.statement, _ECDSA)
    except InvalidSignature:
        return False
    return True


async def ledger_finding(_settings: Settings) -> str:
    """Say for `fuhai check` that the ledger holds; raises `LedgerWrong` with what was counted otherwise."""
    return told(await check_ledger())


def told(proof: LedgerProof) -> str:
    """Say that a ledger holds; raises `LedgerWrong` with what was counted otherwise."""
    if not proof.holds:
        wrong = {name: count for name, count in list(msgspec.structs.asdict(proof).items())[2:] if count}
        raise LedgerWrong(", ".join(f"{name.replace('_', ' ')}: {count}" for name, count in wrong.items()))
    return f"{proof.transfers} transfers, every balance is their sum, the total is zero; {proof.closed_days} closed days follow each other"
