"""Life events as people read them: the catalogue, one's own, and what follows from each."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from app.audit.ward_looks import note_ward_look
from app.kernel.actors import Citizen, own_person
from app.kernel.database import Row, fetch_all, transaction
from app.kernel.ids import shard_of
from app.kernel.paging import Page, after_id, page
from lifecycle.life_events import eventbook, following
from lifecycle.life_events.definitions import Definition, definition_of, definitions
from lifecycle.life_events.eventbook import EventRow, read_row
from lifecycle.life_events.meanings import kinds_of
from lifecycle.life_events.structs import (
    Coded,
    DetailAsked,
    LifeEventFile,
    LifeEventOffer,
    LifeEventView,
    StepView,
)

_PAGE: Final = """
SELECT * FROM life_event WHERE shard = $1 AND citizen_id = $2 AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4
"""


def offers() -> Page[LifeEventOffer]:
    """Every life event that there is, in the order of a life."""
    return Page(items=[_offer(one) for one in definitions().values()], next=None)


async def mine(citizen: Citizen, person_id: UUID | None, cursor: str | None, limit: int) -> Page[LifeEventView]:
    """The events of the citizen or a ward, however they stand, the last known first."""
    person = own_person(citizen, person_id)
    async with transaction(citizen):
        await note_ward_look(citizen, person)
        rows = await fetch_all(_PAGE, shard_of(person), person, after_id(cursor), limit + 1)
        items = [await view(read_row(row)) for row in rows]
    return page(items, limit, items[limit - 1].id if len(rows) > limit else None)


async def one(citizen: Citizen, event_id: UUID) -> LifeEventFile:
    """An event of the citizen's or a ward's, with what follows; refuses `LifeEventNotFound`."""
    async with transaction(citizen):
        return await look(citizen, await eventbook.find_for(citizen, event_id))


async def look(citizen: Citizen, event: EventRow) -> LifeEventFile:
    """An event as `file_of` gives it, where nothing is done to it: a guardian's look is noted."""
    await note_ward_look(citizen, event.citizen_id)
    return await file_of(citizen, event)


async def file_of(citizen: Citizen, event: EventRow, withdrawn: Sequence[UUID] = ()) -> LifeEventFile:
    """An event with its steps and what follows, in the citizen's transaction."""
    definition = definition_of(event.event)
    return LifeEventFile(
        event=await view(event),
        steps=[await _step(row) for row in await eventbook.steps_of(event)],
        means=_means(event.event),
        bundles=_bundles(definition),
        matters=_matters(definition),
        open=await following.still_open(citizen, event),
        withdrawn=list(withdrawn),
    )


async def view(event: EventRow) -> LifeEventView:
    """An event as its person, or their guardian, sees it."""
    return LifeEventView(
        id=event.id,
        person_id=event.citizen_id,
        event=event.event,
        name=definition_of(event.event).name,
        occurred_on=event.occurred_on,
        source=event.source,
        told_by=event.told_by or None,
        confidence=event.confidence,
        state=event.state,
        details=await eventbook.opened(event),
        about_id=event.about_id,
        made_at=event.made_at,
        changed_at=event.changed_at,
        expires_on=event.expires_on,
    )


async def _step(row: Row) -> StepView:
    kind, _, _ = row["actor"].partition(":")
    return StepView(row["at"], row["step"], kind, await eventbook.reason_in(row))


def _offer(definition: Definition) -> LifeEventOffer:
    return LifeEventOffer(
        code=definition.code,
        name=definition.name,
        stage=definition.stage,
        declared_by=list(definition.declared_by),
        details=[DetailAsked(one.name, one.type, one.title, one.required) for one in definition.details],
        past_days=definition.past_days,
        future_days=definition.future_days,
        matters_for_days=definition.for_days,
        only_one=definition.single,
        told_by_date=definition.by_date is not None,
        for_everybody=definition.calendar,
        means=[] if definition.calendar else _means(definition.code),
        bundles=_bundles(definition),
        matters=_matters(definition),
    )


def _means(code: str) -> list[Coded]:
    return [Coded(kind.name, kind.title) for kind in kinds_of(code)]


def _bundles(definition: Definition) -> list[Coded]:
    return [Coded(one.code, one.name) for one in definition.bundles]


def _matters(definition: Definition) -> list[Coded]:
    return [Coded(one.code, one.name) for one in definition.matters]
