"""Calculating a residents' pension: stopping, paying for as long as must be or can be, the next level, and making up what lacks."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Final, Literal

from msgspec import Meta

from app.kernel import clock
from app.kernel.identity_numbers import EARLIEST_BIRTH
from app.kernel.money import yuan
from app.kernel.structs import Body, View
from app.kernel.words import Words
from integrations.departments.pensions import PensionRecord
from lifecycle.catalogue.asked import Division, Months
from lifecycle.catalogue.calculators import Answered, Calculator
from lifecycle.catalogue.errors import BirthDateImpossible
from lifecycle.catalogue.known import Filled, Known
from lifecycle.rules import pension
from lifecycle.rules import residents_pension as rules
from lifecycle.rules.ages import MONTHS_PER_YEAR
from lifecycle.rules.parameters import YANTAI, Reading, shipped
from lifecycle.rules.residents_pension import Level, Paid
from lifecycle.rules.told_kinds import RESIDENTS_PENSION
from lifecycle.social_security.pension_calculator import RECORD

Way = Literal["stop", "until_enough", "until_age", "next_level", "made_up"]
WAYS: Final[dict[Way, Words]] = {
    "stop": Words(zh="不再缴费", en="Paying no more"),
    "until_enough": Words(zh="缴满最低年限为止", en="Paying until the least years are full"),
    "until_age": Words(zh="缴到领取年龄", en="Paying until the age"),
    "next_level": Words(zh="改缴高一档并缴到领取年龄", en="Paying the next level until the age"),
    "made_up": Words(zh="到龄一次补缴所缺年限", en="Paying the lacking years at once at the age"),
}
Fen = Annotated[int, Meta(ge=0, le=10**10, description="Fen.")]


class ResidentsQuestion(Body, frozen=True, kw_only=True):
    """What was paid in so far, and what one means to pay a year (the lowest level, if missing).

    `subsidy_fen` a year and the monthly `basic_fen` are the city's, if missing.
    """

    birth_date: date
    contributed_months: Months
    account_fen: Fen
    yearly_fen: Fen | None = None
    subsidy_fen: Fen | None = None
    basic_fen: Fen | None = None
    division_code: Division = YANTAI


class ResidentsChoice(View, frozen=True, kw_only=True):
    """One way of going on: what it costs from now on (`own_fen`), and what a month's pension is then; `entitled` with the least months.

    `years` are paid year by year, `made_up_years` at once at the age.
    """

    way: Way
    yearly_fen: int
    subsidy_fen: int
    years: int
    made_up_years: int
    own_fen: int
    contributed_months: int
    entitled: bool
    account_fen: int
    basic_part_fen: int
    account_part_fen: int
    monthly_fen: int


class ResidentsPoint(View, frozen=True):
    """A point of the curve: after so many years more at the asked level, a month's pension, and whether it is due at all."""

    years: int
    monthly_fen: int
    entitled: bool


class ResidentsView(View, frozen=True, kw_only=True):
    """From when the pension is drawn, after how many months at least, the ways to choose from, and the curve over further years."""

    claims_from: date
    minimum_months: int
    payout_months: str
    choices: tuple[ResidentsChoice, ...]
    curve: tuple[ResidentsPoint, ...]


def of_residents(question: ResidentsQuestion) -> Answered[ResidentsView]:
    """Work each way out, by today's figures. Refuses (`BirthDateImpossible`) births before 1900 or to come."""
    today = clock.today()
    if not EARLIEST_BIRTH <= question.birth_date <= today:
        raise BirthDateImpossible
    reading = shipped().reading(today, question.division_code)
    law = pension.residents(reading)
    found = ResidentsView(
        claims_from=rules.claims_from(question.birth_date, reading),
        minimum_months=law.months,
        payout_months=str(pension.payout_months(law.age * MONTHS_PER_YEAR, reading)),
        choices=_choices(question, reading),
        curve=_curve(question, reading),
    )
    return Answered(today, found, reading.used, tuple(_steps(found, law.age)))


def _choices(question: ResidentsQuestion, reading: Reading) -> tuple[ResidentsChoice, ...]:
    """Each way that is open: paying on while years are left, and making up what would lack even so."""
    level, left = _level(question, reading), rules.years_left(question.birth_date, reading)
    higher = rules.next_level(level, reading)
    lacking = rules.years_lacking(question.contributed_months, reading)
    ways: list[tuple[Way, Level, int]] = [("stop", level, 0)]
    if 0 < lacking < left:
        ways.append(("until_enough", level, lacking))
    if left:
        ways.append(("until_age", level, left))
    if left and higher is not None:
        ways.append(("next_level", higher, left))
    if lacking > left:
        ways.append(("made_up", level, left))
    return tuple(_choice(question, way, reading) for way in ways)


