"""Registering as unemployed (失业登记), which gives the employment and start-up certificate (就业创业证).

Sources: 就业促进法 art. 35; 就业服务与就业管理规定 art. 61-65.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Final, Literal

import msgspec

from app.kernel.actors import Citizen, DataClass
from app.kernel.errors import FieldProblem
from app.kernel.structs import Line
from app.kernel.words import Words
from app.residents.structs import Resident
from integrations.departments.labour_records import (
    END_REASONS,
    REGISTER_UNEMPLOYMENT,
    UNEMPLOYMENT_RECORD,
    EndReason,
    UnemploymentRecord,
    UnemploymentRegistered,
)
from integrations.departments.social_security import RSJ
from lifecycle.cases.applications import Application, Source
from lifecycle.cases.errors import NotFitFor
from lifecycle.cases.fields import field
from lifecycle.cases.forms import Approved
from lifecycle.cases.person_fields import DivisionField, NameField, NumberField, PhoneField, own
from lifecycle.licences.kinds import CERT_EMPLOYMENT
from lifecycle.licences.structs import Grant
from lifecycle.licences.structs import Line as LicenceLine
from lifecycle.rules.ages import Span

WORKS_FROM: Final = Span.read("16y")
"""The age from which somebody may work (劳动法 art. 15)."""
LOST: Final = Words(zh="失业情况", en="The work that ended")
_FROM_EMPLOYER: Final = Words(
    zh="来自单位的停保和备案，无需填写。", en="As your employer reported it; nothing to fill in."
)
Seeking = Literal["same", "other", "training", "own_business"]
SEEKING: Final = {
    "same": Words(zh="同类岗位", en="Similar work"),
    "other": Words(zh="其他岗位", en="Other work"),
    "training": Words(zh="先参加培训", en="Training first"),
    "own_business": Words(zh="自主创业", en="A business of my own"),
}


class UnemploymentForm(msgspec.Struct, frozen=True, kw_only=True):
    """What a registration needs; nearly all of it is known."""

    name: NameField
    id_number: NumberField
    phone: PhoneField
    division_code: DivisionField
    last_employer: Annotated[
        Line, field(Words(zh="原单位", en="Last employer"), _FROM_EMPLOYER, editable=False, section=LOST)
    ]
    ended_on: Annotated[
        date, field(Words(zh="终止或解除日期", en="Ended on"), _FROM_EMPLOYER, editable=False, section=LOST)
    ]
    reason: Annotated[
        EndReason,
        field(
            Words(zh="终止原因", en="Why it ended"), _FROM_EMPLOYER, editable=False, section=LOST, values=END_REASONS
        ),
    ]
    registered_on: Annotated[
        date | None,
        field(Words(zh="已有失业登记", en="Registered already"), _FROM_EMPLOYER, editable=False, section=LOST),
    ] = None
    seeking: Annotated[
        Seeking,
        field(
            Words(zh="求职意向", en="What you look for"),
            Words(
                zh="公共就业服务机构据此推荐岗位或培训。",
                en="The public employment service suggests work or training by it.",
            ),
            values=SEEKING,
        ),
    ]
    wants_work: Annotated[
        bool,
        field(
            Words(zh="本人有劳动能力并有就业要求", en="I can work and want to"),
            Words(zh="登记失业的法定条件。", en="Law registers only who can work and wants to."),
        ),
    ]


def _of_record(told: UnemploymentRecord) -> Mapping[str, Any]:
    return {
        "last_employer": told.last_employer,
        "ended_on": told.ended_on,
        "reason": told.reason,
        "registered_on": told.registered_on,
    }


class UnemploymentRegistration(Application[UnemploymentForm, UnemploymentRegistered]):
    """The matter; what the employer reported bears it out, so it is granted by rule."""

    matter_code: ClassVar[str] = "employment_unemployment_cert"
    form = UnemploymentForm
    data_classes: ClassVar[frozenset[DataClass]] = frozenset({"identity", "contact"})
    own = own("name", "id_number", "phone", "division_code")
    sources = (Source(UNEMPLOYMENT_RECORD, _of_record),)
    order = REGISTER_UNEMPLOYMENT

    def fit(self, person: Resident, citizen: Citizen, as_of: date) -> None:
        """Refuse (`NotFitFor`) whoever is too young to work; everybody registers for themselves."""
        if citizen.id != person.id:
            raise NotFitFor(reason=Words(zh="失业登记须由本人申请。", en="Everybody registers for themselves."))
        if person.birth_date is not None and as_of < WORKS_FROM.after(person.birth_date):
            raise NotFitFor(reason=Words(zh="未满16周岁。", en="Under 16 years of age."))

    def problems(self, form: UnemploymentForm) -> Iterable[FieldProblem]:
        """Refuse a second registration, and who doesn't want work."""
        if form.registered_on is not None:
            yield FieldProblem(
                "/form/registered_on", "registered_already", "the register has you as unemployed already"
            )
        if not form.wants_work:
            yield FieldProblem("/form/wants_work", "must_be_so", "only who wants work is registered")

    def decides_itself(self, form: UnemploymentForm) -> bool:
        """Grant at once: whoever lost their work and isn't registered is entitled to it."""
        return form.registered_on is None and form.wants_work

    def parts(self, form: UnemploymentForm) -> Mapping[str, Any]:
        """What the register enters."""
        return {"ended_on": form.ended_on, "seeking": form.seeking, "division_code": form.division_code}

    def grants(self, approved: Approved, person: Resident, told: UnemploymentRegistered) -> Iterable[Grant]:
        """The electronic certificate."""
        form = msgspec.convert(approved.values, UnemploymentForm)
        yield Grant(
            type_code=CERT_EMPLOYMENT,
            replaces=(CERT_EMPLOYMENT,),
            holder_id=person.id,
            department=RSJ,
            lines=(
                LicenceLine(Words(zh="姓名", en="Name"), form.name),
                LicenceLine(Words(zh="公民身份号码", en="Identity number"), form.id_number),
                LicenceLine(Words(zh="证书编号", en="Certificate no."), told.certificate_no),
                LicenceLine(Words(zh="失业登记日期", en="Registered as unemployed on"), told.registered_on.isoformat()),
                LicenceLine(Words(zh="原单位", en="Last employer"), form.last_employer),
            ),
            case_id=approved.applying.case_id,
            case_number=approved.number,
        )
