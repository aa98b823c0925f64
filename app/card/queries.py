"""Reading what moved on a card."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final, get_args
from uuid import UUID

import msgspec

from app.card.categories import COMING, Group, group_of
from app.card.marks import marks_of
from app.card.merchants import words_of
from app.card.merchants_met import among_merchants
from app.card.months import begin, next_month
from app.card.receipts import SYSTEM
from app.card.spending_structs import Wanted, month_named
from app.card.structs import (
    PAYING,
    DisputeMark,
    TransactionView,
    TransferKind,
)
from app.kernel.actors import Citizen
from app.kernel.database import Row, fetch_all, fetch_one, transaction
from app.kernel.ids import lowest_id, shard_of
from app.kernel.paging import Page, after_id, page
from app.kernel.words import Words
from app.records.errors import PeriodReversed

_COLUMNS: Final = (
    "t.id, t.at, t.kind, t.amount_fen, t.citizen_id, t.merchant_code, t.returns, m.name_zh, m.name_en, m.mcc"
)
_FROM: Final = "FROM transfer t LEFT JOIN merchant m ON m.code = t.merchant_code"
_LIST: Final = f"""
SELECT {_COLUMNS} {_FROM} WHERE t.shard = $1 AND t.citizen_id = $2 AND t.id >= $3 AND t.id < $4 AND t.at >= $5 AND t.at < $6
AND t.kind <> 'pending_posted' AND ($7::text[] IS NULL OR t.kind = ANY ($7)) AND ($8::text[] IS NULL OR t.merchant_code = ANY ($8)) ORDER BY t.id DESC LIMIT $9
"""
_FIRST: Final = date(2000, 1, 1)
_LAST: Final = date(2100, 1, 1)
_DAY: Final = timedelta(days=1)
_KINDS: Final[tuple[TransferKind, ...]] = get_args(TransferKind)
ALL: Final = Wanted()
"""Every movement."""


class Movement(msgspec.Struct, frozen=True):
    """A transfer as other rooms tell of it (a notice, a line in the record). It is its own receipt's id."""

    id: UUID
    citizen_id: UUID
    at: datetime
    kind: TransferKind
    amount_fen: int
    merchant_code: str | None
    merchant: Words | None


async def transactions(citizen: Citizen, cursor: str | None, limit: int, wanted: Wanted = ALL) -> Page[TransactionView]:
    """The movements on the citizen's card, newest first; of some months (both included), a kind, a merchant, a category, a name.

    Refuses `CursorWrong`, and `PeriodReversed` for a first month after the last.
    """
    since, until = _period(wanted)
    async with transaction(citizen):
        among = await among_merchants(citizen, wanted) if wanted.names_merchants else None
        if among is not None:
            since, until = max(since, among.since), min(until, among.until)
        latest = lowest_id(until + _DAY)
        rows = await fetch_all(
            _LIST,
            *(shard_of(citizen.id), citizen.id, lowest_id(since - _DAY), min(after_id(cursor) or latest, latest)),
            *(since, until, _kinds(wanted), among and among.codes, limit + 1),
        )
        disputed = await marks_of(citizen, [row["id"] for row in rows if row["kind"] in PAYING])
    return page([_view(row, disputed) for row in rows], limit, rows[limit - 1]["id"] if len(rows) > limit else None)


async def payment(transfer_id: UUID) -> Movement | None:
    """What a transfer was, for the subscribers of events about it; nothing if there is none of that id."""
    async with transaction(SYSTEM):
        row = await fetch_one(
            f"SELECT {_COLUMNS} {_FROM} WHERE t.shard = $1 AND t.id = $2", shard_of(transfer_id), transfer_id
        )
    if row is None:
        return None
    return Movement(
        id=row["id"],
        citizen_id=row["citizen_id"],
        at=row["at"],
        kind=row["kind"],
        amount_fen=row["amount_fen"],
        merchant_code=row["merchant_code"],
        merchant=words_of(row),
    )


def _view(row: Row, disputed: Mapping[UUID, DisputeMark]) -> TransactionView:
    return TransactionView(
        id=row["id"],
        at=row["at"],
        kind=row["kind"],
        direction="out" if row["kind"] in PAYING else "in",
        amount_fen=row["amount_fen"],
        merchant_code=row["merchant_code"],
        merchant=words_of(row),
        category=group_of(row["kind"], row["mcc"], coming=row["kind"] not in PAYING),
        receipt_id=row["id"],
        of_transaction_id=row["returns"],
        dispute=disputed.get(row["id"]),
    )


def _period(wanted: Wanted) -> tuple[datetime, datetime]:
    """From when on, and until before when."""
    first = month_named(wanted.first_month) if wanted.first_month else _FIRST
    after = next_month(month_named(wanted.last_month)) if wanted.last_month else _LAST
    if first >= after:
        raise PeriodReversed
    return begin(first), begin(after)


def _kinds(wanted: Wanted) -> list[TransferKind] | None:
    """Which kinds are looked for; all if nothing says."""
    if wanted.kind is None and wanted.category is None:
        return None
    return [kind for kind in _KINDS if wanted.kind in {None, kind} and _fits(kind, wanted.category)]


def _fits(kind: TransferKind, category: Group | None) -> bool:
    if category is None:
        return True
    coming = kind not in PAYING
    return group_of(kind, None, coming=coming) == category if coming else category not in COMING
