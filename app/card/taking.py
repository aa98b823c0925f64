"""Taking many payments at terminals in one statement of the database: judged, posted, told of and sealed.

The statement looks up only what every payment needs. What is seldom (a repeat, a code that was used before, an account that another
transaction changes) it leaves out or fails on, and that is then looked into apart.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

import msgspec
from asyncpg import UniqueViolationError

from app.card.accounts import Clearing, clearing_account
from app.card.classes import CardClass
from app.card.errors import PayerCodeSpent
from app.card.ledger import Outcome
from app.card.limits import LEVELS, most_for
from app.kernel.database import alone
from app.kernel.ids import shard_of

_TAKE: Final = f"SELECT posted, others, became FROM take_payments({', '.join(f'${number}' for number in range(1, 25))})"
_EARLIER: Final = "SELECT n, outcome, known_id, is_claimed FROM earlier_payments($1, $2, $3, $4, $5, $6)"
_IS_EARLIER: Final = "earlier"


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """A payment at a terminal to take: `code_id`, `shown_micros` (since 1970) and `level` are those of the payer's code."""

    id: UUID
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
    doubt: str | None
    receipt: bytes


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
        outcomes = known.outcomes | await _taken(_without(asked, known.outcomes), at, known)
    return [outcomes[place] for place in asked]


async def _taken(asked: Mapping[int, Payment], at: datetime, known: _Known | None = None) -> Outcomes:
    """Outcomes of all. What is claimed already is taken patiently: no claim of its own keeps a reversal from coming between."""
    outcomes = await _take(asked, at, known or _Known({}), patient=known is not None)
    while len(outcomes) < len(asked):
        left = _without(asked, outcomes)
        spent = known.spent if known else ()
        outcomes |= await _take(left, at, _Known({}, spent, left), patient=True)
    declined = {place: asked[place] for place, outcome in outcomes.items() if outcome.code == _IS_EARLIER}
    return outcomes | (await _looked_up(declined)).outcomes if declined else outcomes


async def _take(asked: Mapping[int, Payment], at: datetime, known: _Known, *, patient: bool) -> Outcomes:
    """Outcomes of all but those whose account changed meanwhile, which it can't if the statement is `patient`, or is paid from twice."""
    if not asked:
        return {}
    places, payments = list(asked), list(asked.values())
    columns = _columns(payments)
    columns["doubt"] = [
        one.doubt or PayerCodeSpent.code if place in known.spent else one.doubt for place, one in asked.items()
    ]
    claims = [place not in known.claimed for place in places]
    (row,) = await alone(_TAKE, patient, at, at.date(), *columns.values(), claims, *_limits(at.date()))
    outcomes = {places[n - 1]: Outcome("posted", payments[n - 1].id) for n in row["posted"] or ()}
    for n, became in zip(row["others"] or (), row["became"] or (), strict=True):
        outcomes[places[n - 1]] = Outcome(became, payments[n - 1].id)
    return outcomes


def _columns(payments: Sequence[Payment]) -> dict[str, list[object]]:
    shards = [shard_of(one.card_id) for one in payments]
    return {
        "id": [one.id for one in payments],
        "shard": [*shards],
        "card_id": [one.card_id for one in payments],
        "code_id": [one.code_id for one in payments],
        "shown_micros": [one.shown_micros for one in payments],
        "level": [one.level for one in payments],
        "amount_fen": [one.amount_fen for one in payments],
        "principal": [one.principal for one in payments],
        "request_key": [one.request_key for one in payments],
        "fingerprint": [one.fingerprint for one in payments],
        "sequence": [one.sequence for one in payments],
        "merchant_code": [one.merchant_code for one in payments],
        "doubt": [one.doubt for one in payments],
        "receipt": [one.receipt for one in payments],
        "clearing": [clearing_account(shard, Clearing.TERMINAL) for shard in shards],
    }


async def _looked_up(asked: Mapping[int, Payment]) -> _Known:
    """What became of payments earlier, or stands against their keys, numbers and codes."""
    places, columns = list(asked), _columns(list(asked.values()))
    wanted = ("shard", "code_id", "principal", "request_key", "fingerprint", "sequence")
    rows = await alone(_EARLIER, *(columns[name] for name in wanted))
    found = dict(zip(places, rows, strict=True))
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
    """What each class of card may spend by codes of each level on a day, as columns."""
    most = [(card_class, level, most_for(card_class, level, day)) for card_class in CardClass for level in LEVELS]
    rows = [(one.value, level, limits.payment_fen, limits.day_fen, limits.month_fen) for one, level, limits in most]
    return tuple(map(list, zip(*rows, strict=True)))