def _choice(question: ResidentsQuestion, chosen: tuple[Way, Level, int], reading: Reading) -> ResidentsChoice:
    way, level, years = chosen
    paid = rules.paying_on(_so_far(question), level, years)
    more = rules.years_lacking(paid.months, reading) if way == "made_up" else 0
    paid = rules.made_up(paid, level, more)
    basic = _basic_fen(question, reading)
    monthly = pension.of_residents_fen(basic, paid.account_fen, reading)
    return ResidentsChoice(
        way=way,
        yearly_fen=level.yearly_fen,
        subsidy_fen=level.subsidy_fen,
        years=years,
        made_up_years=more,
        own_fen=paid.own_fen,
        contributed_months=paid.months,
        entitled=paid.months >= pension.residents(reading).months,
        account_fen=paid.account_fen,
        basic_part_fen=basic,
        account_part_fen=monthly - basic,
        monthly_fen=monthly,
    )


def _curve(question: ResidentsQuestion, reading: Reading) -> tuple[ResidentsPoint, ...]:
    level, basic, least = _level(question, reading), _basic_fen(question, reading), pension.residents(reading).months
    after = (
        (years, rules.paying_on(_so_far(question), level, years))
        for years in range(rules.years_left(question.birth_date, reading) + 1)
    )
    return tuple(
        ResidentsPoint(years, pension.of_residents_fen(basic, paid.account_fen, reading), paid.months >= least)
        for years, paid in after
    )


def _so_far(question: ResidentsQuestion) -> Paid:
    return Paid(months=question.contributed_months, account_fen=question.account_fen)


def _level(question: ResidentsQuestion, reading: Reading) -> Level:
    yearly = rules.levels(reading)[0].yearly_fen if question.yearly_fen is None else question.yearly_fen
    level = rules.level_of(yearly, reading)
    return level if question.subsidy_fen is None else Level(yearly, question.subsidy_fen)


def _basic_fen(question: ResidentsQuestion, reading: Reading) -> int:
    return reading.number("pension.residents_basic_fen") if question.basic_fen is None else question.basic_fen


def _steps(found: ResidentsView, age: int) -> Iterator[Words]:
    years = found.minimum_months // MONTHS_PER_YEAR
    yield Words(
        zh=f"城乡居民养老金满{age}周岁且缴费满{years}年按月领取（国发〔2014〕8号），不随延迟退休推后：从{found.claims_from}起。",
        en=f"The residents' pension is drawn from {age} years of age after {years} years of contributions, and doesn't move with the "
        f"retirement age: from {found.claims_from} on.",
    )
    for choice in found.choices:
        enough = "" if choice.entitled else f"；缴费不足{found.minimum_months}个月，不能按月领取"
        short = "" if choice.entitled else f"; fewer than {found.minimum_months} months, so nothing is paid monthly"
        yield Words(
            zh=f"{WAYS[choice.way].zh}：再缴{choice.years}年、补缴{choice.made_up_years}年，每年{yuan(choice.yearly_fen)}元（政府补贴"
            f"{yuan(choice.subsidy_fen)}元，补缴无补贴），个人共缴{yuan(choice.own_fen)}元；基础{yuan(choice.basic_part_fen)}元＋账户"
            f"{yuan(choice.account_fen)}÷{found.payout_months}＝每月{yuan(choice.monthly_fen)}元{enough}。",
            en=f"{WAYS[choice.way].en}: {choice.years} years more and {choice.made_up_years} made up, {yuan(choice.yearly_fen)} a year "
            f"(subsidy {yuan(choice.subsidy_fen)}, none for what is made up), {yuan(choice.own_fen)} of one's own altogether; basic "
            f"{yuan(choice.basic_part_fen)} + account {yuan(choice.account_fen)} ÷ {found.payout_months} = "
            f"{yuan(choice.monthly_fen)} yuan a month{short}.",
        )
    yield Words(
        zh="未计个人账户利息，也未计长缴加发；缴费档次、补贴和基础养老金以社保经办机构公布为准。",
        en="Interest on the account and extra for long contributions are left out; levels, subsidies and the basic part are as announced.",
    )


def of_the_residents_account(known: Known) -> Filled:
    """The day of birth, the division, and what the insurance of residents named earlier."""
    return {
        "birth_date": known.person.birth_date,
        "division_code": known.division,
        "contributed_months": known.said(RECORD, lambda one: one.months if _of_residents(one) else None),
        "account_fen": known.said(RECORD, lambda one: one.account_fen if _of_residents(one) else None),
        "yearly_fen": known.said(RECORD, lambda one: _paid_this_year(one) if _of_residents(one) else None),
    }


def _of_residents(record: PensionRecord) -> bool:
    return record.code == RESIDENTS_PENSION


def _paid_this_year(record: PensionRecord) -> int | None:
    return sum(one.own_fen for one in record.payments) or None


RESIDENTS: Final = Calculator(
    matter="pension_insurance",
    name="residents",
    title=Words(zh="城乡居民养老金", en="Residents' pension"),
    question=ResidentsQuestion,
    calculate=of_residents,
    prefill=of_the_residents_account,
    facts=(RECORD,),
)
