"""What the ledger has of one terminal's business day."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final

import msgspec

from app.kernel.actors import Terminal
from app.kernel.database import Row, fetch_all, fetch_one, fetch_value
from app.kernel.ids import SHARDS
from app.settlement.day_end_structs import DayEnd, KnownOfflineTotals, KnownTotals, Numbers
from app.settlement.days import ONE_DAY, begins_at, ends_at

MOST_RANGES: Final = 100
# The number with which the days before were closed, as far as it was known here. Money is looked for above the close of the day before
# last, since a reversal is of a payment of a day ago at the most.
_FLOOR: Final = """
SELECT coalesce(max(least((told ->> 'last_sequence')::int8, (answer ->> 'last_sequence')::int8)), 0) FROM terminal_day_end
WHERE principal = $1 AND day < $2
"""
_MOVED: Final = """
WITH own AS MATERIALIZED (
  SELECT t.shard, t.id, t.kind, t.amount_fen, t.at FROM transfer t
  WHERE t.shard = ANY ($1::int4[]) AND t.principal = $2 AND t.sequence > $3)
SELECT m.kind, count(*) AS count, sum(m.amount_fen)::int8 AS fen FROM (
  SELECT o.kind, o.amount_fen FROM own o WHERE o.kind IN ('payment', 'refund') AND o.at >= $4 AND o.at < $5
  UNION ALL
  SELECT r.kind, r.amount_fen FROM own o JOIN transfer r ON r.shard = o.shard AND r.returns = o.id
  WHERE r.kind = 'reversal' AND r.principal = $2 AND r.at >= $4 AND r.at < $5) m
GROUP BY m.kind
"""
_DECLINED: Final = """
SELECT count(*) FROM declined_payment d
WHERE d.shard = ANY ($1::int4[]) AND d.principal = $2 AND d.sequence > $3 AND d.at >= $4 AND d.at < $5 AND d.reason <> 'payment_reversed'
"""
_NUMBERS: Final = """
SELECT n.sequence, min(n.at) AS at, bool_or(n.posted) AS posted FROM (
  SELECT t.sequence, t.at, true AS posted FROM transfer t WHERE t.shard = ANY ($1::int4[]) AND t.principal = $2 AND t.sequence > $3
  UNION ALL SELECT d.sequence, d.at, false FROM declined_payment d
    WHERE d.shard = ANY ($1::int4[]) AND d.principal = $2 AND d.sequence > $3
  UNION ALL SELECT r.sequence, r.at, false FROM terminal_request r WHERE r.principal = $2 AND r.sequence > $3) n
GROUP BY n.sequence
"""
_OFFLINE: Final = """
SELECT count(*) AS count, coalesce(sum(s.amount_fen), 0)::int8 AS fen FROM offline_sale s
WHERE s.shard = ANY ($1::int4[]) AND s.principal = $2 AND s.received_at >= $3 AND s.received_at < $4 AND s.state <> 'refused'
"""
_BATCHES: Final = """
SELECT coalesce(max(b.batch_number), 0)::int8 AS batch, coalesce(max(b.last_counter), 0)::int8 AS counter
FROM offline_batch b WHERE b.principal = $1 AND b.received_at < $2 AND b.state IN ('received', 'judged')
"""
_MISSING_BATCHES: Final = """
SELECT b.batch_number - 1 AS missing FROM (
  SELECT DISTINCT batch_number FROM offline_batch WHERE principal = $1 AND received_at < $2) b
WHERE b.batch_number > 1 AND NOT EXISTS (
  SELECT 1 FROM offline_batch p WHERE p.principal = $1 AND p.received_at < $2 AND p.batch_number = b.batch_number - 1)
ORDER BY 1 LIMIT 100
"""
_NONE: Final = KnownTotals(0, 0)


class Booked(msgspec.Struct, frozen=True):
    """What is known of a terminal's day: money by kind, declines, offline sales, and which numbers it is known to have used."""

    moved: dict[str, KnownTotals]
    declined_count: int
    offline: KnownOfflineTotals
    floor: int
    numbers: frozenset[int]
    """All that are known above `floor`, later days' too."""
    of_day: frozenset[int]
    """Those of them that were used before the day's end."""
    posted: frozenset[int]
    """Those by which money moved."""

    def of(self, kind: str) -> KnownTotals:
        """Of one kind of transfer."""
        return self.moved.get(kind, _NONE)


