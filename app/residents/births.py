"""What the Health Commission tells of a birth: the child becomes a resident, with mother and father."""

from operator import attrgetter
from typing import Final
from uuid import UUID

from app.kernel import clock
from app.kernel.actors import Department
from app.kernel.events import tell
from app.residents.endings import tell_if_alone
from app.residents.errors import PersonDiffers
from app.residents.events import ChildBorn
from app.residents.families import relate_child
from app.residents.people import resident
from app.residents.registration import register_named, register_resident
from app.residents.structs import Person
from integrations.departments.health import BirthCertificate

SOURCE: Final = "health:child_born"


async def welcome(_teller: Department, certificate: BirthCertificate) -> UUID:
    """Make a newborn known, with the parents whom the certificate names; they are guardians until it comes of age.

    Refuses `PersonDiffers` where a parent's number is known under another name, or the certificate as somebody else's.
    """
    named = [parent for parent in (certificate.mother, certificate.father) if parent is not None]
    # Rows are locked in the order of the numbers, so that two events about the same people follow each other.
    named.sort(key=attrgetter("id_number"))
    parents = {one.id_number: await register_named(one.name, one.id_number) for one in named}
    born_on = clock.local(certificate.child.born_at).date()
    child_id = await register_resident(
        Person(
            birth_certificate_no=certificate.certificate_no,
            birth_date=born_on,
            sex=certificate.child.sex,
            division_code=(await resident(parents[certificate.mother.id_number])).division_code,
        )
    )
    if (await resident(child_id)).birth_date != born_on:
        raise PersonDiffers
    for parent_id in parents.values():
        await relate_child(parent_id, child_id, born_on, source=SOURCE)
    await tell(ChildBorn(citizen_id=child_id, subject_id=child_id))
    await tell_if_alone(child_id)
    return child_id
