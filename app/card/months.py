"""A card's months (in Shanghai): what lay on it before, and what came and went, by kind and merchant.

A month that is over never changes, so it is added up once, when first asked for, and kept: whoever asks reads at most the movements of
one month, however many years the card has. All functions here run in a system transaction in progress.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

import msgspec

from app.card.limits import limit_on
from app.kernel import clock
from app.kernel.database import Row, execute, fetch_all, fetch_value
from app.kernel.ids import lowest_id, new_id, shard_of

_DAY: Final = timedelta(days=1)
_KEPT: Final = "SELECT month, opening_fen, totals FROM card_month WHERE shard = $1 AND citizen_id = $2 ORDER BY shard, citizen_id, month"
_COUNT: Final = """
SELECT date_trunc('month', t.at AT TIME ZONE 'Asia/Shanghai')::date AS month, t.kind, t.merchant_code, t.credit = $3 AS coming,
    count(*) AS count, sum(t.amount_fen)::int8 AS fen
FROM transfer t WHERE t.shard = $1 AND t.citizen_id = $2 AND t.id >= $4 AND t.at >= $5 AND $3 IN (t.debit, t.credit) GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""
_KEEP: Final = """
INSERT INTO card_month (id, shard, citizen_id, month, opening_fen, totals)
SELECT id, $1, $2, month, opening_fen, totals::jsonb FROM unnest($3::uuid[], $4::date[], $5::int8[], $6::text[]) AS m (id, month, opening_fen, totals)
ON CONFLICT ON CONSTRAINT card_month_once DO NOTHING
"""
_LEFT: Final = """
SELECT a.balance_fen - coalesce((SELECT sum(CASE WHEN t.credit = a.id THEN t.amount_fen ELSE -t.amount_fen END) FROM transfer t
    WHERE t.shard = a.shard AND t.citizen_id = a.citizen_id AND a.id IN (t.debit, t.credit) AND t.id >= $3 AND t.at >= $4), 0)::int8
FROM account a WHERE a.shard = $1 AND a.id = $2
"""


class Total(msgspec.Struct, frozen=True):
    """The movements of a month of one kind, with one merchant, in one direction."""

    kind: str
    merchant_code: str | None
    coming: bool
    count: int
    fen: int


class Month(msgspec.Struct, frozen=True):
    """A month of a card; `month` is its first day."""

    month: date
    opening_fen: int
    totals: tuple[Total, ...]

    @property
    def closing_fen(self) -> int:
        """What lies on the card at its end."""
        return self.opening_fen + sum(one.fen if one.coming else -one.fen for one in self.totals)


async def months_of(card: Row) -> list[Month]:
    """All months of a card, from the one in which it was opened to the present one; those that are over are kept now."""
    kept = await _kept(card["citizen_id"])
    first = next_month(kept[-1].month) if kept else month_of(card["opened_at"])
    counted = await _counted(card, first)
    fresh = list(_chained(first, kept[-1].closing_fen if kept else 0, counted))
    await _keep(card["citizen_id"], [one for one in fresh if is_over(one.month)])
    return [*kept, *fresh]


async def left_before(card: Row, month: date) -> int:
    """What the ledger says lay on the card when a month began: its balance less all that moved since, of one moment."""
    since = begin(month)
    left: int = await fetch_value(
        _LEFT, shard_of(card["account_id"]), card["account_id"], lowest_id(since - _DAY), since
    )
    return left


def is_over(month: date) -> bool:
    """Whether nothing can come into a month any more."""
    return clock.now() >= ready_at(month)


def ready_at(month: date) -> datetime:
    """When a month is over: some minutes after its end, so that whatever was asked for before is posted."""
    end = begin(next_month(month))
    return end + timedelta(minutes=limit_on(end.date(), "month_ends_after_minutes"))


def month_of(at: datetime) -> date:
    """The month of an instant, in Shanghai."""
    return clock.local(at).date().replace(day=1)


def next_month(month: date) -> date:
    """The month after."""
    return (month + timedelta(days=31)).replace(day=1)


def begin(month: date) -> datetime:
    """The instant at which a month begins, in Shanghai."""
    return datetime.combine(month, time(), clock.SHANGHAI)


async def _kept(citizen_id: UUID) -> list[Month]:
    rows = await fetch_all(_KEPT, shard_of(citizen_id), citizen_id)
    return [
        Month(row["month"], row["opening_fen"], msgspec.json.decode(row["totals"], type=tuple[Total, ...]))
        for row in rows
    ]


async def _counted(card: Row, first: date) -> Mapping[date, tuple[Total, ...]]:
    since, owner = begin(first), card["citizen_id"]
    rows = await fetch_all(_COUNT, shard_of(owner), owner, card["account_id"], lowest_id(since - _DAY), since)
    found: dict[date, tuple[Total, ...]] = defaultdict(tuple)
    for row in rows:
        total = Total(row["kind"], row["merchant_code"], row["coming"], row["count"], row["fen"])
        found[row["month"]] += (total,)
    return found


def _chained(first: date, opening_fen: int, counted: Mapping[date, tuple[Total, ...]]) -> Iterable[Month]:
    month, present = first, month_of(clock.now())
    while month <= present:
        one = Month(month, opening_fen, counted.get(month, ()))
        yield one
        month, opening_fen = next_month(month), one.closing_fen


async def _keep(citizen_id: UUID, months: Sequence[Month]) -> None:
    if months:
        await execute(
            _KEEP,
            *(shard_of(citizen_id), citizen_id, [new_id(citizen_id) for _ in months], [one.month for one in months]),
            [one.opening_fen for one in months],
            [msgspec.json.encode(one.totals).decode() for one in months],
        )