async def booked(terminal: Terminal, day: date) -> Booked:
    """Look at one terminal's business day, in the system transaction in progress."""
    begins, ends, shards, who = begins_at(day), ends_at(day), list(SHARDS), terminal.principal
    floor: int = await fetch_value(_FLOOR, who, day)
    reach: int = await fetch_value(_FLOOR, who, day - ONE_DAY)
    moved = await fetch_all(_MOVED, shards, who, reach, begins, ends)
    numbers = await fetch_all(_NUMBERS, shards, who, floor)
    return Booked(
        moved={row["kind"]: KnownTotals(row["count"], row["fen"]) for row in moved},
        declined_count=await fetch_value(_DECLINED, shards, who, reach, begins, ends),
        offline=await _offline(who, begins, ends),
        floor=floor,
        numbers=frozenset(row["sequence"] for row in numbers),
        of_day=frozenset(row["sequence"] for row in numbers if row["at"] < ends),
        posted=frozenset(row["sequence"] for row in numbers if row["posted"]),
    )


async def _offline(principal: str, begins: datetime, ends: datetime) -> KnownOfflineTotals:
    sold = _there(await fetch_one(_OFFLINE, list(SHARDS), principal, begins, ends))
    last = _there(await fetch_one(_BATCHES, principal, ends))
    missing = await fetch_all(_MISSING_BATCHES, principal, ends)
    return KnownOfflineTotals(
        sold["count"], sold["fen"], last["counter"], last["batch"], [row["missing"] for row in missing]
    )


def _there(row: Row | None) -> Row:
    if row is None:
        raise LookupError
    return row


def missing_numbers(known: Iterable[int], floor: int, last: int, unused: Iterable[int]) -> list[Numbers]:
    """The numbers up to `last` that aren't known and weren't told as unused; at most a hundred ranges.

    They begin after the close of the day before (`floor`), or with the first number that is known of a terminal that never closed one.
    """
    explained = sorted({*known, *unused})
    if not explained and not floor:
        return [Numbers(1, last)] if last else []
    begin = floor or explained[0] - 1
    within = [number for number in explained if begin < number <= last]
    bounds = zip([begin, *within], [*within, last + 1], strict=True)
    return [Numbers(low + 1, high - 1) for low, high in bounds if high - low > 1][:MOST_RANGES]


def unexpected_numbers(told: DayEnd, found: Booked) -> list[int]:
    """Numbers used before the day's end that lie above the terminal's last, and those by which money moved that it told as unused."""
    above = {number for number in found.of_day if number > told.last_sequence}
    return sorted(above | (found.posted & set(told.unused_sequences)))[:MOST_RANGES]


def differences(told: DayEnd, found: Booked) -> list[str]:
    """What the terminal's totals and the ledger's differ in, by the names of the fields."""
    pairs: dict[str, tuple[object, object]] = {}
    for name, kind in (("payments", "payment"), ("refunds", "refund"), ("reversals", "reversal")):
        said, known = getattr(told, name), found.of(kind)
        pairs[f"{name}.count"] = (said.count, known.count)
        pairs[f"{name}.total_fen"] = (said.total_fen, known.total_fen)
    pairs |= _offline_pairs(told, found.offline)
    return [name for name, (said, known) in pairs.items() if said != known]


def _offline_pairs(told: DayEnd, known: KnownOfflineTotals) -> dict[str, tuple[object, object]]:
    said = told.offline
    fields: Sequence[str] = ("count", "total_fen", "last_counter", "last_batch")
    if said is None:
        return {f"offline.{field}": (0, getattr(known, field)) for field in fields[:2]}
    pairs: dict[str, tuple[object, object]] = {
        f"offline.{field}": (getattr(said, field), getattr(known, field)) for field in fields
    }
    return pairs | {"offline.missing_batches": ([], known.missing_batches)}
