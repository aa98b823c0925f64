"""A birth's household registration as a matter that can be applied for: from the hospital's certificate to the child's number."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import reduce
from typing import Any, Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import Citizen, DataClass, System
from app.kernel.database import transaction
from app.kernel.errors import FieldProblem
from app.kernel.words import Words
from app.residents.people import resident
from app.residents.registration import give_id_number
from app.residents.structs import Person, Resident
from integrations.departments.directory import HEALTH, POLICE
from integrations.departments.health import BirthCertificate, Health
from integrations.departments.police import BirthRegistered, BirthToRegister, Household, NewChild, Police
from integrations.exchange.errors import (
    DepartmentAnsweredWrongly,
    DepartmentRefused,
    DepartmentUnavailable,
    NotKnownToDepartment,
)
from integrations.exchange.structs import Answered
from lifecycle.birth import registration_rules
from lifecycle.birth.errors import ChildAlreadyRegistered, NotANewborn, NotTheGuardian
from lifecycle.birth.forms import BirthForm, HouseholdShown, day_of_birth
from lifecycle.cases.fields import Known, Prefill
from lifecycle.cases.forms import Applying, Approved, OrdinaryMatter, Settle
from lifecycle.licences.kinds import CERT_HUKOU
from lifecycle.licences.structs import Grant, Line

MATTER: Final = "birth_household_registration"
_STAGE: Final = System("birth")
_SILENT: Final = (DepartmentUnavailable, DepartmentAnsweredWrongly)
_NOTHING: Final = (NotKnownToDepartment, DepartmentRefused)
_SEXES: Final = {"male": "男", "female": "女"}


class BirthHouseholdRegistration(OrdinaryMatter):
    """The matter's form; it asks the Health Commission and the police through their ports."""

    matter_code = MATTER
    form: type[msgspec.Struct] = BirthForm
    data_classes: frozenset[DataClass] = frozenset({"identity", "family"})

    def __init__(self, police: Police, health: Health) -> None:
        """Use these ports."""
        self._police = police
        self._health = health

    async def admit(self, citizen: Citizen, subject_id: UUID) -> None:
        """Admit a guardian's child that has a birth certificate and no number yet.

        Refuses `NotTheGuardian`, `ChildAlreadyRegistered`, `NotANewborn`.
        """
        if not citizen.guards(subject_id):
            raise NotTheGuardian
        child = await resident(subject_id)
        if child.id_number is not None:
            raise ChildAlreadyRegistered
        if child.birth_certificate_no is None:
            raise NotANewborn

    async def prefill(self, applying: Applying) -> Prefill:
        """Ask the hospital's certificate, and then the police for both parents' households."""
        try:
            certificate = await self._health.birth_certificate(applying.asking, await _certificate_no(applying))
        except _SILENT:
            return Prefill({}, (HEALTH,))
        except _NOTHING:
            return Prefill()
        said = certificate.body
        parents = {"mother_household": said.mother, "father_household": said.father}
        households = await asyncio.gather(
            *(self._household(applying, name, parent.id_number) for name, parent in parents.items() if parent)
        )
        return reduce(Prefill.joined, households, Prefill(_of_certificate(certificate)))

    async def _household(self, applying: Applying, name: str, id_number: str) -> Prefill:
        """A parent's household under the field's name, if the police answer and know of one."""
        try:
            answered = await self._police.household(applying.asking, id_number)
        except _SILENT:
            return Prefill({}, (POLICE,))
        except _NOTHING:
            return Prefill()
        return Prefill({name: Known(_shown(answered.body), answered.department, answered.as_of)})

    def division(self, given: Mapping[str, Any]) -> str | None:
        """Where the household of the parent whom the child follows is registered."""
        household = given.get(f"{given.get('follow')}_household")
        return None if household is None else str(household["division_code"])

    def notes(self, given: Mapping[str, Any], as_of: datetime) -> Iterable[Words]:
        """Say until when to register, or that it is late and still possible."""
        born_at = given.get("born_at")
        return () if born_at is None else registration_rules.notes(day_of_birth(born_at), as_of.date())

    def problems(self, form: BirthForm) -> Iterable[FieldProblem]:
        """What contradicts itself in a complete form."""
        return registration_rules.problems(form)

    async def carry_out(self, approved: Approved) -> Settle:
        """Have the police register the birth. The same case number gives the same identity number, however often it is asked."""
        form = msgspec.convert(approved.values, BirthForm)
        certificate = await self._health.birth_certificate(approved.applying.asking, form.certificate_no)
        registered = await self._police.register_birth(
            approved.applying.asking, _to_register(form, certificate.body, approved.number)
        )

        async def settle() -> tuple[Grant, ...]:
            child = await _give_number(approved.applying.subject_id, form, registered.body)
            return (_page(child, form, registered.body, approved),)

        return settle


