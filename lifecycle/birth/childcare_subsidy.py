"""The childcare subsidy (育儿补贴) as a matter: a guardian names an account, everything else is known, and it is granted by rule."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, ClassVar

import msgspec

from app.kernel.actors import Citizen, DataClass
from app.kernel.errors import FieldProblem
from app.kernel.words import Words
from app.residents.structs import Resident
from integrations.departments.childcare import (
    CHILDCARE_SUBSIDY,
    GRANT_CHILDCARE_SUBSIDY,
    ChildcareSubsidy,
    SubsidyGranted,
)
from lifecycle.cases.applications import Application, Source
from lifecycle.cases.errors import NotFitFor
from lifecycle.cases.fields import field
from lifecycle.cases.person_fields import (
    PERSON,
    AccountField,
    BankField,
    DivisionField,
    NameField,
    NumberField,
    PhoneField,
    own,
)
from lifecycle.rules.childcare_subsidy import claim_by, payments, total_fen
from lifecycle.rules.parameters import Reading, shipped

MATTER = "childcare_subsidy"
_FEN_A_YUAN = 100
_FROM_REGISTER = Words(zh="来自户籍登记，无需填写。", en="From the household register; nothing to fill in.")
_FROM_HEALTH = Words(zh="来自卫健部门，无需填写。", en="As the Health Commission has it; nothing to fill in.")


class ChildcareForm(msgspec.Struct, frozen=True, kw_only=True):
    """What the subsidy needs: whose it is, and where it is paid to."""

    name: NameField
    id_number: NumberField
    born_on: Annotated[date, field(Words(zh="出生日期", en="Born on"), _FROM_REGISTER, editable=False, section=PERSON)]
    granted_on: Annotated[
        date | None, field(Words(zh="已确认日期", en="Granted already on"), _FROM_HEALTH, editable=False)
    ] = None
    division_code: DivisionField
    phone: PhoneField
    bank: BankField
    account_no: AccountField


def _told(said: ChildcareSubsidy) -> Mapping[str, Any]:
    return {"granted_on": said.granted_on}


class ChildcareSubsidyMatter(Application[ChildcareForm, SubsidyGranted]):
    """The matter."""

    matter_code: ClassVar[str] = MATTER
    form = ChildcareForm
    data_classes: ClassVar[frozenset[DataClass]] = frozenset({"identity", "contact", "money"})
    own: ClassVar[Mapping[str, Callable[[Resident], Any]]] = {
        **own("name", "id_number", "division_code"),
        "born_on": lambda child: child.birth_date,
    }
    sources = (Source(CHILDCARE_SUBSIDY, _told),)
    order = GRANT_CHILDCARE_SUBSIDY

    def fit(self, person: Resident, citizen: Citizen, as_of: date) -> None:
        """Refuse (`NotFitFor`) all but a guardian, for a child for whom something is still to be paid."""
        if not citizen.guards(person.id):
            raise NotFitFor(reason=Words(zh="请由监护人为孩子申领。", en="A guardian claims it for a child."))
        reading = Reading(shipped(), as_of)
        if person.birth_date is None or not payments(person.birth_date, reading):
            raise NotFitFor(reason=Words(zh="孩子在补贴开始前已满三周岁。", en="The child was three before it began."))
        last = claim_by(person.birth_date, reading)
        if last is not None and as_of > last:
            raise NotFitFor(
                reason=Words(
                    zh=f"首次申领期限为{last.isoformat()}。", en=f"First claims were open until {last.isoformat()}."
                )
            )

    def notes(self, given: Mapping[str, Any], as_of: datetime) -> Iterable[Words]:
        """Say what is paid altogether, and until when it must be claimed."""
        if given.get("born_on") is None:
            return
        born_on, reading = date.fromisoformat(str(given["born_on"])), Reading(shipped(), as_of.date())
        due = payments(born_on, reading)
        yuan = total_fen(due) // _FEN_A_YUAN
        yield Words(
            zh=f"每孩每年发放，至满三周岁，共{yuan}元。",
            en=f"Paid each year until the third birthday: {yuan} yuan in all.",
        )
        last = claim_by(born_on, reading)
        if last is not None:
            yield Words(
                zh=f"请在{last.isoformat()}前首次申领。", en=f"Claim it for the first time by {last.isoformat()}."
            )

    def problems(self, form: ChildcareForm) -> Iterable[FieldProblem]:
        """Refuse a second grant."""
        if form.granted_on is not None:
            yield FieldProblem("/form/granted_on", "granted_already", "the child has the subsidy already")

    def decides_itself(self, form: ChildcareForm) -> bool:
        """Grant at once: every child of that age has it."""
        return form.granted_on is None

    def parts(self, form: ChildcareForm) -> Mapping[str, Any]:
        """What is paid, and where to."""
        return {"born_on": form.born_on, "bank": form.bank, "account_no": form.account_no}
