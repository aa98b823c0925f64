"""What makes an agenda stale: something happened to a person, a case, a licence or an appointment of theirs.

It is stale in the very transaction in which that is told, so who reads next sees what it did; the worker looks when the event is
delivered, so that reminders don't wait for a reader.
"""

from uuid import UUID

from app.kernel.database import transaction
from app.kernel.events import Event
from app.residents.families import guardians_of
from app.residents.people import resident
from app.residents.survivors import touched_by_death
from lifecycle.agenda.bookkeeping import KEEPER, look_if_stale, outdate, touch


async def happened(event: Event) -> None:
    """Let the agenda of an event's citizen be stale; a witness."""
    if event.citizen_id is not None:
        await outdate([event.citizen_id])


async def family_changed(event: Event) -> None:
    """Let the agendas of both be stale whom a tie joins (the citizen and the subject); a witness."""
    await outdate({one for one in (event.citizen_id, event.subject_id) if one is not None})


async def died(event: Event) -> None:
    """Let the agendas of all be stale whose family a death touches; a witness."""
    await outdate(await _touched(event.subject_id))


async def look_at_bereaved(event: Event) -> None:
    """Look at the agendas of all whose family a death touches; a subscriber."""
    for person_id in sorted(await _touched(event.subject_id)):
        await look_if_stale(person_id)


async def _touched(dead_id: UUID) -> set[UUID]:
    async with transaction(KEEPER):
        died_on = (await resident(dead_id)).died_on
        return set() if died_on is None else await touched_by_death(dead_id, died_on)


async def look(event: Event) -> None:
    """Look at the agenda of an event's citizen, if nobody did yet; a subscriber."""
    if event.citizen_id is not None:
        await look_if_stale(event.citizen_id)


async def look_at_family(event: Event) -> None:
    """Look at the agendas of an event's citizen, its subject, and the citizen's guardians; a subscriber."""
    people = {one for one in (event.citizen_id, event.subject_id) if one is not None}
    for person_id in sorted(people | set(await guardians_of(event.citizen_id or event.subject_id))):
        await look_if_stale(person_id)


async def answered(person_id: UUID) -> None:
    """Look anew at a person of whom a department said something else; called in the transaction that keeps it."""
    await touch([person_id])
