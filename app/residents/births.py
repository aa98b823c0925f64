"""What the Health Commission tells of a birth: the child becomes a resident, with mother and father."""

from typing import Final
from uuid import UUID

from app.kernel import clock
from app.kernel.actors import Department
from app.kernel.events import tell
from app.residents.events import ChildBorn
from app.residents.families import relate_child
from app.residents.people import resident
from app.residents.registration import register_resident
from app.residents.structs import Person
from integrations.departments.health import BirthCertificate, Parent

SOURCE: Final = "health:child_born"


async def welcome(_teller: Department, certificate: BirthCertificate) -> UUID:
    """Make a newborn known, with the parents whom the certificate names; they are guardians until it comes of age."""
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
