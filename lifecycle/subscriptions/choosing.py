"""Switching push matters on and off. Switching one on is the consent to it (个人信息保护法 arts. 14, 29); off is as easy (art. 15)."""

import re
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from app.audit.acts import Act, seal_act
from app.kernel import clock
from app.kernel.actors import Citizen, require_level
from app.kernel.assurance import BY_NAME
from app.kernel.database import Row, execute, fetch_value, transaction
from app.kernel.ids import new_id, shard_of
from app.notices.errors import NoAdvertisements, TopicUnknown
from app.privacy.deciding import refuse_unless_deciding
from app.residents.ages import ADULT_AT, CONSENTS_AT, has_reached
from app.residents.people import resident
from lifecycle.catalogue import published
from lifecycle.catalogue.errors import MatterUnknown
from lifecycle.subscriptions import pushes
from lifecycle.subscriptions.conditions import refuse_unless_met
from lifecycle.subscriptions.errors import AgeNotServed, PushTextChanged, SeparateConsentNeeded
from lifecycle.subscriptions.pushes import Push
from lifecycle.subscriptions.reading import rows_on, standing, view
from lifecycle.subscriptions.structs import SubscriptionView, SwitchOn

_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_INSERT: Final = """
INSERT INTO subscription (id, shard, citizen_id, reader_id, matter, matter_version, terms, advertising, sensitive, topics, agreed_at, level,
client_id, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $11)
"""
_END: Final = """
UPDATE subscription SET ended_at = $5, changed_at = $5, ended_by = $6, topics = '{}', reminded = '{}'
WHERE shard = $1 AND citizen_id = $2 AND reader_id = $3 AND matter = $4 AND ended_at IS NULL RETURNING id
"""


async def switch_on(
    citizen: Citizen, matter_code: str, wanted: SwitchOn, person_id: UUID | None = None
) -> SubscriptionView:
    """Switch a push matter on for oneself, or for a ward below 14, of whose affairs the guardian is then told.

    What is on as wanted already isn't written again; other topics change what is chosen, anything else is agreed to anew. Refuses
    `MatterUnknown`, `NotPushed`, `PushTextChanged`, `SeparateConsentNeeded`, `NoAdvertisements`, `TopicUnknown`, `NotYoursToDecide`,
    `DecidesThemselves`, `AgeNotServed`, too low a level, and what the matter asks besides (`conditions`).
    """
    push, person = pushes.find(matter_code), person_id or citizen.id
    require_level(citizen, push.matter.level)
    async with transaction(citizen):
        await refuse_unless_deciding(citizen, person)
        await _refuse_by_age(citizen, push, person, advertising=wanted.advertising)
        before = (await rows_on(citizen, person, [push])).get(matter_code)
    _refuse_unless_agreed(push, wanted)
    if not _is_agreed(push, before, wanted):
        await refuse_unless_met(citizen, push, person)
    async with transaction(citizen):
        await _lock(person, matter_code)
        before = (await rows_on(citizen, person, [push])).get(matter_code)
        if not _is_agreed(push, before, wanted):
            await _agree(citizen, push, wanted, person)
        elif before is not None and sorted(before["topics"]) != sorted(wanted.topics):
            await _choose(before, wanted.topics)
        return view(push, person, (await rows_on(citizen, person, [push])).get(matter_code))


async def switch_off(citizen: Citizen, matter_code: str, person_id: UUID | None = None) -> None:
    """Switch a push matter off at once, also one that left the catalogue; what was chosen of it is deleted.

    Refuses `NotYoursToDecide`, `DecidesThemselves`, and `MatterUnknown` what was never on and isn't in the catalogue.
    """
    if _CODE.fullmatch(matter_code) is None:
        raise MatterUnknown(matter=matter_code)
    person = person_id or citizen.id
    async with transaction(citizen):
        await refuse_unless_deciding(citizen, person)
        await _lock(person, matter_code)
        ended = await _end(citizen, matter_code, person, "switched_off")
        if ended is not None:
            await seal_act(Act.PUSH_SWITCHED_OFF, citizen, about=person, subject=ended)
        elif not await _was_on(citizen, matter_code, person):
            published.matter(matter_code)


