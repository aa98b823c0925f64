"""Events that nobody declares: they come in from departments, from shared data, and by date, in the office's own transaction."""

from app.kernel.database import transaction
from app.kernel.events import tell
from app.keys.persons import key_unless_erased
from app.residents.people import is_alive
from lifecycle.life_events import eventbook
from lifecycle.life_events.eventbook import OFFICE, EventRow, NewEvent
from lifecycle.life_events.events import LifeEventStood, LifeEventSuggested


async def arrive(new: NewEvent) -> EventRow | None:
    """Let an event come in, once; nothing where it is known, or the person has died or was erased.

    Where the person had declared the same of that day, it stands beside it and nobody is told again.
    """
    async with transaction(OFFICE):
        if await key_unless_erased(new.citizen_id) is None or not await is_alive(new.citizen_id):
            return None
        standing = await eventbook.of_person(new.citizen_id, "standing")
        written = await eventbook.insert(new)
        if written is None:
            return None
        if written.state == "suggested":
            await tell(LifeEventSuggested(citizen_id=written.citizen_id, subject_id=written.id))
        elif not any((one.event, one.occurred_on) == (written.event, written.occurred_on) for one in standing):
            await tell(LifeEventStood(citizen_id=written.citizen_id, subject_id=written.id))
        return written
