"""Registering a pregnancy or a planned birth (生育登记): told to the Health Commission, and granted at once, since it isn't a permission.

Source: 人口与计划生育法 art. 18.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import Meta

from app.kernel import clock
from app.kernel.actors import Citizen, DataClass
from app.kernel.errors import FieldProblem
from app.kernel.structs import PersonName
from app.kernel.words import Words
from app.residents.ages import ADULT_AT, has_reached
from app.residents.structs import Resident
from integrations.departments.directory import HEALTH
from integrations.departments.maternity import (
    FERTILITY_REGISTRATIONS,
    REGISTER_FERTILITY,
    FertilityRegistered,
    FertilityRegistrations,
)
from lifecycle.cases.applications import Application, Source
from lifecycle.cases.errors import NotFitFor
from lifecycle.cases.fields import AskedIf, field
from lifecycle.cases.forms import Approved
from lifecycle.cases.person_fields import DivisionField, NameField, NumberField, PhoneField, own
from lifecycle.licences.kinds import CERT_FERTILITY
from lifecycle.licences.structs import Grant, Line

PLAN = Words(zh="生育情况", en="The birth")
Planned = Literal["pregnant", "planned"]
PLANNED = {
    "pregnant": Words(zh="已怀孕", en="Expecting"),
    "planned": Words(zh="计划生育", en="Planning a child"),
}
_WEEKS_TO_COME = 42


class FertilityForm(msgspec.Struct, frozen=True, kw_only=True):
    """What is registered."""

    name: NameField
    id_number: NumberField
    phone: PhoneField
    division_code: DivisionField
    children: Annotated[
        Annotated[int, Meta(ge=0, le=20)],
        field(
            Words(zh="已生育子女数", en="Children born"),
            Words(zh="来自卫健部门，无需填写。", en="As the Health Commission has it; nothing to fill in."),
            editable=False,
            section=PLAN,
        ),
    ] = 0
    plan: Annotated[Planned, field(Words(zh="登记情形", en="What is registered"), section=PLAN, values=PLANNED)]
    expected_on: Annotated[
        date | None,
        field(
            Words(zh="预产期", en="Due date"),
            Words(zh="医院告知的预产期。", en="As the hospital told you."),
            section=PLAN,
            asked_if=AskedIf("plan", ("pregnant",)),
        ),
    ] = None
    partner_name: Annotated[
        PersonName | None,
        field(
            Words(zh="另一方姓名", en="The other parent's name"),
            Words(zh="可不填；生育登记不以结婚为条件。", en="May be left empty: being married isn't needed."),
            section=PLAN,
        ),
    ] = None
    declaration: Annotated[bool, field(Words(zh="本人承诺所填属实", en="I declare that this is true"), section=PLAN)]


def _told(said: FertilityRegistrations) -> Mapping[str, Any]:
    return {"children": said.children}


class FertilityRegistration(Application[FertilityForm, FertilityRegistered]):
    """The matter."""

    matter_code: ClassVar[str] = "birth_registration_service"
    form = FertilityForm
    data_classes: ClassVar[frozenset[DataClass]] = frozenset({"identity", "contact", "family", "health"})
    own = own("name", "id_number", "phone", "division_code")
    sources = (Source(FERTILITY_REGISTRATIONS, _told),)
    order = REGISTER_FERTILITY

    def fit(self, person: Resident, citizen: Citizen, as_of: date) -> None:
        """Refuse (`NotFitFor`) anybody but oneself, of age."""
        of_age = person.birth_date is not None and has_reached(ADULT_AT, person.birth_date, as_of)
        if citizen.id != person.id or not of_age:
            raise NotFitFor(reason=Words(zh="生育登记由成年的本人办理。", en="Adults register it for themselves."))

    def problems(self, form: FertilityForm) -> Iterable[FieldProblem]:
        """Refuse a due date that can't be, and a form without the declaration."""
        if form.expected_on is not None and not 0 <= (form.expected_on - clock.today()).days <= _WEEKS_TO_COME * 7:
            yield FieldProblem("/form/expected_on", "not_a_due_date", "a due date lies within the coming 42 weeks")
        if not form.declaration:
            yield FieldProblem("/form/declaration", "must_be_so", "the declaration is needed")

    def decides_itself(self, form: FertilityForm) -> bool:
        """It is a registration, not a permission: whoever declares it is registered."""
        return form.declaration

    def parts(self, form: FertilityForm) -> Mapping[str, Any]:
        """What the register enters."""
        return {"plan": form.plan, "expected_on": form.expected_on, "partner_name": form.partner_name}

    def grants(self, approved: Approved, person: Resident, told: FertilityRegistered) -> Iterable[Grant]:
        """The electronic certificate (生育登记服务凭证)."""
        form = msgspec.convert(approved.values, FertilityForm)
        partner = form.partner_name or "—"
        yield Grant(
            type_code=CERT_FERTILITY,
            holder_id=person.id,
            department=HEALTH,
            lines=(
                Line(Words(zh="姓名", en="Name"), form.name),
                Line(Words(zh="另一方姓名", en="The other parent"), partner),
                Line(Words(zh="登记情形", en="Registered"), PLANNED[form.plan].zh),
                Line(Words(zh="凭证编号", en="Number"), told.registration_no),
                Line(Words(zh="登记日期", en="Registered on"), told.registered_on.isoformat()),
            ),
            case_id=approved.applying.case_id,
            case_number=approved.number,
        )
