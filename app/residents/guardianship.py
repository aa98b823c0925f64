"""What civil affairs tells of custody (直接抚养) and guardianship (监护); docs/decisions/0020 says what follows from each.

Everything runs in the teller's transaction, and a repeat changes nothing.
"""

from datetime import date
from operator import attrgetter
from typing import Final
from uuid import UUID

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.kernel import clock
from app.kernel.actors import Department
from app.kernel.database import transaction
from app.kernel.events import tell
from app.residents.directory import find_by_birth_certificate, find_by_id_number
from app.residents.endings import tell_if_alone
from app.residents.errors import EventTooEarly
from app.residents.events import CustodyChanged, GuardianAppointed, GuardianshipEnded
from app.residents.families import (
    comes_of_age,
    end,
    give_custody,
    guardians_of,
    is_minor,
    kin_of,
    let_the_rest_act,
    newest_custody,
    newest_decision,
    note_decision,
    relate,
)
from app.residents.people import RESIDENTS, is_alive, locked
from app.residents.registration import register_named, register_resident
from app.residents.structs import Person, Resident
from integrations.departments.civil_affairs import CustodyDecision, Guardians, GuardianshipDecision, WardNamed

CUSTODY: Final = "civil_affairs:custody_changed"
GUARDIANSHIP: Final = "civil_affairs:guardianship_changed"


async def change_custody(teller: Department, told: CustodyDecision) -> UUID | None:
    """Write with whom a child lives. The other parent stays parent and guardian, looks, and applies for nothing alone.

    Of who isn't known here, or is of age, nothing is written; nor where a newer decision is known. Custodians who have died
    since have none. Refuses `EventTooEarly` and `PersonDiffers`.
    """
    _refuse_too_early(told.effective_on)
    child_id = await _find(told.child)
    if child_id is None:
        return None
    async with transaction(RESIDENTS):
        custodians = await _known(told.custodians)
        child = await locked(child_id)
        if not await is_minor(child_id) or _is_newer(await newest_custody(child_id), told.effective_on):
            return child_id
        custodians = [one for one in custodians if await _may_have_custody(child_id, one, told.effective_on)]
        before = await guardians_of(child_id)
        for custodian_id in set(custodians) - set(before):
            await relate(custodian_id, "guardian_of", child_id, source=CUSTODY, until=_until(child, told.effective_on))
        for guardian_id in dict.fromkeys((*before, *custodians)):
            custody = guardian_id in custodians if custodians else None
            await give_custody(guardian_id, child_id, source=CUSTODY, custody=custody, on=told.effective_on)
    await tell(CustodyChanged(citizen_id=child_id, subject_id=child_id))
    await seal_act(Act.CUSTODY_CHANGED, teller, about=child_id, basis=Basis("registry", told.reference))
    return child_id


async def _may_have_custody(child_id: UUID, custodian_id: UUID, since: date) -> bool:
    return await is_alive(custodian_id) and not _is_newer(await newest_decision(child_id, custodian_id), since)


async def change_guardians(teller: Department, told: GuardianshipDecision) -> UUID | None:
    """Write who became guardian of somebody, or is it no longer. By an adoption former parents are neither any more (art. 1111).

    What a newer decision says of a guardian stays. A ward who isn't known here becomes a resident with their new guardian, if
    they are named by identity number. Refuses `EventTooEarly` and `PersonDiffers`.
    """
    _refuse_too_early(told.effective_on)
    async with transaction(RESIDENTS):
        ward_id = await _find_or_register(told)
        if ward_id is None:
            return None
        named = await _known(told.guardians)
        ward = await locked(ward_id)
        ended = await _ended(ward_id, named, told)
        appointed = [] if told.change == "revoked" else await _appointed(ward, named, told)
    if not ended and not appointed:
        return ward_id
    if ended and await let_the_rest_act(ward_id, source=GUARDIANSHIP, on=told.effective_on):
        await tell(CustodyChanged(citizen_id=ward_id, subject_id=ward_id))
    for guardian_id in ended:
        await tell(GuardianshipEnded(citizen_id=ward_id, subject_id=guardian_id))
    for guardian_id in appointed:
        await tell(GuardianAppointed(citizen_id=ward_id, subject_id=guardian_id))
    if ended:
        await tell_if_alone(ward_id)
    await seal_act(Act.GUARDIANSHIP_CHANGED, teller, about=ward_id, basis=Basis("registry", told.reference))
    return ward_id


async def _find_or_register(told: GuardianshipDecision) -> UUID | None:
    ward_id = await _find(told.ward)
    if ward_id is None and told.change != "revoked" and told.ward.id_number is not None:
        return await register_resident(Person(id_number=told.ward.id_number))
    return ward_id


async def _ended(ward_id: UUID, named: list[UUID], told: GuardianshipDecision) -> list[UUID]:
    """End what the decision ends: the guardianship that was revoked, or the former parents' by an adoption."""
    if told.change == "appointed":
        return []
    ended = []
    for kin in await kin_of(ward_id):
        concerned = kin.id in named if told.change == "revoked" else kin.id not in named
        if not concerned or _is_newer(kin.decided_on, told.effective_on):
            continue
        if kin.relation == "ward_of":
            await end(ward_id, "ward_of", kin.id, source=GUARDIANSHIP, on=told.effective_on)
            ended.append(kin.id)
        elif kin.relation == "child_of" and told.change == "adopted":
            await end(ward_id, "child_of", kin.id, source=GUARDIANSHIP, on=told.effective_on)
    return ended


async def _appointed(ward: Resident, named: list[UUID], told: GuardianshipDecision) -> list[UUID]:
    before, since = await guardians_of(ward.id), told.effective_on
    for guardian_id in named:
        if _is_newer(await newest_decision(ward.id, guardian_id), since):
            continue
        if told.change == "adopted":
            await relate(guardian_id, "parent_of", ward.id, source=GUARDIANSHIP)
            await note_decision(guardian_id, "parent_of", ward.id, since)
        if await is_alive(guardian_id):
            await relate(guardian_id, "guardian_of", ward.id, source=GUARDIANSHIP, until=_until(ward, since))
            await note_decision(guardian_id, "guardian_of", ward.id, since)
    return [guardian_id for guardian_id in await guardians_of(ward.id) if guardian_id not in before]


def _until(ward: Resident, since: date) -> date | None:
    """When a guardianship ends by itself: a minor's with their majority; an adult's (art. 28) only by another decision."""
    if ward.birth_date is None or since >= comes_of_age(ward.birth_date):
        return None
    return comes_of_age(ward.birth_date)


def _is_newer(known: date | None, told: date) -> bool:
    """Whether what is known holds from a later day than what is told now; of one day, what is told last holds."""
    return known is not None and known > told


async def _find(ward: WardNamed) -> UUID | None:
    if ward.id_number is not None:
        return await find_by_id_number(ward.id_number)
    return await find_by_birth_certificate(ward.birth_certificate_no or "")


async def _known(guardians: Guardians) -> list[UUID]:
    """The residents who are named, made known if need be, and locked in the order of their numbers; refuses `PersonDiffers`."""
    named = sorted(guardians, key=attrgetter("id_number"))
    return [await register_named(one.name, one.id_number) for one in named]


def _refuse_too_early(effective_on: date) -> None:
    if effective_on > clock.today():
        raise EventTooEarly
