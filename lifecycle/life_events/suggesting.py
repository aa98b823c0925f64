"""What departments' answers suggest: an event that nobody declared. It is shown, and stands only once the citizen confirms it.

Only answers that may be used ahead of need are looked at (the consent is asked for by `lifecycle.facts`).
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.database import transaction
from app.kernel.jobs import enqueue
from lifecycle.facts.of_departments import of_departments
from lifecycle.life_events import eventbook
from lifecycle.life_events.arriving import arrive
from lifecycle.life_events.definitions import definition_of
from lifecycle.life_events.eventbook import OFFICE, EventRow, NewEvent
from lifecycle.life_events.limits import limit_today
from lifecycle.rules.fact_kinds import DRIVING, JOB, PENSION_SINCE, UNEMPLOYED_SINCE, VEHICLES
from lifecycle.rules.facts import FactKind, Said

SUGGEST: Final = "life_events.suggest"


class ToSuggest(msgspec.Struct, frozen=True):
    """Of whom a department said something new."""

    person_id: UUID


class Suggestion(msgspec.Struct, frozen=True):
    """That something may have happened on a day, by a department's word."""

    code: str
    occurred_on: date
    told_by: str


_READ: Final[tuple[tuple[FactKind[Any], str, Callable[[Any], Iterable[date]]], ...]] = (
    (UNEMPLOYED_SINCE, "E_JOB_LOST", lambda since: (since,)),
    (JOB, "E_EMPLOYED", lambda job: (job.since,)),
    (PENSION_SINCE, "E_RETIRED", lambda since: (since,)),
    (DRIVING, "E_LICENSED", lambda driving: (driving.first_issued_on,)),
    (VEHICLES, "E_CAR_BOUGHT", lambda vehicles: (one.registered_on for one in vehicles)),
)


def suggestions(said: Iterable[Said[Any]], today: date, within: timedelta) -> Iterator[Suggestion]:
    """What departments' words suggest as of a day: what began lately. Pure."""
    for one in said:
        for kind, code, days in _READ:
            if kind.name == one.kind:
                for day in sorted(days(one.value)):
                    if today - within <= day <= today:
                        yield Suggestion(code, day, one.source)


async def order(person_id: UUID) -> None:
    """Have somebody looked at of whom a department said something else; called in the transaction that keeps it."""
    async with transaction(OFFICE):
        await enqueue(SUGGEST, ToSuggest(person_id), once=f"{SUGGEST}:{person_id}")


async def look(job: ToSuggest) -> None:
    """Suggest what isn't known yet; a job. What was declared, told or turned down near that day isn't suggested again.

    A suggestion that nobody answered is forgotten where no answer bears it any more: the consent to it ended, or it is long ago.
    """
    within = timedelta(days=limit_today("suggest_within_days"))
    async with transaction(OFFICE):
        found = list(suggestions(await of_departments(job.person_id), clock.today(), within))
        await _forget_others(job.person_id, found)
        known = await eventbook.of_person(job.person_id, "suggested", "standing", "taken_back", "ended")
        for one in found:
            if not _is_known(one, known):
                await arrive(_new(job.person_id, one))


async def _forget_others(person_id: UUID, found: Iterable[Suggestion]) -> None:
    borne = {(one.code, one.occurred_on) for one in found}
    for event in await eventbook.of_person(person_id, "suggested"):
        if (event.event, event.occurred_on) not in borne:
            await eventbook.forget(event)


def _is_known(one: Suggestion, known: Iterable[EventRow]) -> bool:
    near = timedelta(days=limit_today("same_within_days"))
    return any(other.event == one.code and abs(other.occurred_on - one.occurred_on) <= near for other in known)


def _new(person_id: UUID, one: Suggestion) -> NewEvent:
    return NewEvent(
        citizen_id=person_id,
        definition=definition_of(one.code),
        occurred_on=one.occurred_on,
        source="shared_data",
        told_by=one.told_by,
    )
