"""The old-age allowance (高龄津贴) without an application (免申即享): all is known but the account; granted by rule.

Source: 老年人权益保障法 art. 33. Whoever is entitled finds it on the agenda (`lifecycle.social_security.agenda`).
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
from integrations.departments.social_security import Fen
from integrations.departments.welfare import (
    GRANT_OLD_AGE_ALLOWANCE,
    WELFARE_ALLOWANCES,
    OldAgeAllowanceGranted,
    WelfareAllowances,
)
from lifecycle.cases.applications import Application, Source
from lifecycle.cases.errors import NotFitFor
from lifecycle.cases.fields import field
from lifecycle.cases.person_fields import (
    OWN,
    PERSON,
    AccountField,
    BankField,
    BirthDateField,
    DivisionField,
    NameField,
    NumberField,
    PhoneField,
    own,
)
from lifecycle.rules.parameters import shipped
from lifecycle.social_security import old_age_rules as rules

MATTER: Final = "social_welfare_info"


class OldAgeForm(msgspec.Struct, frozen=True, kw_only=True):
    """What an allowance needs; only the account is asked."""

    name: NameField
    id_number: NumberField
    birth_date: BirthDateField
    registered_here: Annotated[
        bool, field(Words(zh="户籍在烟台", en="Registered in Yantai"), editable=False, section=PERSON)
    ]
    division_code: DivisionField
    phone: PhoneField
    drawn_fen: Annotated[
        Fen | None,
        field(
            Words(zh="已领高龄津贴（分/月）", en="Old-age allowance drawn already (fen a month)"),
            Words(zh="来自民政部门，无需填写。", en="From Civil Affairs; nothing to fill in."),
            editable=False,
        ),
    ] = None
    bank: BankField
    account: AccountField


def drawn_fen(told: WelfareAllowances) -> int | None:
    """What somebody draws as an old-age allowance, by the register."""
    return next((one.monthly_fen for one in told.allowances if one.kind == "senior"), None)


def _of_allowances(told: WelfareAllowances) -> Mapping[str, Any]:
    return {"drawn_fen": drawn_fen(told)}


def _registered_here(person: Resident) -> bool | None:
    return None if person.division_code is None else rules.is_here(person.division_code)


class OldAgeAllowance(Application[OldAgeForm, OldAgeAllowanceGranted]):
    """The matter, confirmed by oneself, by a guardian, or by a power."""

    matter_code: ClassVar[str] = MATTER
    form = OldAgeForm
    data_classes: ClassVar[frozenset[DataClass]] = frozenset({"identity", "contact", "money"})
    own = {**own("name", "id_number", "birth_date", "division_code"), "registered_here": _registered_here}  # noqa: RUF012 - the base says ClassVar
    own_of_applicant = {"phone": OWN["phone"]}  # noqa: RUF012 - the base says ClassVar
    sources = (Source(WELFARE_ALLOWANCES, _of_allowances),)
    order = GRANT_OLD_AGE_ALLOWANCE

    def fit(self, person: Resident, citizen: Citizen, as_of: date) -> None:  # noqa: ARG002 - as the base says
        """Refuse (`NotFitFor`) whoever is too young for the first step."""
        reading = shipped().reading(as_of)
        if person.birth_date is not None and rules.step(person.birth_date, reading) is None:
            age = rules.first_age(reading)
            raise NotFitFor(
                reason=Words(zh=f"未满{age}周岁，还不能领高龄津贴。", en=f"The old-age allowance begins at {age}.")
            )

    def notes(self, given: Mapping[str, Any], as_of: datetime) -> Iterable[Words]:
        """Say how much it is, or that an officer must see to who is registered elsewhere."""
        born = given.get("birth_date")
        if born is None or given.get("drawn_fen") is not None:
            return
        if given.get("registered_here") is False:
            yield Words(
                zh="户籍不在烟台，一般由户籍地发放；由工作人员审核。",
                en="Registered elsewhere: it is usually paid there; an officer will see to it.",
            )
        now = rules.step(date.fromisoformat(born), shipped().reading(clock.local(as_of).date()))
        if now is not None:
            yield rules.note(now)

    def problems(self, form: OldAgeForm) -> Iterable[FieldProblem]:
        """Refuse who draws it already."""
        if form.drawn_fen is not None:
            yield FieldProblem("/form/drawn_fen", "drawn_already", "the register has the allowance as paid already")

    def decides_itself(self, form: OldAgeForm) -> bool:
        """Grant at once to who is registered here and doesn't draw it; their age was seen when the case was opened."""
        return form.registered_here and form.drawn_fen is None

    def parts(self, form: OldAgeForm) -> Mapping[str, Any]:
        """Where to pay."""
        return {"bank": form.bank, "account": form.account}
