"""Registering a child for compulsory schooling (义务教育入学), by a guardian.

Sources: 义务教育法 art. 2, 5, 11 and 12; 未成年人学校保护规定; 疫苗管理法 art. 48 for the check of vaccinations. Windows and classes are
each district's yearly plan, and so dated parameters.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import reduce
from typing import Any, ClassVar, Final

import msgspec

from app.kernel import clock
from app.kernel.actors import Citizen, DataClass
from app.kernel.errors import FieldProblem
from app.kernel.words import Words
from app.residents.structs import Resident
from integrations.departments.home_contracts import FILED_LEASES, FiledLeases
from integrations.departments.household_pages import HOUSEHOLD_PAGE, RESIDENCE_PERMIT, HouseholdPage, ResidencePermit
from integrations.departments.property_titles import TITLES, Titles
from integrations.departments.school_directory import DISTRICTS
from integrations.departments.school_roll import ADMIT_PUPIL, SCHOOL_ROLL, Admitted, SchoolRoll
from integrations.departments.schooling import JYJ, STAGES
from integrations.departments.social_security import SOCIAL_INSURANCE, SocialInsurance
from integrations.departments.vaccination_checks import VACCINATION_CHECK, VaccinationCheck
from integrations.exchange.errors import (
    DepartmentAnsweredWrongly,
    DepartmentRefused,
    DepartmentUnavailable,
    NotKnownToDepartment,
)
from lifecycle.cases.applications import Application, Source
from lifecycle.cases.errors import NotFitFor
from lifecycle.cases.fields import Known, Prefill
from lifecycle.cases.forms import Applying, Approved
from lifecycle.cases.person_fields import own
from lifecycle.education import school_admission_rules as rules
from lifecycle.education.school_admission_form import ADDRESSES, SchoolForm
from lifecycle.licences.kinds import CERT_ADMISSION
from lifecycle.licences.structs import Grant, Line
from lifecycle.rules.parameters import shipped

_OWN: Final = {**own("name", "id_number"), "birth_date": lambda person: person.birth_date}
_ADULTS_ONLY: Final = Words(zh="入学报名须由监护人申请。", en="A guardian registers a child for school.")


def _of_page(told: HouseholdPage) -> Mapping[str, Any]:
    return {
        "household_no": told.household_no,
        "household_kind": told.kind,
        "household_address": told.address,
        "household_since": told.registered_on,
        "grandchild": told.grandchild_of_head,
        "twin_id_number": next(iter(told.twins), None),
        "has_twin": bool(told.twins),
    }


def _of_guardians_page(told: HouseholdPage) -> Mapping[str, Any]:
    return {"guardian_household_no": told.household_no}


def _of_titles(told: Titles) -> Mapping[str, Any]:
    home = told.titles[0]
    return {"home_title_no": home.title_no, "home_address": home.address, "home_since": home.registered_on}


def _of_leases(told: FiledLeases) -> Mapping[str, Any]:
    lease = told.leases[0]
    return {"lease_no": lease.filing_no, "lease_address": lease.address}


def _of_permit(told: ResidencePermit) -> Mapping[str, Any]:
    return {"permit_address": told.address, "permit_until": told.valid_until}


def _of_insurance(told: SocialInsurance) -> Mapping[str, Any]:
    return {"insured_months": max((one.months for one in told.insurances), default=0)}


def _of_check(told: VaccinationCheck) -> Mapping[str, Any]:
    return {"vaccinated": told.complete, "vaccines_missing": told.missing}


def _of_roll(told: SchoolRoll) -> Mapping[str, Any]:
    enrolled, admitted = told.enrolled, told.admitted
    learns = {
        "learns_at": enrolled.school.name,
        "learns_stage": enrolled.stage,
        "learns_year": enrolled.year_of_stage,
    } if enrolled else {}  # fmt: skip
    return learns | {"admitted_stage": admitted.stage if admitted else None}


class SchoolAdmission(Application[SchoolForm, Admitted]):
    """The matter: an officer decides; a school that is full sends the case back, and another school is offered."""

    matter_code: ClassVar[str] = "school_admission"
    form = SchoolForm
    data_classes: ClassVar[frozenset[DataClass]] = frozenset({"identity", "contact", "family", "money", "health"})
    own: ClassVar[Mapping[str, Callable[[Resident], Any]]] = _OWN
    sources = (
        Source(HOUSEHOLD_PAGE, _of_page),
        Source(HOUSEHOLD_PAGE, _of_guardians_page, whose="applicant"),
        Source(TITLES, _of_titles, whose="applicant"),
        Source(FILED_LEASES, _of_leases, whose="applicant"),
        Source(RESIDENCE_PERMIT, _of_permit, whose="applicant"),
        Source(SOCIAL_INSURANCE, _of_insurance, whose="applicant"),
        Source(VACCINATION_CHECK, _of_check),
        Source(SCHOOL_ROLL, _of_roll),
    )
    order = ADMIT_PUPIL

    def fit(self, person: Resident, citizen: Citizen, as_of: date) -> None:
        """Refuse (`NotFitFor`) who registers themselves, and a child for whom neither stage can be applied for on the day."""
        if citizen.id == person.id:
            raise NotFitFor(reason=_ADULTS_ONLY)
        if person.birth_date is not None:
            why = rules.not_of_age(person.birth_date, shipped().reading(as_of))
            if why is not None:
                raise NotFitFor(reason=why)

    async def prefill(self, applying: Applying) -> Prefill:
        """Ask every register, and then for the school districts of the addresses that they told."""
        said = await super().prefill(applying)
        addresses = {name: said.known.get(f"{name}_address") for name in ADDRESSES}
        drawn = await asyncio.gather(
            *(self._district(applying, name, str(known.value)) for name, known in addresses.items() if known)
        )
        return reduce(Prefill.joined, drawn, said)

    async def _district(self, applying: Applying, name: str, address: str) -> Prefill:
        """The one district of an address; an address that names no street lies in none."""
        try:
            told = await self._registers.everybodys(applying.asking, DISTRICTS, {"address": address})
        except (DepartmentUnavailable, DepartmentAnsweredWrongly):
            return Prefill({}, (JYJ,))
        except (NotKnownToDepartment, DepartmentRefused):
            return Prefill()
        if len(told.body.items) != 1:
            return Prefill()
        value = msgspec.to_builtins(told.body.items[0])
        return Prefill({f"{name}_district": Known(value, told.department, told.as_of)})

    def division(self, given: Mapping[str, Any]) -> str | None:
        """The education authority of the address that counts."""
        district = given.get(f"{given.get('address_of')}_district")
        return None if district is None else str(district["division_code"])

    def notes(self, given: Mapping[str, Any], as_of: datetime) -> Iterable[Words]:
        """Whose turn it is and at which school, in time or late, and what is missing."""
        return rules.notes(given, shipped().reading(clock.local(as_of).date()))

    def problems(self, form: SchoolForm) -> Iterable[FieldProblem]:
        """Refuse a stage that isn't the child's, a place given already, and an address that nobody knows of."""
        return rules.problems(form, shipped().reading(clock.today()))

    def parts(self, form: SchoolForm) -> Mapping[str, Any]:
        """What the education authority enters."""
        school = rules.school_of(form)
        return {
            "school_code": form.other_school or (school.code if school else None),
            "stage": form.stage,
            "together_with": form.twin_id_number if form.together else None,
        }

    def grants(self, approved: Approved, person: Resident, told: Admitted) -> Iterable[Grant]:
        """The notice of admission (入学通知书)."""
        form = msgspec.convert(approved.values, SchoolForm)
        yield Grant(
            type_code=CERT_ADMISSION,
            holder_id=person.id,
            department=JYJ,
            lines=(
                Line(Words(zh="姓名", en="Name"), form.name),
                Line(Words(zh="公民身份号码", en="Identity number"), form.id_number),
                Line(Words(zh="学籍号", en="Student number"), told.student_no),
                Line(Words(zh="录取学校", en="School"), told.school.name),
                Line(Words(zh="学段", en="Stage"), STAGES[told.stage].zh),
                Line(Words(zh="报到日期", en="Starts on"), told.starts_on.isoformat()),
                Line(Words(zh="通知书编号", en="Notice no."), told.notice_no),
            ),
            case_id=approved.applying.case_id,
            case_number=approved.number,
        )
