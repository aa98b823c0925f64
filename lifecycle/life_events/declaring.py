"""Declaring a life event, confirming one that is suggested, and taking back one that is wrong.

Two requests about one person follow each other, by a lock on the person's row.
"""

from uuid import UUID

from app.audit.acts import Act, seal_act
from app.kernel import clock
from app.kernel.actors import Citizen, own_person
from app.kernel.database import transaction
from app.kernel.events import tell
from app.residents.people import RESIDENTS, locked
from app.residents.structs import Resident
from lifecycle.cases.drafts import refuse_without_custody
from lifecycle.life_events import eventbook, following, reading
from lifecycle.life_events.definitions import Definition, definition_of
from lifecycle.life_events.errors import (
    EventImplausible,
    EventOver,
    EventSaidOtherwise,
    EventStandsAlready,
    NotDeclarable,
    PersonHasDied,
    TooManyEvents,
)
from lifecycle.life_events.eventbook import EventRow, NewEvent
from lifecycle.life_events.events import LifeEventStood, LifeEventTakenBack
from lifecycle.life_events.limits import limit_today
from lifecycle.life_events.plausible import Known, Said, flaws
from lifecycle.life_events.structs import LifeEventFile, NewLifeEvent
from lifecycle.rules.parameters import shipped


async def declare(citizen: Citizen, wanted: NewLifeEvent) -> LifeEventFile:
    """Declare that something happened to oneself or a ward. A repeat finds the same event; one that was taken back stands anew.

    Refuses `LifeEventUnknown`, `PersonNotYours`, `CustodyElsewhere`, `NotDeclarable`, `PersonHasDied`, `EventImplausible`,
    `EventSaidOtherwise`, `EventStandsAlready`, `EventOver`, `TooManyEvents`.
    """
    definition, person = definition_of(wanted.event), own_person(citizen, wanted.person_id)
    refuse_without_custody(citizen, person)
    _refuse_other_declarer(citizen, person, definition)
    async with transaction(citizen):
        known = await _locked(person)
        before = await _same(person, wanted)
        if before is not None and await _is_repeat(before, wanted):
            return await reading.look(citizen, before)
        _refuse_implausible(definition, wanted, known)
        await _refuse_others(person, definition)
        stands = await _again(before, wanted, citizen) if before else await _new(citizen, person, definition, wanted)
        await tell(LifeEventStood(citizen_id=person, subject_id=stands.id))
        await seal_act(Act.LIFE_EVENT_DECLARED, citizen, about=person, subject=stands.id)
        return await reading.file_of(citizen, stands)


async def confirm(citizen: Citizen, event_id: UUID) -> LifeEventFile:
    """Say that what a department's answer suggests is so; from now on it stands. A repeat changes nothing.

    Refuses `LifeEventNotFound`, `CustodyElsewhere`, `EventOver`.
    """
    async with transaction(citizen):
        event = await eventbook.find_for(citizen, event_id, lock=True)
        refuse_without_custody(citizen, event.citizen_id)
        if event.state == "standing":
            return await reading.look(citizen, event)
        await eventbook.say_anew(event, await eventbook.opened(event), citizen.hand)
        event = await eventbook.move(event, "confirm")
        await tell(LifeEventStood(citizen_id=event.citizen_id, subject_id=event.id))
        await seal_act(Act.LIFE_EVENT_CONFIRMED, citizen, about=event.citizen_id, subject=event.id)
        return await reading.file_of(citizen, event)


async def take_back(
    citizen: Citizen, event_id: UUID, reason: str | None = None, *, withdraw_drafts: bool = False
) -> LifeEventFile:
    """Take back an event that is wrong, or turn a suggestion down: what rested on it is gone, and the record says so.

    What is open of its bundles and matters is named; untouched drafts are withdrawn if `withdraw_drafts`. A register that is wrong
    stays as it is until its department corrects it. A repeat changes nothing. Refuses `LifeEventNotFound`, `CustodyElsewhere`,
    `EventOver`.
    """
    async with transaction(citizen):
        event = await eventbook.find_for(citizen, event_id, lock=True)
        refuse_without_custody(citizen, event.citizen_id)
        if event.state == "taken_back":
            return await reading.look(citizen, event)
        stood = event.state == "standing"
        event = await eventbook.move(event, "take_back", reason)
        withdrawn = await following.withdraw_untouched(citizen, event) if withdraw_drafts else []
        if stood:
            await tell(LifeEventTakenBack(citizen_id=event.citizen_id, subject_id=event.id))
        await seal_act(Act.LIFE_EVENT_TAKEN_BACK, citizen, about=event.citizen_id, subject=event.id)
        return await reading.file_of(citizen, event, withdrawn)


def _refuse_other_declarer(citizen: Citizen, person: UUID, definition: Definition) -> None:
    declarer = "self" if person == citizen.id else "guardian"
    if declarer not in definition.declared_by:
        raise NotDeclarable(declared_by=list(definition.declared_by))


async def _locked(person: UUID) -> Resident:
    async with transaction(RESIDENTS):
        known = await locked(person)
    if known.died_on is not None:
        raise PersonHasDied
    return known


async def _same(person: UUID, wanted: NewLifeEvent) -> EventRow | None:
    """The declared event of this kind and day, however it stands."""
    found = await eventbook.of_person(person, "standing", "taken_back", "ended")
    same = (wanted.event, wanted.occurred_on, "declared")
    return next((one for one in found if (one.event, one.occurred_on, one.source) == same), None)


async def _is_repeat(before: EventRow, wanted: NewLifeEvent) -> bool:
    if before.state == "ended":
        raise EventOver(state=before.state)
    if before.state != "standing":
        return False
    if await eventbook.opened(before) != wanted.details:
        raise EventSaidOtherwise(event_id=before.id)
    return True


def _refuse_implausible(definition: Definition, wanted: NewLifeEvent, known: Resident) -> None:
    law = shipped().reading(clock.today())
    said = Said(wanted.occurred_on, wanted.details)
    found = flaws(definition, said, Known(known.birth_date, known.sex), law)
    if found:
        raise EventImplausible(errors=found)


async def _refuse_others(person: UUID, definition: Definition) -> None:
    standing = await eventbook.of_person(person, "standing")
    other = next((one for one in standing if one.event == definition.code), None)
    if definition.single and other is not None:
        raise EventStandsAlready(event_id=other.id)
    most = limit_today("declared_most")
    if sum(one.source == "declared" for one in standing) >= most:
        raise TooManyEvents(most=most)


async def _again(before: EventRow, wanted: NewLifeEvent, citizen: Citizen) -> EventRow:
    await eventbook.say_anew(before, wanted.details, citizen.hand)
    return await eventbook.move(before, "declare")


async def _new(citizen: Citizen, person: UUID, definition: Definition, wanted: NewLifeEvent) -> EventRow:
    new = NewEvent(
        citizen_id=person,
        definition=definition,
        occurred_on=wanted.occurred_on,
        source="declared",
        details=wanted.details,
        declared_by=citizen.hand,
    )
    written = await eventbook.insert(new)
    if written is None:
        raise EventOver(state="standing")
    return written
