"""Taking many payments at terminals in one statement of the database: judged, posted, told of and sealed.

The statement waits for nobody and looks up only what every payment needs. What is seldom (a repeat, a code that was used before, an
account that another transaction holds) it leaves out or fails on, and that is then looked into apart.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

import msgspec
from asyncpg import UniqueViolationError

from app.card.accounts import Clearing, clearing_account
from app.card.classes import CardClass
from app.card.errors import PayerCodeSpent, PayerCodeWrong
from app.card.ledger import Outcome
from app.card.limits import LEVELS, most_for
from app.kernel.database import alone
from app.kernel.ids import shard_of

_TAKE: Final = f"SELECT posted, others, became FROM take_payments({', '.join(f'${number}' for number in range(1, 24))})"
_EARLIER: Final = "SELECT n, outcome, known_id FROM earlier_payments($1, $2, $3, $4, $5, $6)"
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


async def take_payments(payments: Sequence[Payment], at: datetime, repeats: Collection[int] = ()) -> list[Outcome]:
    """Take payments in a transaction of their own; an outcome for each, in order. `repeats` are the places of what may have come before.

    No two may be from one account, or of one code, or of one terminal's key or number: the database refuses the whole.
    """
    outcomes, spent = await _looked_up(payments, repeats)
    left = [place for place in range(len(payments)) if place not in outcomes]
    asked = {place: _spent(payments[place]) if place in spent else payments[place] for place in left}
    try:
        outcomes |= await _taken(asked, at)
    except UniqueViolationError:
        # The ledger has a key, a number or a code of the batch already. Nothing was written; whose it is shows when all are looked up.
        if len(repeats) == len(payments):
            raise
        return await take_payments(payments, at, range(len(payments)))
    return [outcomes[place] for place in range(len(payments))]


async def _taken(asked: dict[int, Payment], at: datetime) -> Outcomes:
    outcomes = await _take(asked, at, patient=False)
    if len(outcomes) < len(asked):
        held = {place: payment for place, payment in asked.items() if place not in outcomes}
        unknown = {place: Outcome(PayerCodeWrong.code, payment.id) for place, payment in held.items()}
        outcomes |= unknown | await _take(held, at, patient=True)
    declined = [place for place, outcome in outcomes.items() if outcome.code == _IS_EARLIER]
    if declined:
        earlier, _ = await _looked_up([asked[place] for place in declined], range(len(declined)))
        outcomes |= {declined[place]: outcome for place, outcome in earlier.items()}
    return outcomes


async def _take(asked: dict[int, Payment], at: datetime, *, patient: bool) -> Outcomes:
    """Outcomes of all whose account is known and, unless the statement is `patient`, held by nobody else."""
    if not asked:
        return {}
    places, payments = list(asked), list(asked.values())
    (row,) = await alone(_TAKE, patient, at, at.date(), *_columns(payments), *_limits(at.date()))
    outcomes = {places[n - 1]: Outcome("posted", payments[n - 1].id) for n in row["posted"] or ()}
    for n, became in zip(row["others"] or (), row["became"] or (), strict=True):
        outcomes[places[n - 1]] = Outcome(became, payments[n - 1].id)
    return outcomes


def _columns(payments: Sequence[Payment]) -> tuple[list[object], ...]:
    shards = [shard_of(one.card_id) for one in payments]
    return (
        [one.id for one in payments],
        list(shards),
        [one.card_id for one in payments],
        [one.code_id for one in payments],
        [one.shown_micros for one in payments],
        [one.level for one in payments],
        [one.amount_fen for one in payments],
        [one.principal for one in payments],
        [one.request_key for one in payments],
        [one.fingerprint for one in payments],
        [one.sequence for one in payments],
        [one.merchant_code for one in payments],
        [one.doubt for one in payments],
        [one.receipt for one in payments],
        [clearing_account(shard, Clearing.TERMINAL) for shard in shards],
    )


async def _looked_up(payments: Sequence[Payment], places: Collection[int]) -> tuple[Outcomes, set[int]]:
    """What became earlier of the payments at some places, and which others of them are by a code that was used before."""
    if not places:
        return {}, set()
    order = list(places)
    asked = [payments[place] for place in order]
    rows = await alone(
        _EARLIER,
        [shard_of(one.card_id) for one in asked],
        [one.code_id for one in asked],
        [one.principal for one in asked],
        [one.request_key for one in asked],
        [one.fingerprint for one in asked],
        [one.sequence for one in asked],
    )
    found = {order[row["n"] - 1]: row for row in rows}
    outcomes = {place: Outcome(row["outcome"], row["known_id"]) for place, row in found.items() if row["known_id"]}
    return outcomes, found.keys() - outcomes.keys()


def _spent(payment: Payment) -> Payment:
    return msgspec.structs.replace(payment, doubt=payment.doubt or PayerCodeSpent.code)


@lru_cache(maxsize=2)
def _limits(day: date) -> tuple[list[object], ...]:
    """What each class of card may spend by codes of each level on a day, as columns."""
    most = [(card_class, level, most_for(card_class, level, day)) for card_class in CardClass for level in LEVELS]
    rows = [(one.value, level, limits.payment_fen, limits.day_fen, limits.month_fen) for one, level, limits in most]
    return tuple(map(list, zip(*rows, strict=True)))
