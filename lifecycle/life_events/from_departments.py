"""What departments push of births, deaths, marriages and children left alone, as events in the lives of those concerned.

Each is a subscriber; a repeat finds what it wrote.
"""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from app.kernel.database import transaction
from app.kernel.events import Event
from app.residents.events import ChildBorn, Married, Parted, PersonDied, WardLeftAlone
from app.residents.families import kin_of
from app.residents.marriages import decided_on
from app.residents.people import resident
from app.residents.structs import Relation
from integrations.departments.directory import CIVIL_AFFAIRS
from lifecycle.life_events import eventbook
from lifecycle.life_events.arriving import arrive
from lifecycle.life_events.definitions import definition_of
from lifecycle.life_events.eventbook import OFFICE, NewEvent

_NEAR: Final[frozenset[Relation]] = frozenset({"spouse_of", "parent_of", "child_of"})
_DAY: Final = timedelta(days=1)


async def on_child_born(event: ChildBorn) -> None:
    """A birth, in the lives of mother and father."""
    born_on = (await resident(event.subject_id)).birth_date
    for kin in await kin_of(event.subject_id):
        if kin.relation == "child_of" and born_on is not None:
            await _told(kin.id, "E_CHILD_BORN", born_on, event)


async def on_died(event: PersonDied) -> None:
    """A death, in the lives of spouse, parents and children; in the life of the dead nothing stands any more."""
    died_on = (await resident(event.subject_id)).died_on
    if died_on is None:
        return
    near = {one.id for one in await kin_of(event.subject_id, died_on - _DAY) if one.relation in _NEAR}
    for person_id in sorted(near):
        await _told(person_id, "E_DEATH", died_on, event)
    async with transaction(OFFICE):
        for one in await eventbook.of_person(event.subject_id, "standing", "suggested"):
            await eventbook.move(await eventbook.find(one.id, lock=True), "end")


async def on_married(event: Married) -> None:
    """A marriage, in the lives of both."""
    await _of_couple(event, "E_MARRIED")


async def on_parted(event: Parted) -> None:
    """A divorce, in the lives of both."""
    await _of_couple(event, "E_DIVORCED")


async def on_ward_left_alone(event: WardLeftAlone) -> None:
    """That no guardian is left, in the child's life; whoever becomes guardian finds it."""
    at = event.at
    if at is not None:
        await _told(event.subject_id, "E_ORPHAN", at.date(), event)


async def _of_couple(event: Event, code: str) -> None:
    if event.citizen_id is None:
        return
    on = await decided_on(event.citizen_id, event.subject_id)
    if on is not None:
        await _told(event.citizen_id, code, on, event, CIVIL_AFFAIRS)


async def _told(person_id: UUID, code: str, on: date, event: Event, department: str = "") -> None:
    """Let an event come in as its department told it: who is named, or else who pushed it."""
    kind, _, teller = event.actor.partition(":")
    new = NewEvent(
        citizen_id=person_id,
        definition=definition_of(code),
        occurred_on=on,
        source="told",
        told_by=department or (teller if kind == "department" else ""),
        about_id=None if event.subject_id == person_id else event.subject_id,
    )
    await arrive(new)
