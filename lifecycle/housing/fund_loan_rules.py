"""What an application for a loan of the fund comes to: how much it could be, what bounds it, what is repaid. Pure.

Source: 住房公积金管理条例 art. 26; figures are dated parameters (`rules.housing_fund_loan`).
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

import msgspec

from app.kernel.errors import FieldProblem
from app.kernel.money import yuan
from app.kernel.words import Words
from lifecycle.housing.fund_loan_form import LoanForm
from lifecycle.rules.housing_fund_loan import (
    STEP_FEN,
    Asked,
    Bound,
    equal_instalments,
    equal_principal,
    longest_months,
    most,
    rate_percent,
)
from lifecycle.rules.parameters import Reading
from lifecycle.rules.retirement_age import RetirementKind

BOUNDS: Final[dict[Bound, Words]] = {
    "price": Words(zh="房价扣除最低首付", en="the price less the least down payment"),
    "balance": Words(zh="账户余额倍数", en="the multiple of the balance"),
    "cap": Words(zh="全市最高额度", en="the city's ceiling"),
    "income": Words(zh="还款能力", en="what can be repaid of the income"),
}
_LOAN: Final = ("price_fen", "balance_fen", "income_fen", "debts_fen", "months")
_PERSON: Final = ("birth_date", "sex")


def problems(form: LoanForm) -> Iterator[FieldProblem]:
    """What can't be granted as it stands: no account or contract, more than is owed for the home, no consent."""
    if form.account_no is None:
        yield FieldProblem("/form/account_no", "no_account", "the fund knows of no account")
    if form.price_fen is None or form.paid_fen is None:
        yield FieldProblem("/form/contract_no", "no_contract", "no purchase was signed online in this name")
    elif form.amount_fen > form.price_fen - form.paid_fen:
        yield FieldProblem("/form/amount_fen", "more_than_is_owed", "more than is left to pay for the home")
    if form.amount_fen % STEP_FEN:
        yield FieldProblem("/form/amount_fen", "not_in_thousands", "loans are in whole thousands of yuan")
    if not form.credit_consent:
        yield FieldProblem("/form/credit_consent", "must_be_so", "without consent the credit report can't be fetched")


def retirement_kind(sex: str, post: str | None) -> RetirementKind:
    """Which statutory age of retirement is somebody's; without a word of the post, a woman's is the earlier one."""
    if sex == "male":
        return "man"
    return "woman_cadre" if post == "cadre" else "woman_worker"


def notes(given: Mapping[str, Any], reading: Reading) -> Iterator[Words]:
    """What applicant and officer should know of a form as it stands."""
    yield from _notes_of_account(given, reading)
    yield from _notes_of_term(given, reading)
    if all(name in given for name in _LOAN):
        yield from _notes_of_amount(given, reading)
    if all(name in given for name in ("amount_fen", "months")):
        yield from _notes_of_repaying(given, reading)


def _notes_of_account(given: Mapping[str, Any], reading: Reading) -> Iterator[Words]:
    needed, owned = reading.number("housing_fund_loan.paid_in_months"), int(given.get("homes_owned") or 0)
    if given.get("account_state") == "sealed":
        yield Words(
            zh="账户已封存，须正常缴存后才能贷款。", en="The account is sealed; a loan needs one that is paid into."
        )
    paid = given.get("paid_in_months")
    if paid is not None and int(paid) < needed:
        yield Words(
            zh=f"连续缴存{paid}个月，条件为{needed}个月。",
            en=f"{paid} months paid without a break; {needed} are needed.",
        )
    if given.get("loans_left"):
        yield Words(
            zh="有未结清或待放款的公积金贷款，结清前一般不再发放。",
            en="A loan of the fund isn't repaid; another isn't given before.",
        )
    if owned > reading.number("housing_fund_loan.homes_owned_at_most"):
        yield Words(
            zh=f"名下已有{owned}套住房，一般不予贷款。",
            en=f"{owned} homes are owned already; usually no loan is given.",
        )


def _notes_of_term(given: Mapping[str, Any], reading: Reading) -> Iterator[Words]:
    if not all(name in given for name in (*_PERSON, "months")):
        return
    kind = retirement_kind(given["sex"], given.get("post"))
    longest = longest_months(msgspec.convert(given["birth_date"], date), kind, reading)
    if given["months"] > longest:
        yield Words(
            zh=f"期限超过上限：按30年和退休年龄后5年计算，最长{longest}个月。",
            en=f"Too long: by thirty years and the age of retirement, {longest} months at the most.",
        )


def _notes_of_amount(given: Mapping[str, Any], reading: Reading) -> Iterator[Words]:
    asked = msgspec.convert(
        {name: given[name] for name in _LOAN} | {"owns_home": bool(given.get("homes_owned"))}, Asked
    )
    found = most(asked, reading)
    words = BOUNDS[found.binding]
    yield Words(
        zh=f"测算可贷最高{yuan(found.amount_fen)}元，受限于{words.zh}；仅供参考，以审核为准。",
        en=f"By calculation {yuan(found.amount_fen)} yuan at the most, bounded by {words.en}; the fund centre decides.",
    )
    if given.get("amount_fen") is not None and given["amount_fen"] > found.amount_fen:
        yield Words(zh="申请金额超过测算的最高额。", en="More is wanted than that.")


def _notes_of_repaying(given: Mapping[str, Any], reading: Reading) -> Iterator[Words]:
    amount, months = int(given["amount_fen"]), int(given["months"])
    percent = rate_percent(months, reading, owns_home=bool(given.get("homes_owned")))
    same, falling = equal_instalments(amount, percent, months), equal_principal(amount, percent, months)
    yield Words(
        zh=f"年利率{percent}%。等额本息：每月{yuan(same.monthly_fen)}元，利息共{yuan(same.interest_fen)}元。"
        f"等额本金：首月{yuan(falling.first_fen)}元，每月减少{yuan(falling.step_fen)}元，利息共{yuan(falling.interest_fen)}元。",
        en=f"{percent} % a year. Equal instalments: {yuan(same.monthly_fen)} yuan a month, interest {yuan(same.interest_fen)}. "
        f"Equal principal: {yuan(falling.first_fen)} at first, {yuan(falling.step_fen)} less each month, "
        f"interest {yuan(falling.interest_fen)}.",
    )
