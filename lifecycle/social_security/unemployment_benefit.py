"""Claiming unemployment benefit (失业保险金): months and amount by what was contributed; an officer decides.

Sources: 社会保险法 art. 45 to 51; 社会保险经办条例 art. 24 (10 working days).
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Final, Literal

import msgspec

from app.kernel import clock
from app.kernel.actors import Citizen, DataClass
from app.kernel.errors import FieldProblem
from app.kernel.structs import Line
from app.kernel.words import Words
from app.residents.structs import Resident
from integrations.departments.labour_records import (
    END_REASONS,
    GRANT_UNEMPLOYMENT_BENEFIT,
    UNEMPLOYMENT_RECORD,
    EndReason,
    UnemploymentBenefitGranted,
    UnemploymentRecord,
)
from integrations.departments.pensions import PENSION_RECORD, PensionRecord
from integrations.departments.social_security import Months
from lifecycle.cases.applications import Application, Source
from lifecycle.cases.errors import NotFitFor
from lifecycle.cases.fields import AskedIf, field, material
from lifecycle.cases.material_structs import MaterialRef
from lifecycle.cases.person_fields import (
    AccountField,
    BankField,
    DivisionField,
    NameField,
    NumberField,
    PhoneField,
    own,
)
from lifecycle.rules.ages import Span
from lifecycle.rules.parameters import shipped
from lifecycle.social_security.unemployment_rules import Facts, notes

WORKS_FROM: Final = Span.read("16y")
"""The age from which somebody may work (劳动法 art. 15)."""
LOST: Final = Words(zh="失业和缴费情况", en="The work that ended, and contributions")
_FROM_REGISTER: Final = Words(zh="来自社保和就业登记，无需填写。", en="From the register; nothing to fill in.")
Because = Literal["employer_at_fault", "own_wish"]
BECAUSE: Final = {
    "employer_at_fault": Words(zh="因单位过错", en="Through the employer's fault"),
    "own_wish": Words(zh="本人意愿", en="By my own wish"),
}


class UnemploymentBenefitForm(msgspec.Struct, frozen=True, kw_only=True):
    """What a claim needs: nearly all of it is known, but not where to pay."""

    name: NameField
    id_number: NumberField
    phone: PhoneField
    division_code: DivisionField
    last_employer: Annotated[
        Line, field(Words(zh="原单位", en="Last employer"), _FROM_REGISTER, editable=False, section=LOST)
    ]
    ended_on: Annotated[
        date, field(Words(zh="终止或解除日期", en="Ended on"), _FROM_REGISTER, editable=False, section=LOST)
    ]
    reason: Annotated[
        EndReason,
        field(
            Words(zh="终止原因", en="Why it ended"), _FROM_REGISTER, editable=False, section=LOST, values=END_REASONS
        ),
    ]
    resigned_because: Annotated[
        Because | None,
        field(
            Words(zh="辞职原因", en="Why you resigned"),
            Words(
                zh="单位拖欠工资、未缴社保、不提供劳动条件等，属于单位过错（《劳动合同法》第三十八条）。",
                en="Unpaid wages, no social insurance, no proper conditions and the like are the employer's fault "
                "(Labour Contract Law, article 38).",
            ),
            section=LOST,
            asked_if=AskedIf("reason", ("resigned",)),
            values=BECAUSE,
        ),
    ] = None
    fault_proof: Annotated[
        MaterialRef | None,
        material(
            Words(zh="单位过错的材料", en="Papers on the employer's fault"),
            Words(
                zh="如仲裁裁决、工资流水、投诉记录；没有可不附，由经办机构核实。",
                en="Such as an award, bank statements or a complaint. Without any, the office finds out itself.",
            ),
            section=LOST,
            needed=False,
            asked_if=AskedIf("resigned_because", ("employer_at_fault",)),
        ),
    ] = None
    registered_on: Annotated[
        date | None,
        field(Words(zh="失业登记日期", en="Registered as unemployed on"), _FROM_REGISTER, editable=False, section=LOST),
    ] = None
    contributed_months: Annotated[
        Months,
        field(
            Words(zh="失业保险缴费月数", en="Months of unemployment insurance"),
            _FROM_REGISTER,
            editable=False,
            section=LOST,
        ),
    ]
    unused_months: Annotated[
        Months,
        field(
            Words(zh="上次未领完月数", en="Months left of an earlier claim"),
            _FROM_REGISTER,
            editable=False,
            section=LOST,
        ),
    ]
    benefit_months: Annotated[
        Months,
        field(Words(zh="已核定月数", en="Months granted already"), _FROM_REGISTER, editable=False, section=LOST),
    ]
    retires_on: Annotated[
        date | None,
        field(Words(zh="可领养老金日期", en="Pension may be drawn from"), _FROM_REGISTER, editable=False, section=LOST),
    ] = None
    without_work: Annotated[
        bool,
        field(
            Words(
                zh="本人现在没有就业，也没有参军、移居境外或领取养老金",
                en="I am without work, and neither serve, nor live abroad, nor draw a pension",
            ),
            Words(
                zh="有其中一项的，失业金停发（《社会保险法》第五十一条）。",
                en="Any of these ends benefit (Social Insurance Law, article 51).",
            ),
        ),
    ]
    bank: BankField
    account: AccountField


def _of_record(told: UnemploymentRecord) -> Mapping[str, Any]:
    return {
        "last_employer": told.last_employer,
        "ended_on": told.ended_on,
        "reason": told.reason,
        "registered_on": told.registered_on,
        "contributed_months": told.contributed_months,
        "unused_months": told.unused_months,
        "benefit_months": told.benefit_months,
    }


def _of_pension(told: PensionRecord) -> Mapping[str, Any]:
    return {"retires_on": told.claims_from}


class UnemploymentBenefit(Application[UnemploymentBenefitForm, UnemploymentBenefitGranted]):
    """The matter; everybody claims for themselves, or has it claimed by a power."""

    matter_code: ClassVar[str] = "unemployment_insurance"
    form = UnemploymentBenefitForm
    data_classes: ClassVar[frozenset[DataClass]] = frozenset({"identity", "contact", "money"})
    own = own("name", "id_number", "phone", "division_code")
    sources = (Source(UNEMPLOYMENT_RECORD, _of_record), Source(PENSION_RECORD, _of_pension))
    order = GRANT_UNEMPLOYMENT_BENEFIT

    def fit(self, person: Resident, citizen: Citizen, as_of: date) -> None:
        """Refuse (`NotFitFor`) whoever is too young to work, and who claims for a ward."""
        if citizen.id != person.id:
            raise NotFitFor(reason=Words(zh="失业保险金须由本人申领。", en="Everybody claims for themselves."))
        if person.birth_date is not None and as_of < WORKS_FROM.after(person.birth_date):
            raise NotFitFor(reason=Words(zh="未满16周岁。", en="Under 16 years of age."))

    def notes(self, given: Mapping[str, Any], as_of: datetime) -> Iterable[Words]:
        """Say what is due, or what bars it: whoever wants a formal decision applies all the same."""
        if given.get("registered_on") is None or given.get("benefit_months"):
            return ()
        region = str(given.get("division_code", ""))[:6]
        today = clock.local(as_of).date()
        return notes(_facts(given), shipped().reading(today, region) if region else shipped().reading(today))

    def problems(self, form: UnemploymentBenefitForm) -> Iterable[FieldProblem]:
        """Refuse who isn't registered, who was granted it already, and who isn't without work."""
        if form.registered_on is None:
            yield FieldProblem(
                "/form/registered_on", "register_first", "register as unemployed first: employment_unemployment_cert"
            )
        if form.benefit_months:
            yield FieldProblem("/form/benefit_months", "granted_already", "benefit was granted for this loss of work")
        if not form.without_work:
            yield FieldProblem("/form/without_work", "must_be_so", "benefit is only for who is without work")

    def parts(self, form: UnemploymentBenefitForm) -> Mapping[str, Any]:
        """What the fund needs: what was found of a resignation, and where to pay."""
        return {
            "employer_at_fault": form.resigned_because == "employer_at_fault",
            "bank": form.bank,
            "account": form.account,
        }


def _facts(given: Mapping[str, Any]) -> Facts:
    known = {
        name: given[name]
        for name in ("contributed_months", "unused_months", "reason", "registered_on", "retires_on")
        if name in given
    }
    return msgspec.convert({**known, "employer_at_fault": given.get("resigned_because") == "employer_at_fault"}, Facts)
