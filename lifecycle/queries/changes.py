"""Departments tell that a register has changed: what it said before is out of date, and the next reading asks again."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from app.exchanges.expected import is_known
from app.kernel import clock
from app.kernel.actors import Department, System
from app.kernel.database import transaction
from app.residents.directory import find_by_birth_certificate, find_by_id_number
from app.residents.errors import EventTooEarly, PushKindUnknown
from app.residents.pushes import News
from integrations.departments.changes import RECORD_CHANGED, RecordChanged
from integrations.departments.civil_affairs import WardNamed
from integrations.departments.directory import NAMES
from integrations.exchange import tickets
from lifecycle.queries import remembered

_KEEPER: Final = System("queries")
_SKEW: Final = timedelta(minutes=1)


async def outdate(teller: Department, told: RecordChanged) -> UUID | None:
    """Let what the teller's service said of a person before be out of date; it is still shown, marked, while nobody answers.

    Of who isn't known here nothing is kept. Refuses `PushKindUnknown` for a service that the portal doesn't ask, and `EventTooEarly`.
    """
    if not is_known(teller.code, told.service):
        raise PushKindUnknown(kind=RECORD_CHANGED, service=told.service)
    if told.changed_at > clock.now() + _SKEW:
        raise EventTooEarly
    person_id = await _find(told.person)
    if person_id is None:
        return None
    async with transaction(_KEEPER):
        await remembered.outdate(person_id, teller.code, told.service, told.changed_at)
        await tickets.outdate(person_id, teller.code, told.service)
    return person_id


async def _find(person: WardNamed) -> UUID | None:
    if person.id_number is not None:
        return await find_by_id_number(person.id_number)
    return await find_by_birth_certificate(person.birth_certificate_no or "")


NEWS: Final = {RECORD_CHANGED: News(frozenset(NAMES), RecordChanged, outdate)}
"""For wiring: every department may tell it of its own services."""
