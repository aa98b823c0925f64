"""Calculating a guaranteed loan for a new business, and what of its interest public money bears."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Final

from msgspec import Meta

from app.kernel import clock
from app.kernel.errors import Unprocessable
from app.kernel.money import yuan
from app.kernel.structs import Body, View
from app.kernel.words import Words
from lifecycle.catalogue.calculators import Answered, Calculator
from lifecycle.rules import startup_loan as rules
from lifecycle.rules.ages import MONTHS_PER_YEAR
from lifecycle.rules.housing_fund_loan import left_of_instalments_fen
from lifecycle.rules.parameters import Reading, shipped
from lifecycle.rules.startup_loan import Asked, Borrower, Loan, Repayment

Fen = Annotated[int, Meta(ge=100_000, le=10**11, description="Fen.")]
Rate = Annotated[str, Meta(pattern=r"\A(0|[1-9][0-9]?)(\.[0-9]{1,4})?\Z", description="Percent a year: 3.45.")]


class LoanTooLong(Unprocessable):
    """The term is longer than such a loan's may be (`longest_months`)."""

    code = "loan_too_long"
    title = Words(zh="期限超过该类贷款的最长期限。", en="The term is longer than such a loan's may be.")


class StartupQuestion(Body, frozen=True, kw_only=True):
    """Who borrows (of a partnership, how many belong to a supported group), how much for how long, and the bank's rate, if known."""

    borrower: Borrower = "personal"
    partners: Annotated[int, Meta(ge=1, le=50)] = 1
    wanted_fen: Fen
    months: Annotated[int, Meta(ge=1, le=360)] = 36
    rate_percent: Rate | None = None
    supported: bool = True


class YearLeft(View, frozen=True):
    """What is left to repay at the end of a year (the last may be a part), in instalments."""

    year: int
    left_fen: int


class StartupView(View, frozen=True, kw_only=True):
    """What can be borrowed, at which rate, both ways to repay it, and how the debt falls; nothing, for who belongs to no supported group."""

    cap_fen: int
    amount_fen: int
    rate_percent: str
    rate_cap_percent: str
    in_instalments: Repayment
    at_the_end: Repayment
    left: tuple[YearLeft, ...]


def of_a_startup(question: StartupQuestion) -> Answered[StartupView]:
    """Work the loan out, by today's figures. Refuses `LoanTooLong`."""
    today = clock.today()
    reading = shipped().reading(today)
    longest = rules.longest_months(question.borrower, reading)
    if question.months > longest:
        raise LoanTooLong(longest_months=longest)
    asked = Asked(
        borrower=question.borrower,
        supported=question.supported,
        partners=question.partners,
        wanted_fen=question.wanted_fen,
        months=question.months,
        rate_percent=None if question.rate_percent is None else Decimal(question.rate_percent),
    )
    loan = rules.loan(asked, reading)
    found = StartupView(
        cap_fen=loan.cap_fen,
        amount_fen=loan.amount_fen,
        rate_percent=str(loan.rate_percent),
        rate_cap_percent=str(loan.rate_cap_percent),
        in_instalments=loan.in_instalments,
        at_the_end=loan.at_the_end,
        left=tuple(_left(loan, question.months)),
    )
    return Answered(today, found, reading.used, tuple(_steps(loan, question, reading)))


def _left(loan: Loan, months: int) -> Iterator[YearLeft]:
    for month in (*range(MONTHS_PER_YEAR, months, MONTHS_PER_YEAR), months):
        left = loan.amount_fen - loan.amount_fen * month // months
        if loan.rate_percent:
            left = left_of_instalments_fen(loan.amount_fen, loan.rate_percent, months, month)
        yield YearLeft(-(-month // MONTHS_PER_YEAR), left)


def _steps(loan: Loan, question: StartupQuestion, reading: Reading) -> Iterator[Words]:
    if not question.supported:
        yield Words(
            zh="创业担保贷款面向毕业生、失业人员、返乡创业、退役军人、残疾人等扶持对象；不属于扶持对象的不能申请。",
            en="The loan is for graduates, the unemployed, returners, veterans, disabled people and the like; others can't have it.",
        )
        return
    share = reading.number("startup_loan.subsidy_percent")
    yield Words(
        zh=f"最高 {yuan(loan.cap_fen)} 元，按 {yuan(loan.amount_fen)} 元、{question.months} 个月、年利率 {loan.rate_percent}% 计算（可贴息的利率上限 {loan.rate_cap_percent}%，为一年期LPR加点）。",
        en=f"Up to {yuan(loan.cap_fen)} yuan; worked out for {yuan(loan.amount_fen)} over {question.months} months at {loan.rate_percent} percent "
        f"(up to {loan.rate_cap_percent}, the prime rate and a margin, is supported).",
    )
    if loan.rate_over_cap:
        yield Words(zh="利率超过上限，不予贴息。", en="The rate is over the cap, so none of the interest is borne.")
    evenly, late = loan.in_instalments, loan.at_the_end
    yield Words(
        zh=f"等额本息：每月 {yuan(evenly.monthly_fen)} 元，利息 {yuan(evenly.interest_fen)} 元，财政贴息 {share}% 为 {yuan(evenly.subsidy_fen)} 元，自付 {yuan(evenly.own_interest_fen)} 元。",
        en=f"In equal instalments: {yuan(evenly.monthly_fen)} a month, {yuan(evenly.interest_fen)} of interest; {share} percent, {yuan(evenly.subsidy_fen)}, are borne, {yuan(evenly.own_interest_fen)} are yours.",
    )
    yield Words(
        zh=f"按月付息、到期还本：每月 {yuan(late.monthly_fen)} 元，利息 {yuan(late.interest_fen)} 元，财政贴息 {yuan(late.subsidy_fen)} 元，自付 {yuan(late.own_interest_fen)} 元，比等额本息多付 {yuan(late.own_interest_fen - evenly.own_interest_fen)} 元。",
        en=f"Interest monthly, the loan at the end: {yuan(late.monthly_fen)} a month, {yuan(late.interest_fen)} of interest, {yuan(late.subsidy_fen)} borne, {yuan(late.own_interest_fen)} yours: {yuan(late.own_interest_fen - evenly.own_interest_fen)} more.",
    )


STARTUP: Final = Calculator("startup_incubation", StartupQuestion, of_a_startup)
