"""Calculating a pension: when it may be drawn and how much it is, earlier, at the statutory age, and later."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Final, Literal

from msgspec import Meta

from app.kernel import clock
from app.kernel.money import yuan
from app.kernel.structs import Body, View
from app.kernel.words import Words
from integrations.departments.pensions import PENSION_RECORD, PensionRecord
from lifecycle.catalogue.asked import Months
from lifecycle.catalogue.calculators import Answered, Calculator
from lifecycle.catalogue.errors import BirthDateImpossible
from lifecycle.catalogue.known import Filled, Known
from lifecycle.queries.remembered import fact_of
from lifecycle.rules import pension as rules
from lifecycle.rules.ages import MONTHS_PER_YEAR
from lifecycle.rules.parameters import Reading, shipped
from lifecycle.rules.pension import Contributed, Window
from lifecycle.rules.retirement_age import RetirementKind
from lifecycle.rules.told_kinds import EMPLOYEES_PENSION

When = Literal["earlier", "statutory", "later"]
WHEN: Final[dict[When, Words]] = {
    "earlier": Words(zh="弹性提前", en="earlier"),
    "statutory": Words(zh="法定年龄", en="at the statutory age"),
    "later": Words(zh="弹性延迟", en="later"),
}
Fen = Annotated[int, Meta(ge=0, le=10**11, description="Fen.")]
IndexPercent = Annotated[int, Meta(ge=60, le=300, description="The mean index in hundredths of the average wage.")]
RECORD: Final = fact_of(PENSION_RECORD, {})
_OLDEST_YEARS: Final = 120


class PensionQuestion(Body, frozen=True, kw_only=True):
    """Who retires, and what was paid in so far.

    `deemed_months` (视同缴费) are counted among `contributed_months`. With `goes_on_paying`, contributions go on at the same index until then.
    """

    birth_date: date
    works_as: RetirementKind
    contributed_months: Months
    index_percent: IndexPercent = 100
    account_fen: Fen
    deemed_months: Months = 0
    goes_on_paying: bool = True


class Choice(View, frozen=True, kw_only=True):
    """One time at which one may retire: how old, after how many months of how many, and what a month's pension is then."""

    when: When
    on: date
    age_months: int
    contributed_months: int
    minimum_months: int
    entitled: bool
    payout_months: str
    basic_fen: int
    account_fen: int
    transitional_fen: int
    monthly_fen: int


class PensionView(View, frozen=True, kw_only=True):
    """The window in which one may retire, and each choice."""

    earliest_on: date
    statutory_on: date
    latest_on: date
    choices: tuple[Choice, ...]


def of_a_pension(question: PensionQuestion) -> Answered[PensionView]:
    """Work each choice out, by today's base and law. Refuses (`BirthDateImpossible`) days of birth to come or too long ago."""
    today = clock.today()
    if not today.year - _OLDEST_YEARS <= question.birth_date.year or question.birth_date > today:
        raise BirthDateImpossible
    reading = shipped().reading(today)
    span = rules.window(question.birth_date, question.works_as, reading)
    days: dict[When, date] = {"earlier": span.earliest_on, "statutory": span.statutory_on, "later": span.latest_on}
    choices = tuple(_choice(question, (when, on), span, reading) for when, on in days.items())
    found = PensionView(
        earliest_on=span.earliest_on, statutory_on=span.statutory_on, latest_on=span.latest_on, choices=choices
    )
    return Answered(today, found, reading.used, tuple(_steps(found, reading)))


def _choice(question: PensionQuestion, chosen: tuple[When, date], span: Window, reading: Reading) -> Choice:
    when, on = chosen
    paid = Contributed(
        months=question.contributed_months,
        index_percent=question.index_percent,
        account_fen=question.account_fen,
        deemed_months=min(question.deemed_months, question.contributed_months),
    )
    if question.goes_on_paying and on > reading.as_of:
        paid = rules.paying_on(paid, rules.age_in_months(reading.as_of, on), reading)
    # Who retires later goes by the year of the statutory age.
    minimum = rules.minimum_months(min(on, span.statutory_on).year, reading)
    age = rules.age_in_months(question.birth_date, on)
    found = rules.pension(paid, age, reading)
    return Choice(
        when=when,
        on=on,
        age_months=age,
        contributed_months=paid.months,
        minimum_months=minimum,
        entitled=paid.months >= minimum,
        payout_months=str(found.payout_months),
        basic_fen=found.basic_fen,
        account_fen=found.account_fen,
        transitional_fen=found.transitional_fen,
        monthly_fen=found.monthly_fen,
    )


def _steps(found: PensionView, reading: Reading) -> Iterator[Words]:
    yield Words(
        zh=f"法定退休日期 {found.statutory_on}，可在 {found.earliest_on} 至 {found.latest_on} 之间选择；延迟退休须与单位协商一致。",
        en=f"The statutory age is reached on {found.statutory_on}; one may choose from {found.earliest_on} to {found.latest_on}, later only as the employer agrees.",
    )
    base = yuan(reading.number("pension.base_month_fen"))
    for choice in found.choices:
        years, months = divmod(choice.age_months, MONTHS_PER_YEAR)
        enough = "" if choice.entitled else f"，缴费不足{choice.minimum_months}个月，不能按月领取"
        short = "" if choice.entitled else f"; fewer than {choice.minimum_months} months, so nothing is paid monthly"
        yield Words(
            zh=f"{WHEN[choice.when].zh}（{choice.on}，{years}岁{months}个月）：缴费{choice.contributed_months}个月，按计发基数{base}元，基础养老金"
            f"{yuan(choice.basic_fen)}元、个人账户{yuan(choice.account_fen)}元（{choice.payout_months}个月）、过渡性{yuan(choice.transitional_fen)}元，"
            f"每月{yuan(choice.monthly_fen)}元{enough}。",
            en=f"{WHEN[choice.when].en} ({choice.on}, aged {years} years {months} months): {choice.contributed_months} months, a base of {base}: basic "
            f"{yuan(choice.basic_fen)}, account {yuan(choice.account_fen)} (over {choice.payout_months} months), deemed years "
            f"{yuan(choice.transitional_fen)}, {yuan(choice.monthly_fen)} yuan a month{short}.",
        )


def of_the_account(known: Known) -> Filled:
    """The day of birth, what kind of work a man's age goes by, and what the insurance of employees named earlier."""
    sex = known.person.sex
    return {
        "birth_date": known.person.birth_date,
        "works_as": sex.read("man") if sex is not None and sex.value == "male" else None,
        "contributed_months": known.said(RECORD, lambda one: one.months + one.deemed_months if _of_work(one) else None),
        "deemed_months": known.said(RECORD, lambda one: one.deemed_months if _of_work(one) else None),
        "account_fen": known.said(RECORD, lambda one: one.account_fen if _of_work(one) else None),
    }


def _of_work(record: PensionRecord) -> bool:
    return record.code == EMPLOYEES_PENSION


PENSION: Final = Calculator(
    matter="pension_insurance",
    name="employees",
    title=Words(zh="职工基本养老金", en="Employees' pension"),
    question=PensionQuestion,
    calculate=of_a_pension,
    prefill=of_the_account,
    facts=(RECORD,),
)
