"""What civil affairs tells of custody (直接抚养) and guardianship (监护); docs/decisions/0020 says what follows from each.

Everything runs in the teller's transaction, and a repeat changes nothing.
"""

from datetime import date
from typing import Final
from uuid import UUID

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.kernel import clock
from app.kernel.actors import Department
from app.kernel.database import transaction
from app.kernel.events import tell
from app.kernel.text import normalised
from app.residents.deaths import is_minor
from app.residents.directory import find_by_birth_certificate, find_by_id_number
from app.residents.errors import EventTooEarly, PersonDiffers
from app.residents.events import CustodyChanged, GuardianAppointed, GuardianshipEnded, WardLeftAlone
from app.residents.families import comes_of_age, end, give_custody, guardians_of, kin_of, let_the_rest_act, relate
from app.residents.people import RESIDENTS, locked, resident
from app.residents.registration import register_resident
from app.residents.structs import Person
from integrations.departments.civil_affairs import CustodyDecision, GuardianNamed, GuardianshipDecision, WardNamed

CUSTODY: Final = "civil_affairs:custody_changed"
GUARDIANSHIP: Final = "civil_affairs:guardianship_changed"


async def change_custody(teller: Department, told: CustodyDecision) -> UUID | None:
    """Write with whom a child lives. The other parent stays parent and guardian, looks, and applies for nothing alone.

    Refuses `EventTooEarly` and `PersonDiffers`; of a child who isn't known here nothing is written.
    """
    _refuse_too_early(told.effective_on)
    child_id = await _find(told.child)
    if child_id is None:
        return None
    async with transaction(RESIDENTS):
        await _lock(child_id)
        custodians = [await _known(custodian) for custodian in told.custodians]
        until = await _until(child_id)
        before = await guardians_of(child_id)
        for custodian_id in custodians:
            if custodian_id not in before:
                await relate(custodian_id, "guardian_of", child_id, source=CUSTODY, until=until)
        for guardian_id in dict.fromkeys((*before, *custodians)):
            await give_custody(guardian_id, child_id, source=CUSTODY, custody=guardian_id in custodians)
    await tell(CustodyChanged(citizen_id=child_id, subject_id=child_id))
    await seal_act(Act.CUSTODY_CHANGED, teller, about=child_id, basis=Basis("registry", told.reference))
    return child_id


async def change_guardians(teller: Department, told: GuardianshipDecision) -> UUID | None:
    """Write who became guardian of somebody, or is it no longer. By an adoption former parents are neither any more (art. 1111).

    Refuses `EventTooEarly` and `PersonDiffers`. A ward who isn't known here becomes a resident with their new guardian, if
    they are named by identity number.
    """
    _refuse_too_early(told.effective_on)
    ward_id = await _find(told.ward)
    if ward_id is None:
        if told.change == "revoked" or told.ward.id_number is None:
            return None
        ward_id = await register_resident(Person(id_number=told.ward.id_number))
    async with transaction(RESIDENTS):
        await _lock(ward_id)
        named = [await _known(guardian) for guardian in told.guardians]
        ended = await _ended(ward_id, named, told)
        appointed = [] if told.change == "revoked" else await _appointed(ward_id, named, told)
    if ended and await let_the_rest_act(ward_id, source=GUARDIANSHIP):
        await tell(CustodyChanged(citizen_id=ward_id, subject_id=ward_id))
    for guardian_id in ended:
        await tell(GuardianshipEnded(citizen_id=ward_id, subject_id=guardian_id))
    for guardian_id in appointed:
        await tell(GuardianAppointed(citizen_id=ward_id, subject_id=guardian_id))
    if ended and not await guardians_of(ward_id) and await is_minor(ward_id):
        await tell(WardLeftAlone(citizen_id=ward_id, subject_id=ward_id))
    await seal_act(Act.GUARDIANSHIP_CHANGED, teller, about=ward_id, basis=Basis("registry", told.reference))
    return ward_id


async def _ended(ward_id: UUID, named: list[UUID], told: GuardianshipDecision) -> list[UUID]:
    """End what the decision ends: the guardianship that was revoked, or the former parents' by an adoption."""
    if told.change == "appointed":
        return []
    ended = []
    for kin in await kin_of(ward_id):
        concerned = kin.id in named if told.change == "revoked" else kin.id not in named
        if concerned and kin.relation == "ward_of":
            await end(ward_id, "ward_of", kin.id, source=GUARDIANSHIP, on=told.effective_on)
            ended.append(kin.id)
        elif concerned and kin.relation == "child_of" and told.change == "adopted":
            await end(ward_id, "child_of", kin.id, source=GUARDIANSHIP, on=told.effective_on)
    return ended


async def _appointed(ward_id: UUID, named: list[UUID], told: GuardianshipDecision) -> list[UUID]:
    before, until = await guardians_of(ward_id), await _until(ward_id)
    for guardian_id in named:
        await relate(guardian_id, "guardian_of", ward_id, source=GUARDIANSHIP, until=until)
        if told.change == "adopted":
            await relate(guardian_id, "parent_of", ward_id, source=GUARDIANSHIP)
    return [guardian_id for guardian_id in named if guardian_id not in before]


async def _until(ward_id: UUID) -> date | None:
    """When a guardianship ends by itself: with a minor's majority; an adult's (art. 28) only by another decision."""
    born_on = (await resident(ward_id)).birth_date
    if born_on is None or not await is_minor(ward_id):
        return None
    return comes_of_age(born_on)


async def _find(ward: WardNamed) -> UUID | None:
    if ward.id_number is not None:
        return await find_by_id_number(ward.id_number)
    return await find_by_birth_certificate(ward.birth_certificate_no or "")


async def _known(guardian: GuardianNamed) -> UUID:
    """The resident who is named, made known if need be; refuses `PersonDiffers`."""
    guardian_id = await register_resident(Person(name=guardian.name, id_number=guardian.id_number))
    if (await resident(guardian_id)).name != normalised(guardian.name):
        raise PersonDiffers
    return guardian_id


async def _lock(ward_id: UUID) -> None:
    """Let two decisions at once follow each other."""
    await locked(ward_id)


def _refuse_too_early(effective_on: date) -> None:
    if effective_on > clock.today():
        raise EventTooEarly
