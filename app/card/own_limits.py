"""Limits that holders set themselves: lowered at once, raised again only by a device's key, from a later day on.

So whoever gets hold of an open phone can't raise what its owner lowered, and the owner is told meanwhile.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from math import inf
from typing import Any, Final

import msgspec

from app.audit.acts import Act, seal_act
from app.card.cards import locked_card, require_card
from app.card.classes import CardClass
from app.card.errors import CardLimitsChanged
from app.card.events import CardLimitsSet
from app.card.for_wards import require_own_or_wards
from app.card.limits import OWN, CardLimits, limit_on, limits_for, most_for, own_on
from app.card.receipts import SYSTEM
from app.card.structs import (
    CardLimitsView,
    OwnLimits,
    OwnLimitsView,
    SpendingLimits,
)
from app.kernel import clock
from app.kernel.actors import Citizen, require_level
from app.kernel.assurance import BY_DEVICE
from app.kernel.database import Row, execute, fetch_one, transaction
from app.kernel.events import tell
from app.kernel.ids import lowest_id, shard_of

Three = tuple[int | None, int | None, int | None]
_SET: Final = """
UPDATE card SET own_payment_fen = $3, own_day_fen = $4, own_month_fen = $5, raised_payment_fen = $6, raised_day_fen = $7,
  raised_month_fen = $8, raised_from = $9, limits_version = limits_version + 1 WHERE shard = $1 AND id = $2
"""


_SPENT: Final = """
SELECT coalesce(sum(amount_fen) FILTER (WHERE at >= $4), 0)::int8 AS day_fen, coalesce(sum(amount_fen), 0)::int8 AS month_fen
FROM transfer WHERE shard = $1 AND citizen_id = $2 AND kind = 'payment' AND id >= $3 AND at >= $5
"""


class Change(msgspec.Struct, frozen=True):
    """What becomes of own limits: those that hold at once, and those that hold from a day on, if any was raised."""

    own: Three
    raised: Three
    raised_from: date | None


def change(now: Three, wanted: Three, later: date) -> Change:
    """Lower at once what is lower, and raise the rest on a later day; `now` is what holds today. Pure."""
    at_once: Three = (_lower(now[0], wanted[0]), _lower(now[1], wanted[1]), _lower(now[2], wanted[2]))
    if at_once == wanted:
        return Change(wanted, (None, None, None), None)
    return Change(at_once, wanted, later)


def raised_on(at: datetime, hours: int) -> date:
    """The first day (Shanghai) that begins at least so many hours later. Pure."""
    begins = clock.local(at + timedelta(hours=hours))
    midnight = begins.replace(hour=0, minute=0, second=0, microsecond=0)
    return begins.date() if begins == midnight else begins.date() + timedelta(days=1)


async def limits_of(citizen: Citizen) -> tuple[CardLimitsView, int]:
    """The limits of the citizen's card, with their version; refuses `CardNotOpened`."""
    async with transaction(citizen):
        row = await require_card(citizen)
        return await _view(row, citizen), row["limits_version"]


async def choose(citizen: Citizen, wanted: OwnLimits, expected: int | None) -> tuple[CardLimitsView, int]:
    """Set one's own limits; what is asked for again changes nothing.

    Refuses `CardNotOpened`, `CardLimitsChanged` where `expected` isn't the version, and `AssuranceTooLow` a session that would raise one.
    """
    require_own_or_wards(citizen)
    async with transaction(citizen):
        row = await locked_card(citizen)
        if expected is not None and expected != row["limits_version"]:
            raise CardLimitsChanged(version=row["limits_version"])
        now, asked = own_on(row, clock.today()), _three(wanted)
        if asked != (_raised(row) if _waits(row) else now):
            await _set(citizen, row, now, asked)
        row = await require_card(citizen)
        return await _view(row, citizen), row["limits_version"]


async def _set(citizen: Citizen, row: Row, now: Three, asked: Three) -> None:
    later = raised_on(clock.now(), limit_on(clock.today(), "raise_hours"))
    changed = change(now, asked, later)
    if changed.raised_from is not None:
        require_level(citizen, BY_DEVICE)
    async with transaction(SYSTEM):
        await execute(_SET, row["shard"], row["id"], *changed.own, *changed.raised, changed.raised_from)
    await tell(CardLimitsSet(citizen_id=citizen.id, subject_id=row["id"]))
    await seal_act(Act.CARD_LIMITS_SET, citizen, about=citizen.id, subject=row["id"])


def _lower(one: int | None, other: int | None) -> int | None:
    found = min(inf if one is None else one, inf if other is None else other)
    return None if found == inf else int(found)


def _waits(row: Row) -> bool:
    return row["raised_from"] is not None and clock.today() < row["raised_from"]


def _raised(row: Row) -> Three:
    return row["raised_payment_fen"], row["raised_day_fen"], row["raised_month_fen"]


def _three(wanted: OwnLimits) -> Three:
    return wanted.payment_fen, wanted.day_fen, wanted.month_fen


async def _view(row: Row, citizen: Citizen) -> CardLimitsView:
    today, spent = clock.today(), await _spent(citizen)
    waits, in_force = _waits(row), limits_for(row, citizen.level, today)
    month_left = max(in_force.month_fen - spent["month_fen"], 0)
    return CardLimitsView(
        in_force=_shown(in_force),
        left_today_fen=min(max(in_force.day_fen - spent["day_fen"], 0), month_left),
        left_this_month_fen=month_left,
        most=_shown(most_for(CardClass(row["card_class"]), citizen.level, today)),
        own=_own(own_on(row, today)),
        raised=_own(_raised(row)) if waits else None,
        raised_from=row["raised_from"] if waits else None,
    )


async def _spent(citizen: Citizen) -> Row:
    """What the card paid by codes today and this month, whatever came back of it since."""
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    first = midnight.replace(day=1)
    row = await fetch_one(
        _SPENT, shard_of(citizen.id), citizen.id, lowest_id(first - timedelta(days=1)), midnight, first
    )
    if row is None:
        raise LookupError(citizen.id)
    return row


def _shown(limits: CardLimits) -> SpendingLimits:
    return msgspec.convert(limits, SpendingLimits, from_attributes=True)


def _own(limits: Three) -> OwnLimitsView:
    named: Mapping[str, Any] = dict(zip(OWN, limits, strict=True))
    return OwnLimitsView(**named)