def _is_agreed(push: Push, before: Row | None, wanted: SwitchOn) -> bool:
    """Whether the same is agreed to and heard already."""
    if before is None or standing(push, before) != "on":
        return False
    if wanted.advertising and not before["advertising_heard"]:
        return False
    return (before["advertising"], before["sensitive"]) == _consents(push, wanted)


def _consents(push: Push, wanted: SwitchOn) -> tuple[bool, bool]:
    return wanted.advertising, push.facts.sensitive and wanted.sensitive_data


async def _agree(citizen: Citizen, push: Push, wanted: SwitchOn, person: UUID) -> None:
    await _end(citizen, push.matter.code, person, "agreed_anew")
    row_id = new_id(person)
    await execute(
        _INSERT,
        *(row_id, shard_of(row_id), person, citizen.id, push.matter.code, push.matter.version, push.terms),
        *(*_consents(push, wanted), sorted(set(wanted.topics)), clock.now(), citizen.level, citizen.client_id),
    )
    await seal_act(Act.PUSH_SWITCHED_ON, citizen, about=person, subject=row_id)


async def _choose(before: Row, topics: Sequence[str]) -> None:
    await execute(
        "UPDATE subscription SET topics = $3, changed_at = $4 WHERE shard = $1 AND id = $2",
        *(before["shard"], before["id"], sorted(set(topics)), clock.now()),
    )


async def _end(citizen: Citizen, matter_code: str, person: UUID, how: str) -> UUID | None:
    ended: UUID | None = await fetch_value(_END, *(shard_of(person), person, citizen.id, matter_code, clock.now(), how))
    return ended


async def _was_on(citizen: Citizen, matter_code: str, person: UUID) -> bool:
    return bool(
        await fetch_value(
            "SELECT true FROM subscription WHERE shard = $1 AND citizen_id = $2 AND reader_id = $3 AND matter = $4 LIMIT 1",
            *(shard_of(person), person, citizen.id, matter_code),
        )
    )


async def _lock(person: UUID, matter_code: str) -> None:
    """Let two choices at once follow each other; the unique index stays the truth."""
    await fetch_value("SELECT pg_advisory_xact_lock(hashtextextended($1, 3))", f"subscription {person} {matter_code}")


def _refuse_unless_agreed(push: Push, wanted: SwitchOn) -> None:
    """Refuse what wasn't read, or lacks a consent of its own; and what the matter doesn't have."""
    facts = push.facts
    if wanted.version != push.matter.version:
        raise PushTextChanged(version=push.matter.version)
    needed = [
        *(["advertising"] if facts.advertising == "always" and not wanted.advertising else []),
        *(["sensitive_data"] if facts.sensitive and not wanted.sensitive_data else []),
    ]
    if needed:
        raise SeparateConsentNeeded(needed=needed)
    if facts.advertising == "never" and wanted.advertising:
        raise NoAdvertisements(matter=push.matter.code)
    if unknown := push.unknown_topics(wanted.topics):
        raise TopicUnknown(topics=list(unknown))


async def _refuse_by_age(citizen: Citizen, push: Push, person: UUID, *, advertising: bool) -> None:
    """Refuse who is too young or too old; advertising is for adults. Who is to be old enough must have proved their name.

    Nobody below 14 decides for themselves (个人信息保护法 art. 31).
    """
    own = CONSENTS_AT if person == citizen.id else 0
    from_age = max(push.facts.from_age, own, ADULT_AT if advertising else 0)
    born_on, today = (await resident(person)).birth_date, clock.today()
    if born_on is None:
        if from_age > CONSENTS_AT or push.facts.below_age is not None:
            require_level(citizen, BY_NAME)
        return
    below = push.facts.below_age
    if not has_reached(from_age, born_on, today) or (below is not None and has_reached(below, born_on, today)):
        raise AgeNotServed(from_age=from_age, below_age=below)
