"""Enrolling a newborn with the residents' basic medical insurance (城乡居民基本医疗保险), which gives its electronic certificate.

Sources: 社会保险法 art. 25. Paying what is due is another step.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Final

import msgspec

from app.kernel import clock
from app.kernel.actors import Citizen, DataClass
from app.kernel.errors import FieldProblem
from app.kernel.words import Words
from app.residents.structs import Resident
from integrations.departments.health_insurance import (
    ENROL_NEWBORN,
    INSURED_AS,
    MEDICAL_INSURANCE,
    YBJ,
    InsuredAs,
    MedicalInsurance,
    NewbornEnrolled,
)
from integrations.departments.household_pages import RESIDENCE_PERMIT, ResidencePermit
from lifecycle.birth import newborn_insurance_rules as rules
from lifecycle.cases.applications import Application, Source
from lifecycle.cases.errors import NotFitFor
from lifecycle.cases.fields import AskedIf, field, material
from lifecycle.cases.forms import Approved
from lifecycle.cases.material_structs import MaterialRef
from lifecycle.cases.person_fields import (
    OWN,
    PERSON,
    BirthDateField,
    DivisionField,
    NameField,
    NumberField,
    PhoneField,
    own,
)
from lifecycle.licences.kinds import CERT_MEDICAL_INSURANCE
from lifecycle.licences.structs import Grant, Line
from lifecycle.rules.parameters import Reading, shipped

COVER: Final = Words(zh="参保情况", en="Insurance")


class NewbornInsuranceForm(msgspec.Struct, frozen=True, kw_only=True):
    """What an enrolment needs; for a child registered here nearly all of it is known."""

    name: NameField
    id_number: NumberField
    birth_date: BirthDateField
    registered_here: Annotated[
        bool, field(Words(zh="户籍在烟台", en="Registered in Yantai"), editable=False, section=PERSON)
    ]
    holds_permit: Annotated[
        bool | None,
        field(
            Words(zh="持有烟台居住证", en="Has a residence permit of Yantai"),
            Words(zh="户籍不在烟台的，凭居住证参保。", en="Who is registered elsewhere enrols by it."),
            section=PERSON,
            asked_if=AskedIf("registered_here", (False,)),
        ),
    ] = None
    permit_until: Annotated[
        date | None,
        field(
            Words(zh="居住证有效期至", en="Permit until"),
            Words(zh="由公安部门核对，无需填写。", en="Checked with the police; nothing to fill in."),
            editable=False,
            section=PERSON,
        ),
    ] = None
    permit_copy: Annotated[
        MaterialRef | None,
        material(
            Words(zh="居住证", en="Residence permit"),
            Words(zh="公安部门未查到时请附照片。", en="A photograph, where the police have none on file."),
            section=PERSON,
            asked_if=AskedIf("holds_permit", (True,)),
            waived_by=("permit_until",),
        ),
    ] = None
    division_code: DivisionField
    phone: PhoneField
    insured_as: Annotated[
        InsuredAs | None,
        field(Words(zh="已参加的医保", en="Insured already as"), editable=False, section=COVER, values=INSURED_AS),
    ] = None


def _registered_here(person: Resident) -> bool | None:
    return None if person.division_code is None else person.division_code.startswith("3706")


def _of_permit(told: ResidencePermit) -> Mapping[str, Any]:
    return {"holds_permit": True, "permit_until": told.valid_until}


def _of_insurance(told: MedicalInsurance) -> Mapping[str, Any]:
    return {"insured_as": told.insured_as}


class NewbornInsurance(Application[NewbornInsuranceForm, NewbornEnrolled]):
    """The matter; a child registered here that isn't insured is enrolled by rule."""

    matter_code: ClassVar[str] = "newborn_medical_insurance"
    form = NewbornInsuranceForm
    data_classes: ClassVar[frozenset[DataClass]] = frozenset({"identity", "contact"})
    own = {**own("name", "id_number", "birth_date", "division_code"), "registered_here": _registered_here}  # noqa: RUF012 - the base says ClassVar
    own_of_applicant = {"phone": OWN["phone"]}  # noqa: RUF012 - the base says ClassVar
    sources = (Source(MEDICAL_INSURANCE, _of_insurance), Source(RESIDENCE_PERMIT, _of_permit))
    order = ENROL_NEWBORN

    def fit(self, person: Resident, citizen: Citizen, as_of: date) -> None:
        """Refuse (`NotFitFor`) all but a guardian's child that is still a newborn to the insurance."""
        if not citizen.guards(person.id):
            raise NotFitFor(reason=Words(zh="请由监护人为新生儿参保。", en="A guardian enrols a newborn."))
        born = person.birth_date
        if born is not None and not rules.is_newborn(born, _reading(as_of)):
            raise NotFitFor(
                reason=Words(
                    zh="已超过新生儿参保年龄，请在集中缴费期参加居民医保。",
                    en="Too old to enrol as a newborn; enrol as a resident within the yearly window.",
                )
            )

    def notes(self, given: Mapping[str, Any], as_of: datetime) -> Iterable[Words]:
        """Say from when the child is covered and what is due."""
        born = given.get("birth_date")
        if born is None or given.get("insured_as") is not None:
            return ()
        return rules.notes(date.fromisoformat(born), _reading(clock.local(as_of).date()))

    def problems(self, form: NewbornInsuranceForm) -> Iterable[FieldProblem]:
        """Refuse a child that is insured already, and one registered elsewhere without a residence permit."""
        if form.insured_as is not None:
            yield FieldProblem("/form/insured_as", "insured_already", "the register has the child as insured already")
        if form.holds_permit is False:
            yield FieldProblem("/form/holds_permit", "must_be_so", "who is registered elsewhere needs a permit")

    def decides_itself(self, form: NewbornInsuranceForm) -> bool:
        """Enrol at once who is registered here, or has a permit that the police know of, and isn't insured."""
        permitted = form.permit_until is not None and form.permit_until >= clock.today()
        return (form.registered_here or permitted) and form.insured_as is None

    def parts(self, form: NewbornInsuranceForm) -> Mapping[str, Any]:
        """What the insurance needs beside the child's number."""
        return {"holds_permit": bool(form.holds_permit)}

    def grants(self, approved: Approved, person: Resident, told: NewbornEnrolled) -> Iterable[Grant]:
        """The child's electronic certificate."""
        form = msgspec.convert(approved.values, NewbornInsuranceForm)
        yield Grant(
            type_code=CERT_MEDICAL_INSURANCE,
            replaces=(CERT_MEDICAL_INSURANCE,),
            holder_id=person.id,
            department=YBJ,
            lines=(
                Line(Words(zh="姓名", en="Name"), form.name),
                Line(Words(zh="公民身份号码", en="Identity number"), form.id_number),
                Line(Words(zh="险种", en="Insurance"), "城乡居民基本医疗保险"),
                Line(Words(zh="参保身份", en="Insured as"), INSURED_AS["newborn"].zh),
                Line(Words(zh="参保地", en="Insured in"), "烟台市"),
                Line(Words(zh="待遇起始日期", en="Covered from"), told.covered_from.isoformat()),
            ),
            case_id=approved.applying.case_id,
            case_number=approved.number,
        )


def _reading(as_of: date) -> Reading:
    return shipped().reading(as_of)
