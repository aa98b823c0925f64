"""A guardian's looks at a ward's data (监护人查看): an act too, once a day for each guardian and ward.

A parent opens a child's page many times a day, and the child, who reads the log later, learns as much from one entry as from
fifty. Only a look that names the ward, or something of theirs, counts: what a guardian's own pages say of a ward (lists, the
life page, the agenda) are the guardian's own affairs.
"""

from datetime import datetime, time, timedelta
from uuid import UUID

from app.audit.acts import Act, seal_act
from app.kernel import clock, short_lived
from app.kernel.actors import Citizen


async def note_ward_look(citizen: Citizen, person_id: UUID) -> None:
    """Seal that a guardian looked at a ward's data, once today, in the transaction in progress; one's own need no note."""
    if person_id not in citizen.wards:
        return
    now = clock.now()
    if await short_lived.claim("ward_look", f"{citizen.principal} {person_id} {now.date()}", _until_midnight(now)):
        await seal_act(Act.WARD_LOOKED_AT, citizen, about=person_id)


def _until_midnight(now: datetime) -> timedelta:
    return datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo) - now
