"""Hiding an entry from one's timeline, and showing it again. The record itself stays as it was filed."""

from uuid import UUID

from app.audit.acts import Act, seal_act
from app.audit.ward_looks import note_ward_look
from app.kernel.actors import Citizen
from app.kernel.database import Row, transaction
from app.privacy.deciding import refuse_unless_deciding
from app.records import lines
from app.records.errors import RecordNotFound
from app.records.queries import as_shown, found
from app.records.structs import TimelineEntry


async def set_hidden(citizen: Citizen, entry_id: UUID, *, hidden: bool) -> TimelineEntry:
    """Hide or show an entry of the citizen's, or of a ward's below 14; again changes nothing.

    Refuses `RecordNotFound` and `DecidesThemselves`.
    """
    async with transaction(citizen):
        row = await decided(citizen, entry_id)
        async with transaction(lines.KEEPER):
            moved = await lines.set_hidden(entry_id, hidden=hidden)
        if moved:
            act = Act.RECORD_HIDDEN if hidden else Act.RECORD_SHOWN
            await seal_act(act, citizen, about=row["citizen_id"], subject=entry_id)
        return await as_shown(citizen, await decided(citizen, entry_id))


async def decided(citizen: Citizen, entry_id: UUID) -> Row:
    """An entry about which the citizen decides, hidden or not, in the transaction in progress.

    Refuses `RecordNotFound`, and `DecidesThemselves` for a ward's of 14 and more. A guardian's touch is noted as a look.
    """
    row = await found(citizen, entry_id)
    await refuse_unless_deciding(citizen, row["citizen_id"])
    await note_ward_look(citizen, row["citizen_id"])
    return row


async def lock(citizen: Citizen, entry_id: UUID) -> Row:
    """Lock an entry's line for whoever decides about it, in a transaction of the product's; refuses `RecordNotFound`."""
    async with transaction(lines.KEEPER):
        line = await lines.locked(entry_id, citizen.people)
    if line is None:
        raise RecordNotFound
    return line
