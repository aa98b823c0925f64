"""What an appointment is for, where a matter's rule says it: which vaccination, which part of an examination.

A stage registers a rule for its matter; appointments of other matters have no purposes. Purposes may say something of somebody's
health, so they are sealed under the person's key.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final, Protocol
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import Citizen, own_person
from app.kernel.database import Row, fetch_one, transaction
from app.kernel.errors import Refusal
from app.kernel.words import Words
from app.keys.persons import open_for_person, seal_for_person
from lifecycle.appointments.errors import NoSuchPurpose, PurposesNotTaken
from lifecycle.appointments.structs import NewAppointment, PurposeCode, PurposeTitle, PurposeView
from lifecycle.catalogue import published

_TABLE, _COLUMN = "appointment", "purposes"


class PurposeRule(Protocol):
    """What somebody may come for, by a matter's law. The asynchronous ones may ask a department, so call them outside transactions."""

    async def offered(self, citizen: Citizen, person_id: UUID, day: date) -> Sequence[PurposeView]:
        """What the person may come for on a day; refuses as the department does."""

    async def require(self, citizen: Citizen, person_id: UUID, day: date, codes: Collection[PurposeCode]) -> None:
        """Refuse, by name, what the person can't come for on a day; and where it isn't said what for."""

    def title(self, code: PurposeCode) -> Words | None:
        """How a purpose is called; nothing, if there is no such purpose."""


_rules: Final[dict[str, PurposeRule]] = {}


def register_purposes(matter_code: str, rule: PurposeRule) -> None:
    """Let a matter's appointments say what they are for; called from wiring."""
    _rules[matter_code] = rule


async def offered(
    citizen: Citizen, matter_code: str, person_id: UUID | None, day: date | None
) -> Sequence[PurposeView]:
    """What the citizen or a ward may come for on a day (today); nothing for matters that don't ask.

    Refuses `MatterUnknown`, `PersonNotYours`, and what the rule refuses.
    """
    rule, person = _rules.get(published.matter(matter_code).code), own_person(citizen, person_id)
    return () if rule is None else await rule.offered(citizen, person, day or clock.today())


async def judge(citizen: Citizen, asked: NewAppointment) -> Refusal | None:
    """Say why an appointment can't be for what is asked, before any transaction, since a department may have to be asked.

    It isn't raised here, because a repeated request is to get its first answer; `booking.book` raises it.
    """
    async with transaction(citizen):
        slot = await fetch_one("SELECT matter_code, starts_at FROM slot WHERE id = $1", asked.slot_id)
    person = asked.person_id or citizen.id
    if slot is None or person not in citizen.people:
        return None
    rule = _rules.get(slot["matter_code"])
    if rule is None:
        return PurposesNotTaken() if asked.purposes else None
    if citizen.level < published.matter(slot["matter_code"]).level:
        return None
    try:
        _refuse_unknown(rule, asked.purposes)
        await rule.require(citizen, person, clock.local(slot["starts_at"]).date(), asked.purposes)
    except Refusal as refusal:
        return refusal
    return None


async def sealed(person_id: UUID, row_id: UUID, codes: Sequence[PurposeCode]) -> bytes | None:
    """The purposes as a row keeps them; nothing where there are none."""
    if not codes:
        return None
    plain = msgspec.json.encode(tuple(dict.fromkeys(codes)))
    return await seal_for_person(person_id, _TABLE, _COLUMN, row_id, plain)


async def opened(row: Row) -> tuple[PurposeCode, ...]:
    """The purposes of an appointment's row."""
    if row["purposes"] is None:
        return ()
    plain = await open_for_person(row["citizen_id"], _TABLE, _COLUMN, row["id"], row["purposes"])
    return msgspec.json.decode(plain, type=tuple[PurposeCode, ...])


def titled(matter_code: str, codes: Sequence[PurposeCode]) -> list[PurposeTitle]:
    """Purposes with their names; one that its rule no longer knows goes by its code."""
    rule = _rules.get(matter_code)
    return [PurposeTitle(code, (rule and rule.title(code)) or Words(zh=code, en=code)) for code in codes]


def named(matter_code: str, codes: Sequence[PurposeCode]) -> Words:
    """A matter's name, with what the appointment is for."""
    name, titles = published.matter(matter_code).name, [one.title for one in titled(matter_code, codes)]
    if not titles:
        return name
    return Words(
        zh=f"{name.zh}（{'、'.join(one.zh for one in titles)}）",
        en=f"{name.en} ({', '.join(one.en for one in titles)})",
    )


def _refuse_unknown(rule: PurposeRule, codes: Collection[PurposeCode]) -> None:
    for code in codes:
        if rule.title(code) is None:
            raise NoSuchPurpose(purpose=code)
