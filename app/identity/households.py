"""The police are asked for the household ahead of need, so that nobody types in their family, where the citizen allows it."""

from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from app.identity.events import RealNameProved
from app.identity.real_name import asking_about
from app.kernel import clock
from app.kernel.database import transaction
from app.kernel.identity_numbers import parse
from app.kernel.jobs import enqueue
from app.privacy.consents import is_given, purpose_of
from app.privacy.events import ConsentGiven
from app.privacy.purposes import SOURCE_POLICE
from app.residents.families import comes_of_age, relate, relate_child
from app.residents.people import RESIDENTS, resident
from app.residents.registration import register_resident
from app.residents.structs import Person
from integrations.departments.police import Household, HouseholdMember, Police
from integrations.exchange.errors import NotKnownToDepartment

JOB: Final = "identity.fetch_household"
SOURCE: Final = "police:household"
_HEAD: Final = frozenset({"01", "02"})
"""户主 (GB/T 4761-2008: 本人 01, 户主 02)."""
_SPOUSE: Final = "1"
_CHILD: Final = ("2", "3")
"""First digits of the codes of sons and daughters of the head of household."""
_NOT_OWN_FOR_CERTAIN: Final = frozenset({"27", "28", "29", "37", "38", "39"})
"""Adopted or step-children, children-in-law and others: whose they are, these codes don't say."""


class FetchHousehold(msgspec.Struct, frozen=True):
    """Whose household is to be fetched."""

    citizen_id: UUID


async def on_real_name_proved(event: RealNameProved) -> None:
    """Have the household fetched; while it waits, it isn't asked for twice."""
    await enqueue(JOB, FetchHousehold(event.subject_id), once=f"{JOB}:{event.subject_id}")


async def on_consent_given(event: ConsentGiven) -> None:
    """Have the household fetched, now that it may be."""
    if event.citizen_id is not None and await purpose_of(event.subject_id) == SOURCE_POLICE:
        await enqueue(JOB, FetchHousehold(event.citizen_id), once=f"{JOB}:{event.citizen_id}")


async def fetch_household(police: Police, job: FetchHousehold) -> None:
    """Fetch a citizen's household, and make spouse, children under 18 and a minor's parents residents; harmless when repeated.

    Nobody is asked without the citizen's consent, and what comes after it was withdrawn is dropped.
    """
    if not await is_given(job.citizen_id, SOURCE_POLICE):
        return
    async with transaction(RESIDENTS):
        citizen = await resident(job.citizen_id)
    if citizen.id_number is None:
        return
    try:
        said = await police.household(asking_about(job.citizen_id, "household"), citizen.id_number)
    except NotKnownToDepartment:
        return
    if not await is_given(job.citizen_id, SOURCE_POLICE):
        return
    async with transaction(RESIDENTS):
        for member, relation in relatives(said.body, citizen.id_number, clock.today()):
            other_id = await register_resident(_person(member, said.body))
            if relation == "spouse":
                await relate(job.citizen_id, "spouse_of", other_id, source=SOURCE)
            elif relation == "child":
                await relate_child(job.citizen_id, other_id, member.birth_date, source=SOURCE)
            else:
                await relate_child(other_id, job.citizen_id, parse(citizen.id_number).birth_date, source=SOURCE)


def relatives(household: Household, id_number: str, today: date) -> list[tuple[HouseholdMember, str]]:
    """The spouse and the children under 18 of one member, and the parents of one under 18, as far as the register is certain of them.

    Its codes are all about the head of the household: they say who is married to the head, and who is the head's own child. A
    child of anybody else, and so also of the head's spouse, is one whose parents the register names.
    """
    own = next((member for member in household.members if member.id_number == id_number), None)
    if own is None:
        return []
    others = [member for member in household.members if member.id_number != id_number]
    spouses = [(member, "spouse") for member in others if _heads(own) and _heads(member)]
    minors = [member for member in others if today < comes_of_age(member.birth_date)]
    children = [(member, "child") for member in minors if _is_child_of(own, member)]
    parents = others if today < comes_of_age(own.birth_date) else []
    return spouses + children + [(member, "parent") for member in parents if _is_child_of(member, own)]


def _heads(member: HouseholdMember) -> bool:
    return member.relation_code in _HEAD or member.relation_code.startswith(_SPOUSE)


def _is_child_of(own: HouseholdMember, member: HouseholdMember) -> bool:
    parents = {member.father_id_number, member.mother_id_number} - {None}
    if parents:
        return own.id_number in parents
    code = member.relation_code
    return own.relation_code in _HEAD and code.startswith(_CHILD) and code not in _NOT_OWN_FOR_CERTAIN


def _person(member: HouseholdMember, household: Household) -> Person:
    return Person(
        name=member.name,
        id_number=member.id_number,
        birth_date=member.birth_date,
        sex=member.sex,
        division_code=household.division_code,
    )
