"""Taking many payments at terminals in one statement of the database: judged, posted, told of and sealed.

The statement takes what the accounts' own rows allow, which say what card and holder are like just now. All else (a repeat, a code that was
used before, whatever may be said against a payment) it leaves out or fails on, and that is then looked into apart.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Final, NamedTuple
from uuid import UUID

import msgspec
from asyncpg import UniqueViolationError

from app.card.classes import CardClass
from app.card.errors import PayerCodeSpent
from app.card.ledger import Outcome
from app.card.limits import LEVELS, most_for
from app.kernel.database import alone

_ARGUMENTS: Final = "$1, $2, $3::payment_asked[], $4, $5, $6, $7"
_TAKE: Final = f"SELECT take_payments({_ARGUMENTS}) AS taken"
_JUDGE: Final = f"SELECT posted, others, became FROM judge_payments({_ARGUMENTS})"
_EARLIER: Final = "SELECT n, outcome, known_id, is_claimed FROM earlier_payments($1, $2, $3, $4, $5, $6)"
_IS_EARLIER: Final = "earlier"


class Payment(NamedTuple):
    """A payment at a terminal to take, as the database's `payment_asked`.

    `code_id`, `shown_micros` (since 1970) and `level` are those of the payer's code; `clearing` is the account of the card's shard that
    is credited. What is `claimed` has its key and number in `terminal_request` already.
    """

    id: UUID
    shard: int
    card_id: UUID
    code_id: UUID
    shown_micros: int
    level: int
    amount_fen: int
    principal: str
    request_key: str
    fingerprint: bytes
    sequence: int
    merchant_code: str
    receipt: bytes
    clearing: UUID
    doubt: str | None = None
    claimed: bool = False


Outcomes = dict[int, Outcome]
"""By the payment's place among those asked for."""


class _Known(msgspec.Struct, frozen=True):
    """What was there before, by the payments' places."""

    outcomes: Outcomes
    spent: Collection[int] = ()
    """By a code that was used before."""
    claimed: Collection[int] = ()
    """Whose key and number stand for just this request already."""


async def take_payments(payments: Sequence[Payment], at: datetime) -> list[Outcome]:
    """Take payments in a transaction of their own; an outcome for each, in order.

    No two may be of one code, or of one terminal's key or number: the database refuses the whole.
    """
    asked = dict(enumerate(payments))
    try:
        outcomes = await _taken(asked, at)
    except UniqueViolationError:
        # A key, a number or a code of the batch is known already. Nothing was written; whose it is shows when all are looked up.
        known = await _looked_up(asked)
        outcomes = known.outcomes | await _judged(_without(asked, known.outcomes), at, known)
    return [outcomes[place] for place in asked]


async def _taken(asked: Mapping[int, Payment], at: datetime) -> Outcomes:
    """Outcomes of all: of most because their accounts allow it; the others are judged. Accounts are changed in the order of their cards."""
    places = sorted(asked, key=lambda place: asked[place].card_id.bytes)
    payments = [asked[place] for place in places]
    (row,) = await alone(_TAKE, at, at.date(), payments, *_limits(at.date()))
    taken = {places[n - 1] for n in row["taken"] or ()}
    outcomes = {place: Outcome("posted", asked[place].id) for place in taken}
    left = _without(asked, taken)
    return outcomes | await _judged(left, at, _Known({}, claimed=left)) if left else outcomes


async def _judged(asked: Mapping[int, Payment], at: datetime, known: _Known) -> Outcomes:
    """Outcomes of all, judged one by one; whatever is paid for from one account goes one after the other."""
    outcomes: Outcomes = {}
    claimed = set(known.claimed)
    while left := _without(asked, outcomes):
        outcomes |= await _judge(left, at, known.spent, claimed)
        claimed.update(left)
    declined = {place: asked[place] for place, outcome in outcomes.items() if outcome.code == _IS_EARLIER}
    return outcomes | (await _looked_up(declined)).outcomes if declined else outcomes


async def _judge(
    asked: Mapping[int, Payment], at: datetime, spent: Collection[int], claimed: Collection[int]
) -> Outcomes:
    """Outcomes of all but those that are paid from an account that another one of them was paid from."""
    places = list(asked)
    payments = [
        one._replace(doubt=one.doubt or PayerCodeSpent.code if place in spent else one.doubt, claimed=place in claimed)
        for place, one in asked.items()
    ]
    (row,) = await alone(_JUDGE, at, at.date(), payments, *_limits(at.date()))
    outcomes = {places[n - 1]: Outcome("posted", payments[n - 1].id) for n in row["posted"] or ()}
    for n, became in zip(row["others"] or (), row["became"] or (), strict=True):
        outcomes[places[n - 1]] = Outcome(became, payments[n - 1].id)
    return outcomes


async def _looked_up(asked: Mapping[int, Payment]) -> _Known:
    """What became of payments earlier, or stands against their keys, numbers and codes."""
    wanted = ("shard", "code_id", "principal", "request_key", "fingerprint", "sequence")
    rows = await alone(_EARLIER, *([getattr(one, name) for one in asked.values()] for name in wanted))
    found = dict(zip(asked, rows, strict=True))
    spent = {place for place, row in found.items() if row["outcome"] == PayerCodeSpent.code and row["known_id"] is None}
    outcomes = {
        place: Outcome(row["outcome"], row["known_id"] or asked[place].id)
        for place, row in found.items()
        if row["outcome"] is not None and place not in spent
    }
    return _Known(outcomes, spent, {place for place, row in found.items() if row["is_claimed"]})


def _without(asked: Mapping[int, Payment], done: Collection[int]) -> Mapping[int, Payment]:
    return {place: payment for place, payment in asked.items() if place not in done}


@lru_cache(maxsize=2)
def _limits(day: date) -> tuple[list[object], ...]:
    """The classes of card, and what each may spend on a day in one payment, the day and the month: by class, and by level from 1 on."""
    levels = range(1, LEVELS[-1] + 1)
    most = [[most_for(one, max(level, LEVELS[0]), day) for level in levels] for one in CardClass]
    figures = ("payment_fen", "day_fen", "month_fen")
    by_figure: list[list[object]] = [[[getattr(one, figure) for one in row] for row in most] for figure in figures]
    return ([one.value for one in CardClass], *by_figure)
