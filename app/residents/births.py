"""What the Health Commission tells of a birth: the child becomes a resident, with mother and father."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import Department
from app.kernel.bodies import decode_strictly
from app.kernel.database import execute, transaction
from app.kernel.events import tell
from app.keys.nonces import DatabaseNonces, refuse_replay
from app.keys.request_signatures import KeyLookup, Request
from app.residents.errors import PushKindUnknown
from app.residents.events import ChildBorn
from app.residents.families import relate_child
from app.residents.people import resident
from app.residents.registration import register_resident
from app.residents.structs import Person, PushTaken
from integrations.departments.directory import HEALTH
from integrations.departments.health import CHILD_BORN, BirthCertificate, Parent
from integrations.exchange.archive import DatabaseArchive, exchange_of_push
from integrations.exchange.errors import PushFromAnother
from integrations.exchange.messages import Pushed, verify_push

SOURCE: Final = "health:child_born"


class Departments(msgspec.Struct, frozen=True):
    """Who may push: the key of each keyid, and the department that each keyid speaks for."""

    keys: KeyLookup
    speakers: Mapping[str, str]


async def take_push(received: Request, departments: Departments) -> PushTaken:
    """Take in what a department pushed, once; repeating it gives the same answer.

    Refuses `SIGNATURE_REFUSALS`, `PushFromAnother` also for news that isn't this department's to tell, `PushKindUnknown`, and
    what isn't a birth certificate.
    """
    pushed = verify_push(received, departments.keys, departments.speakers, clock.now())
    await refuse_replay(DatabaseNonces(), pushed.verified)
    if pushed.push.kind != CHILD_BORN:
        raise PushKindUnknown(kind=pushed.push.kind)
    if pushed.push.department != HEALTH:
        raise PushFromAnother(department=pushed.push.department)
    certificate = decode_strictly(bytes(pushed.push.body), BirthCertificate)
    async with transaction(Department(pushed.push.department)):
        if await _is_new(pushed):
            child_id = await _welcome(certificate)
            await DatabaseArchive().keep(exchange_of_push(pushed, received, child_id, None))
    return PushTaken(id=pushed.push.id, received=True)


async def _is_new(pushed: Pushed) -> bool:
    """Note the event's id; of several deliveries at once, one is new and the others wait for it."""
    push = pushed.push
    return bool(
        await execute(
            "INSERT INTO received_push (department, id, kind, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            *(push.department, push.id, push.kind, clock.now()),
        )
    )


async def _welcome(certificate: BirthCertificate) -> UUID:
    parents = [await _parent(parent) for parent in (certificate.mother, certificate.father) if parent is not None]
    born_on = clock.local(certificate.child.born_at).date()
    child_id = await register_resident(
        Person(
            birth_certificate_no=certificate.certificate_no,
            birth_date=born_on,
            sex=certificate.child.sex,
            division_code=(await resident(parents[0])).division_code,
        )
    )
    for parent_id in parents:
        await relate_child(parent_id, child_id, born_on, source=SOURCE)
    await tell(ChildBorn(citizen_id=child_id, subject_id=child_id))
    return child_id


async def _parent(parent: Parent) -> UUID:
    return await register_resident(Person(name=parent.name, id_number=parent.id_number))
