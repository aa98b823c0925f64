"""Applying for a loan of the housing provident fund (住房公积金个人住房贷款) on a home that one has bought.

Sources: 住房公积金管理条例 art. 24 and 26 (decided within 15 days); 征信业管理条例 art. 18 (the credit report only by written consent).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar, Final

import msgspec

from app.kernel import clock
from app.kernel.actors import Citizen, DataClass
from app.kernel.errors import FieldProblem
from app.kernel.money import yuan
from app.kernel.words import Words
from app.residents.structs import Resident
from integrations.departments.home_contracts import PURCHASE_CONTRACT, PurchaseContract
from integrations.departments.housing_fund import (
    FUND_ACCOUNT,
    GJJ,
    GRANT_LOAN,
    METHODS,
    FundAccount,
    FundDeposit,
    GrantedLoan,
)
from integrations.departments.property_titles import TITLES, Titles
from lifecycle.cases.applications import Application, Source
from lifecycle.cases.errors import NotFitFor
from lifecycle.cases.forms import Approved
from lifecycle.cases.person_fields import own
from lifecycle.housing import fund_loan_rules as rules
from lifecycle.housing.fund_loan_form import LoanForm
from lifecycle.licences.kinds import CERT_FUND_LOAN
from lifecycle.licences.structs import Grant, Line
from lifecycle.rules.ages import add_months, full_age
from lifecycle.rules.parameters import shipped

_OWN: Final = {
    **own("name", "id_number", "phone"),
    "birth_date": lambda person: person.birth_date,
    "sex": lambda person: person.sex,
}


def months_without_break(deposits: Sequence[FundDeposit]) -> int:
    """Count the newest deposits that follow month upon month, the newest first."""
    count = 0
    for place, one in enumerate(deposits):
        if one.month != add_months(deposits[0].month, -place) or one.own_fen == 0:
            break
        count += 1
    return count


def _of_account(told: FundAccount) -> Mapping[str, Any]:
    return {
        "account_no": told.account_no,
        "account_state": told.state,
        "balance_fen": told.balance_fen,
        "paid_in_months": months_without_break(told.deposits),
        "loans_left": sum(one.left_fen > 0 for one in told.loans) + len(told.granted),
    }


def _of_contract(told: PurchaseContract) -> Mapping[str, Any]:
    return {
        "contract_no": told.contract_no,
        "home_address": told.address,
        "price_fen": told.price_fen,
        "paid_fen": told.paid_fen,
        "signed_on": told.signed_on,
    }


def _of_titles(told: Titles) -> Mapping[str, Any]:
    return {"homes_owned": len(told.titles)}


class FundLoan(Application[LoanForm, GrantedLoan]):
    """The matter: an officer decides; what the fund grants is on the account until it is paid out."""

    matter_code: ClassVar[str] = "provident_fund_loan_application"
    form = LoanForm
    data_classes: ClassVar[frozenset[DataClass]] = frozenset({"identity", "contact", "money"})
    own: ClassVar[Mapping[str, Callable[[Resident], Any]]] = _OWN
    sources = (
        Source(FUND_ACCOUNT, _of_account),
        Source(PURCHASE_CONTRACT, _of_contract),
        Source(TITLES, _of_titles),
    )
    order = GRANT_LOAN

    def fit(self, person: Resident, citizen: Citizen, as_of: date) -> None:
        """Refuse (`NotFitFor`) whoever isn't of age; everybody borrows for themselves."""
        if citizen.id != person.id:
            raise NotFitFor(reason=Words(zh="公积金贷款须由缴存人本人申请。", en="Everybody borrows for themselves."))
        of_age = shipped().reading(as_of).number("age.capacity_full")
        if person.birth_date is not None and full_age(person.birth_date, as_of) < of_age:
            raise NotFitFor(reason=Words(zh=f"未满{of_age}周岁。", en=f"Under {of_age} years of age."))

    def notes(self, given: Mapping[str, Any], as_of: datetime) -> Iterable[Words]:
        """How much could be lent and by what that is bounded, what is repaid either way, and what stands against it."""
        return tuple(rules.notes(given, shipped().reading(clock.local(as_of).date())))

    def problems(self, form: LoanForm) -> Iterable[FieldProblem]:
        """Refuse what can't be granted as it stands."""
        return rules.problems(form)

    def parts(self, form: LoanForm) -> Mapping[str, Any]:
        """What the fund enters."""
        return {
            "purchase_contract_no": form.contract_no,
            "amount_fen": form.amount_fen,
            "months": form.months,
            "method": form.method,
        }

    def grants(self, approved: Approved, person: Resident, told: GrantedLoan) -> Iterable[Grant]:
        """The decision that grants the loan (准予贷款决定书); the contract is signed and the mortgage registered after it."""
        form = msgspec.convert(approved.values, LoanForm)
        yield Grant(
            type_code=CERT_FUND_LOAN,
            holder_id=person.id,
            department=GJJ,
            lines=(
                Line(Words(zh="借款人", en="Borrower"), form.name),
                Line(Words(zh="公民身份号码", en="Identity number"), form.id_number),
                Line(Words(zh="借款合同编号", en="Loan contract"), told.loan_contract_no),
                Line(Words(zh="准予金额（元）", en="Granted (yuan)"), yuan(told.amount_fen)),
                Line(Words(zh="贷款期数（月）", en="Months"), str(told.months)),
                Line(Words(zh="年利率（%）", en="Rate a year (%)"), told.rate_percent),
                Line(Words(zh="还款方式", en="Repaid in"), METHODS[told.method].zh),
                Line(Words(zh="所购房屋", en="Home"), form.home_address or ""),
            ),
            case_id=approved.applying.case_id,
            case_number=approved.number,
        )
