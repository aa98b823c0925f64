"""Applying for student aid (学生资助): for a term, by the student or a guardian; decided once the result was published.

Sources: 教育法 art. 38; 义务教育法 art. 44; 个人信息保护法 art. 29 and 31 for the separate consent. Sums and the time of publication are
dated parameters.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Final, Literal

import msgspec

from app.kernel import clock
from app.kernel.actors import Citizen, DataClass
from app.kernel.errors import FieldProblem
from app.kernel.money import yuan
from app.kernel.structs import Line
from app.kernel.words import Words
from app.residents.structs import Resident
from integrations.departments.school_roll import SCHOOL_ROLL, SchoolRoll
from integrations.departments.schooling import STAGES, Grade, Stage
from integrations.departments.special_education import SPECIAL_EDUCATION, SpecialEducation
from integrations.departments.student_support import (
    AID_RECORD,
    GRANT_AID,
    SITUATIONS,
    AidGiven,
    AidRecord,
    Situation,
    Term,
)
from integrations.departments.welfare import SOCIAL_ASSISTANCE, WELFARE_ALLOWANCES, SocialAssistance, WelfareAllowances
from lifecycle.cases.applications import Application, Source
from lifecycle.cases.errors import NotFitFor, TooEarlyToDecide
from lifecycle.cases.fields import field, material
from lifecycle.cases.forms import Standing
from lifecycle.cases.material_structs import MaterialRef
from lifecycle.cases.person_fields import PAYMENT, BankAccount, BankField, NameField, NumberField, PhoneField, own
from lifecycle.cases.states import Step
from lifecycle.rules.ages import full_age
from lifecycle.rules.parameters import shipped
from lifecycle.rules.student_aid import grantable_from, term_fen, term_starts

SCHOOL: Final = Words(zh="学籍", en="School")
FAMILY: Final = Words(zh="家庭情况", en="The family's situation")
_ROLL: Final = Words(zh="由教育部门核对，无需填写。", en="From the school roll; nothing to fill in.")
_CIVIL: Final = Words(zh="由民政部门核对，无需填写。", en="Checked with civil affairs; nothing to fill in.")
_DISABLED: Final = Words(
    zh="由教育、民政部门按残疾人证信息核对；未查到而持有残疾人证的，请在“其他困难”中说明。",
    en="As education and civil affairs have it of the disability card; if it isn't found, say so under other hardship.",
)
Payee = Literal["student", "guardian"]
PAYEES: Final[dict[Payee, Words]] = {
    "student": Words(zh="学生本人账户", en="The student's own account"),
    "guardian": Words(zh="监护人账户", en="A guardian's account"),
}
KNOWN_SITUATIONS: Final[dict[str, Situation]] = {
    "low_income": "low_income",
    "orphan": "orphan",
    "disabled": "disabled",
    "monitored": "monitored",
    "other": "other_hardship",
}
"""Which field of the form stands for which situation."""
NONE_KNOWN: Final = Words(
    zh="部门数据中未查到低保、孤儿或残疾情况。可在“其他困难”中说明，由资助机构认定。",
    en="Departments know of no allowance, orphanhood or disability. Describe other hardship; the aid office decides.",
)


class AidForm(msgspec.Struct, frozen=True, kw_only=True):
    """What an application for aid needs."""

    name: NameField
    id_number: NumberField
    phone: PhoneField
    learns_at: Annotated[
        Line | None, field(Words(zh="就读学校", en="School"), _ROLL, editable=False, section=SCHOOL)
    ] = None
    learns_stage: Annotated[
        Stage | None, field(Words(zh="学段", en="Stage"), _ROLL, editable=False, section=SCHOOL, values=STAGES)
    ] = None
    learns_year: Annotated[Grade | None, field(Words(zh="年级", en="Grade"), _ROLL, editable=False, section=SCHOOL)] = (
        None
    )
    term: Annotated[
        Term,
        field(
            Words(zh="资助学期", en="Term"),
            Words(
                zh="学年-学期，1为秋季学期，2为春季学期。",
                en="School year and term: 1 is the autumn's, 2 the spring's.",
            ),
            editable=False,
            section=SCHOOL,
        ),
    ]
    aided_terms: Annotated[
        tuple[Term, ...], field(Words(zh="已资助学期", en="Terms aided"), _ROLL, editable=False, section=SCHOOL)
    ] = ()
    low_income: Annotated[
        bool | None,
        field(Words(zh="低保家庭", en="Subsistence allowance"), _CIVIL, editable=False, section=FAMILY),
    ] = None
    orphan: Annotated[
        bool | None,
        field(Words(zh="孤儿、事实无人抚养儿童", en="Orphan"), _CIVIL, editable=False, section=FAMILY),
    ] = None
    disabled: Annotated[
        bool | None,
        field(Words(zh="残疾学生", en="Disabled"), _DISABLED, editable=False, section=FAMILY),
    ] = None
    monitored: Annotated[
        bool,
        field(
            Words(zh="防返贫监测对象", en="Monitored against poverty"),
            Words(zh="由资助机构向农业农村部门核实。", en="The aid office verifies it with agriculture."),
            section=FAMILY,
        ),
    ]
    other: Annotated[
        Line | None,
        field(
            Words(zh="其他困难", en="Other hardship"),
            Words(
                zh="重病、灾害、意外、失业等，用一句话说明；没有可不填。",
                en="Grave illness, disaster, accident, lost work: one sentence, or nothing.",
            ),
            section=FAMILY,
        ),
    ] = None
    hardship_proof: Annotated[
        MaterialRef | None,
        material(
            Words(zh="困难情况材料", en="Papers on the hardship"),
            Words(
                zh="如诊断证明、受灾证明；没有可不附，由资助机构核实。",
                en="Such as a diagnosis or a proof of damage. Without any, the aid office finds out itself.",
            ),
            section=FAMILY,
            needed=False,
        ),
    ] = None
    agrees: Annotated[
        bool,
        field(
            Words(zh="同意核对上述敏感信息", en="I agree that these sensitive data are checked"),
            Words(
                zh="家庭困难、残疾等属于敏感个人信息，只用于本次评审。",
                en="Hardship and disability are sensitive data, used for this decision only.",
            ),
            section=FAMILY,
        ),
    ]
    payee: Annotated[Payee, field(Words(zh="收款人", en="Paid to"), section=PAYMENT, values=PAYEES)]
    bank: BankField
    account: Annotated[
        BankAccount,
        field(
            Words(zh="银行账号", en="Account number"),
            Words(zh="学生本人或监护人名下的账号，12至22位数字。", en="The student's or guardian's, 12 to 22 digits."),
            section=PAYMENT,
        ),
    ]


def _of_roll(told: SchoolRoll) -> Mapping[str, Any]:
    learns = told.enrolled
    if learns is None:
        return {}
    return {"learns_at": learns.school.name, "learns_stage": learns.stage, "learns_year": learns.year_of_stage}


def _of_record(told: AidRecord) -> Mapping[str, Any]:
    return {"term": told.term, "aided_terms": tuple(one.term for one in told.given)}


def _of_assistance(told: SocialAssistance) -> Mapping[str, Any]:
    return {"low_income": told.living_allowance is not None}


def _of_allowances(told: WelfareAllowances) -> Mapping[str, Any]:
    kinds = {one.kind for one in told.allowances}
    return {"orphan": "orphan" in kinds, "disabled": bool(kinds & {"disabled_living", "disabled_care"})}


def _of_special_education(_: SpecialEducation) -> Mapping[str, Any]:
    return {"disabled": True}


class StudentAid(Application[AidForm, AidGiven]):
    """The matter: an officer decides, and not before the result was published for its days."""

    matter_code: ClassVar[str] = "education_aid_application"
    form = AidForm
    data_classes: ClassVar[frozenset[DataClass]] = frozenset({"identity", "contact", "family", "health", "money"})
    own = own("name", "id_number", "phone")
    sources = (
        Source(SCHOOL_ROLL, _of_roll),
        Source(AID_RECORD, _of_record),
        Source(SOCIAL_ASSISTANCE, _of_assistance),
        Source(WELFARE_ALLOWANCES, _of_allowances),
        Source(SPECIAL_EDUCATION, _of_special_education),
    )
    order = GRANT_AID

    def fit(self, person: Resident, citizen: Citizen, as_of: date) -> None:
        """Refuse (`NotFitFor`) a minor who applies alone; a guardian does that."""
        of_age = shipped().reading(as_of).number("age.capacity_full")
        minor = person.birth_date is not None and full_age(person.birth_date, as_of) < of_age
        if minor and citizen.id == person.id:
            raise NotFitFor(reason=Words(zh="未成年学生由监护人申请。", en="A guardian applies for a minor."))

    def notes(self, given: Mapping[str, Any], as_of: datetime) -> Iterable[Words]:
        """What aid there is for the stage, on which ground, and that the result is published first."""
        return notes(given, clock.local(as_of).date())

    def problems(self, form: AidForm) -> Iterable[FieldProblem]:
        """Refuse who is in no school, a term that was aided, and data that may not be looked at."""
        if form.learns_stage is None:
            yield FieldProblem("/form/learns_at", "not_enrolled", "the school roll doesn't have this person")
        if form.term in form.aided_terms:
            yield FieldProblem("/form/term", "aided_already", "aid was granted for this term")
        if not form.agrees:
            yield FieldProblem("/form/agrees", "must_be_so", "without a separate consent nothing can be checked")

    def allow(self, step: Step, standing: Standing) -> None:
        """Refuse (`TooEarlyToDecide`) to grant before the result was published for its working days."""
        if step is Step.APPROVE and standing.accepted_on is not None:
            from_on = grantable_from(standing.accepted_on, shipped().reading(standing.accepted_on))
            if clock.today() < from_on:
                raise TooEarlyToDecide(from_on=from_on)

    def parts(self, form: AidForm) -> Mapping[str, Any]:
        """What the aid office enters and pays."""
        return {
            "stage": form.learns_stage,
            "term": form.term,
            "situations": situations(msgspec.structs.asdict(form)),
            "amount_fen": term_fen(str(form.learns_stage), shipped().reading(term_starts(form.term))),
            "bank": form.bank,
            "account": form.account,
        }


def situations(given: Mapping[str, Any]) -> tuple[Situation, ...]:
    """The situations that departments know or the applicant declares."""
    return tuple(code for name, code in KNOWN_SITUATIONS.items() if given.get(name))


def notes(given: Mapping[str, Any], as_of: date) -> Iterator[Words]:
    """What applicant and officer should know of an application as it stands."""
    found = situations(given)
    if found:
        zh, en = "、".join(SITUATIONS[one].zh for one in found), ", ".join(SITUATIONS[one].en for one in found)
        yield Words(zh=f"困难情形：{zh}。", en=f"Ground: {en}.")
    else:
        yield NONE_KNOWN
    stage, term = given.get("learns_stage"), given.get("term")
    if stage is None or term is None:
        return
    amount = yuan(term_fen(stage, shipped().reading(term_starts(term))))
    days = shipped().reading(as_of).number("student_aid.publicity_working_days")
    yield Words(
        zh=f"{STAGES[stage].zh}资助参考标准：每学期{amount}元，以当年公布为准。受理后公示{days}个工作日，公示期满后作出决定。",
        en=f"{STAGES[stage].en}: {amount} yuan a term for orientation. The result is published for {days} working days before it is decided.",
    )