async def _certificate_no(applying: Applying) -> str:
    """The child's certificate. Who applies was checked with the case; an officer or a job asks for the same child."""
    async with transaction(_STAGE):
        child = await resident(applying.subject_id)
    if child.birth_certificate_no is None:
        raise NotANewborn
    return child.birth_certificate_no


def _of_certificate(answered: Answered[BirthCertificate]) -> dict[str, Known]:
    said = answered.body
    values: dict[str, Any] = {
        "certificate_no": said.certificate_no,
        "sex": said.child.sex,
        "born_at": clock.local(said.child.born_at).isoformat(),
        "birth_place": said.hospital,
        "mother_name": said.mother.name,
        "father_name": said.father.name if said.father else None,
    }
    return {
        name: Known(value, answered.department, answered.as_of) for name, value in values.items() if value is not None
    }


def _shown(household: Household) -> dict[str, str]:
    shown: dict[str, str] = msgspec.to_builtins(
        HouseholdShown(household.household_no, household.address, household.division_code)
    )
    return shown


def _to_register(form: BirthForm, certificate: BirthCertificate, case_number: str) -> BirthToRegister:
    household = form.father_household if form.follow == "father" else form.mother_household
    parent = certificate.father if form.follow == "father" else certificate.mother
    if household is None or parent is None:
        message = "an approved form names a parent with a household"
        raise ValueError(message)
    return BirthToRegister(
        case_number=case_number,
        certificate_no=form.certificate_no,
        child=NewChild(form.child_name, form.sex, form.born_at, form.ethnicity_code),
        follow_id_number=parent.id_number,
        household_no=household.household_no,
    )


async def _give_number(child_id: UUID, form: BirthForm, registered: BirthRegistered) -> Resident:
    return await give_id_number(
        child_id,
        Person(
            name=form.child_name,
            sex=form.sex,
            birth_date=day_of_birth(form.born_at),
            division_code=registered.division_code,
            id_number=registered.id_number,
        ),
    )


def _page(child: Resident, form: BirthForm, registered: BirthRegistered, approved: Approved) -> Grant:
    """The child's page in the household register (常住人口登记卡)."""
    lines = (
        Line(Words(zh="姓名", en="Name"), form.child_name, "name"),
        Line(Words(zh="性别", en="Sex"), _SEXES[form.sex], "sex"),
        Line(Words(zh="出生日期", en="Date of birth"), day_of_birth(form.born_at).isoformat(), "birth_date"),
        Line(Words(zh="公民身份号码", en="Identity number"), registered.id_number, "identity_number"),
        Line(Words(zh="户号", en="Household number"), registered.household_no, "household_number"),
        Line(Words(zh="住址", en="Address"), registered.address, "address"),
        Line(Words(zh="登记日期", en="Registered on"), registered.registered_on.isoformat(), "registered_on"),
    )
    return Grant(
        type_code=CERT_HUKOU,
        holder_id=child.id,
        department=POLICE,
        lines=lines,
        case_id=approved.applying.case_id,
        case_number=approved.number,
    )
