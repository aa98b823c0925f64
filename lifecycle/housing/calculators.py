"""What can be calculated in the stage of housing: how much the fund lends and what is repaid; and taxes (`tax_calculator`)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Final

from msgspec import Meta

from app.kernel import clock
from app.kernel.errors import Unprocessable
from app.kernel.money import yuan
from app.kernel.structs import Body, View
from app.kernel.words import Words
from integrations.departments.housing_fund import FUND_ACCOUNT
from lifecycle.catalogue.asked import Fen
from lifecycle.catalogue.calculators import Answered, Calculator
from lifecycle.catalogue.known import Filled, Known
from lifecycle.housing.tax_calculator import HOME_TAXES
from lifecycle.queries.remembered import fact_of
from lifecycle.rules import housing_fund_loan as loans
from lifecycle.rules.ages import MONTHS_PER_YEAR
from lifecycle.rules.housing_fund_loan import Asked, Bound, EqualInstalments, EqualPrincipal, Most
from lifecycle.rules.parameters import shipped
from lifecycle.rules.retirement_age import RetirementKind

Months = Annotated[int, Meta(ge=12, le=480)]
ACCOUNT: Final = fact_of(FUND_ACCOUNT, {})
BOUNDS: Final[dict[Bound, Words]] = {
    "price": Words(zh="房价减首付", en="the price less the down payment"),
    "balance": Words(zh="账户余额的倍数", en="the account's balance times its multiple"),
    "cap": Words(zh="本市最高额度", en="the city's ceiling"),
    "income": Words(zh="还款能力", en="what can be repaid"),
}


class TermTooLong(Unprocessable):
    """The term runs beyond what the borrower's age allows; `most_months` is the longest."""

    code = "term_too_long"
    title = Words(zh="贷款期限超过按年龄可贷的最长期限。", en="The term is longer than the borrower's age allows.")


class LoanQuestion(Body, frozen=True, kw_only=True):
    """A home, an account, a household's month, and a term.

    `amount_fen` is what is wanted, if less than the most. With `birth_date` and `works_as` the longest term is worked out too.
    """

    price_fen: Fen
    balance_fen: Fen
    income_fen: Fen
    debts_fen: Fen = 0
    months: Months
    owns_home: bool = False
    amount_fen: Fen | None = None
    birth_date: date | None = None
    works_as: RetirementKind | None = None


class YearLeft(View, frozen=True):
    """What is left to repay at the end of a year, in equal instalments and in equal parts of the principal."""

    year: int
    instalments_fen: int
    principal_fen: int


class LoanView(View, frozen=True, kw_only=True):
    """The most that is lent and what bounds it, and the wanted amount repaid both ways, with the curve of what is left."""

    most_fen: int
    binding: Bound
    bounds_fen: dict[Bound, int]
    amount_fen: int
    rate_percent: str
    longest_months: int | None
    equal_instalments: EqualInstalments | None
    equal_principal: EqualPrincipal | None
    left: tuple[YearLeft, ...]


def of_a_loan(question: LoanQuestion) -> Answered[LoanView]:
    """Work a loan out, by today's rates. Refuses `TermTooLong`."""
    reading = shipped().reading(clock.today())
    longest = None
    if question.birth_date is not None and question.works_as is not None:
        longest = loans.longest_months(question.birth_date, question.works_as, reading)
        if question.months > longest:
            raise TermTooLong(most_months=longest)
    asked = Asked(
        price_fen=question.price_fen,
        balance_fen=question.balance_fen,
        income_fen=question.income_fen,
        debts_fen=question.debts_fen,
        months=question.months,
        owns_home=question.owns_home,
    )
    most = loans.most(asked, reading)
    rate = loans.rate_percent(question.months, reading, owns_home=question.owns_home)
    amount = most.amount_fen if question.amount_fen is None else min(question.amount_fen, most.amount_fen)
    found = LoanView(
        most_fen=most.amount_fen,
        binding=most.binding,
        bounds_fen=dict(most.bounds),
        amount_fen=amount,
        rate_percent=str(rate),
        longest_months=longest,
        equal_instalments=loans.equal_instalments(amount, rate, question.months) if amount else None,
        equal_principal=loans.equal_principal(amount, rate, question.months) if amount else None,
        left=tuple(_left(amount, rate, question.months)) if amount else (),
    )
    return Answered(clock.today(), found, reading.used, tuple(_steps(most, found, question.months)))


def _left(amount: int, rate: Decimal, months: int) -> Iterator[YearLeft]:
    for month in (*range(MONTHS_PER_YEAR, months, MONTHS_PER_YEAR), months):
        yield YearLeft(
            -(-month // MONTHS_PER_YEAR),
            loans.left_of_instalments_fen(amount, rate, months, month),
            amount - amount * month // months,
        )


def _steps(most: Most, found: LoanView, months: int) -> Iterator[Words]:
    parts = [(BOUNDS[bound], yuan(fen)) for bound, fen in most.bounds.items()]
    binding = BOUNDS[most.binding]
    yield Words(
        zh=f"取各项上限中最低的一项：{'、'.join(f'{words.zh} {fen} 元' for words, fen in parts)}。",
        en=f"The least of the bounds counts: {', '.join(f'{words.en} {fen} yuan' for words, fen in parts)}.",
    )
    yield Words(
        zh=f"由“{binding.zh}”决定，取整到千元，最多可贷 {yuan(most.amount_fen)} 元，年利率 {found.rate_percent}%。",
        en=f"Bound by {binding.en}: at the most {yuan(most.amount_fen)} yuan in whole thousands, at {found.rate_percent} percent a year.",
    )
    evenly, falling = found.equal_instalments, found.equal_principal
    if evenly is None or falling is None:
        return
    dearer = yuan(evenly.interest_fen - falling.interest_fen)
    yield Words(
        zh=f"贷 {yuan(found.amount_fen)} 元、{months} 期：等额本息每月 {yuan(evenly.monthly_fen)} 元，利息共 {yuan(evenly.interest_fen)} 元；"
        f"等额本金首月 {yuan(falling.first_fen)} 元，逐月减 {yuan(falling.step_fen)} 元，利息共 {yuan(falling.interest_fen)} 元，少 {dearer} 元。",
        en=f"{yuan(found.amount_fen)} yuan over {months} months: {yuan(evenly.monthly_fen)} each month and {yuan(evenly.interest_fen)} of interest; or "
        f"{yuan(falling.first_fen)} at first, {yuan(falling.step_fen)} less each month, and {yuan(falling.interest_fen)} of interest, {dearer} less.",
    )


def of_the_account(known: Known) -> Filled:
    """The day of birth, and the balance that the fund named earlier."""
    return {
        "birth_date": known.person.birth_date,
        "balance_fen": known.said(ACCOUNT, lambda account: account.balance_fen),
    }


CALCULATORS: Final = (
    HOME_TAXES,
    Calculator("provident_fund_loan_application", LoanQuestion, of_a_loan, of_the_account, (ACCOUNT,)),
)
