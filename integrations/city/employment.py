"""Work, contributions (社会保险), housing fund (住房公积金), unemployment and pensions, all of the reference day.

Amounts are in fen a month. Wages, averages and pensions are invented; what may and must be paid follows the law, by `figures.toml`:
a contribution base between bounds of the average wage (社会保险法, art. 12), and the housing fund's rates (住房公积金管理条例, art. 18).
"""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from random import Random
from typing import Final, Literal

import msgspec

from integrations.city.chance import percent
from integrations.city.contributions import Contribution, contributions, resident_pension_months
from integrations.city.days import months_after, months_between
from integrations.city.employers import EMPLOYERS, Employer, employer
from integrations.city.figures import figure, number
from integrations.city.occupations import INSURED, Occupation, first_day_of_work, occupation, retired_on, trade
from integrations.city.people import Household, Person
from integrations.city.population import REFERENCE, Population
from integrations.city.schools import destined_level

EndReason = Literal["contract_expired", "dismissed", "redundancy", "resigned"]
_REASONS: Final[tuple[EndReason, ...]] = ("contract_expired", "dismissed", "redundancy", "redundancy", "resigned")
AVERAGE_WAGE_FEN: Final = number("insurance.average_wage_fen")
LEAST_BASE_FEN: Final = AVERAGE_WAGE_FEN * number("insurance.least_base_percent") // 100
MOST_BASE_FEN: Final = AVERAGE_WAGE_FEN * number("insurance.most_base_percent") // 100
_WAGES: Final = {
    "80": (3_000, 1_800), "70": (3_200, 2_400), "40": (3_600, 3_200), "60": (3_400, 2_800), "30": (4_000, 4_500),
    "20": (4_800, 7_500), "10": (7_000, 12_000),
}  # fmt: skip
"""By level (GB/T 4658): the least in yuan, and how much more it may be."""
_RAISE_YUAN, _RAISES = 70, 20
_FUND_PERCENT: Final = 78
BENEFIT_FEN: Final = number("unemployment.benefit_fen")


class _BenefitMonths(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The most months of unemployment benefit for who contributed so many months (失业保险条例, art. 17)."""

    contributed: int
    most: int


class _FundRates(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The rates of the housing fund, in percent, both included."""

    least: int
    most: int


_BENEFIT_MONTHS: Final = figure("unemployment.benefit_months", tuple[_BenefitMonths, ...])
_FUND_RATES: Final = figure("housing_fund.rates", _FundRates)


class Employment(msgspec.Struct, frozen=True):
    """A job with a contract."""

    employer: Employer
    since: date
    wage_fen: int


class Unemployment(msgspec.Struct, frozen=True):
    """Work that ended, and from when on the worker is registered as unemployed (失业登记), if they are."""

    last_employer: Employer
    ended_on: date
    reason: EndReason
    contributed_months: int
    registered_on: date | None
    benefit_months: int
    """For how long benefit (失业保险金) is paid at most; none without registration or after one's own resignation."""
    benefit_fen: int
    """The month's benefit, as long as it is paid."""


class HousingFund(msgspec.Struct, frozen=True):
    """An account with the housing fund (住房公积金): both sides pay the same rate."""

    account_no: str
    rate_percent: int
    base_fen: int
    months: int
    balance_fen: int


class Pension(msgspec.Struct, frozen=True):
    """A pension: 110 enterprise, 120 public body, 170 resident."""

    insurance_code: str
    since: date
    months: int
    monthly_fen: int


class Work(msgspec.Struct, frozen=True):
    """Everything that the social-insurance office and the housing fund know of somebody."""

    occupation: Occupation
    employment: Employment | None = None
    unemployment: Unemployment | None = None
    own_income_fen: int = 0
    """Monthly earnings from a trade or a farm of one's own."""
    contributions: tuple[Contribution, ...] = ()
    housing_fund: HousingFund | None = None
    pension: Pension | None = None


def work(population: Population, person: Person) -> Work | None:
    """Tell somebody's work; nothing is known of the dead and of people without a household here."""
    return _work(population, person, population.household_of(person))


@lru_cache(maxsize=20_000)
def _work(population: Population, person: Person, _home: Household | None) -> Work | None:
    """As `work`, kept for as long as neither the person nor the household is another: every register asks it of everybody at home."""
    does = occupation(population, person)
    if does is None:
        return None
    told = _TELLERS.get(does)
    return Work(does) if told is None else told(population, person, population.dice("work", person.id_number))


def income_fen(told: Work) -> int:
    """Add up somebody's monthly income from work, a trade, a farm, a pension or for unemployment, before contributions and tax."""
    wage = told.employment.wage_fen if told.employment else 0
    benefit = told.unemployment.benefit_fen if told.unemployment else 0
    return wage + benefit + told.own_income_fen + (told.pension.monthly_fen if told.pension else 0)


def _employed(population: Population, person: Person, dice: Random) -> Work:
    first = first_day_of_work(population, person)
    since = date.fromordinal(first.toordinal() + dice.randrange((REFERENCE - first).days + 1))
    months = _before(dice, first, since) + months_between(since, REFERENCE)
    firm, wage = _employer(population, person), _wage(population, person, dice)
    base = min(max(wage, LEAST_BASE_FEN), MOST_BASE_FEN)
    paid = contributions(_pension_code(firm), (months, first, REFERENCE), base)
    if firm.kind == "organ":
        paid = tuple(one for one in paid if one.insurance_code != "210")
    fund = _fund(person, dice, paid[0].months, base) if percent(dice, _FUND_PERCENT) else None
    return Work("employee", Employment(firm, since, wage), contributions=paid, housing_fund=fund)


def _unemployed(population: Population, person: Person, dice: Random) -> Work:
    first = first_day_of_work(population, person)
    ended = max(first, months_after(REFERENCE, -dice.randrange(1, 24)))
    months = _before(dice, first, ended)
    paid = contributions("110", (months, first, ended), LEAST_BASE_FEN)
    reason: EndReason = dice.choice(_REASONS)
    registered = None if percent(dice, 25) else min(date.fromordinal(ended.toordinal() + dice.randrange(40)), REFERENCE)
    contributed = next((one.months for one in paid if one.insurance_code == "210"), 0)
    benefit = 0 if registered is None or reason == "resigned" else benefit_months(contributed)
    paid_now = registered is not None and months_after(registered, benefit) > REFERENCE
    left = Unemployment(
        last_employer=_employer(population, person),
        ended_on=ended,
        reason=reason,
        contributed_months=contributed,
        registered_on=registered,
        benefit_months=benefit,
        benefit_fen=BENEFIT_FEN if paid_now else 0,
    )
    return Work("unemployed", unemployment=left, contributions=paid)


def benefit_months(contributed: int) -> int:
    """Give the most months of unemployment benefit; none for under a year of contributions."""
    return next((one.most for one in _BENEFIT_MONTHS if contributed >= one.contributed), 0)


def _flexible(population: Population, person: Person, dice: Random) -> Work:
    first = first_day_of_work(population, person)
    paid = contributions("110", (_before(dice, first, REFERENCE), first, REFERENCE), LEAST_BASE_FEN)
    alone = tuple(one for one in paid if one.insurance_code in {"110", "310"})
    return Work("flexible", own_income_fen=dice.randrange(280_000, 1_200_000, 1_000), contributions=alone)


def _farmer(population: Population, person: Person, dice: Random) -> Work:
    months = resident_pension_months(first_day_of_work(population, person), REFERENCE)
    paid = (Contribution("170", months, 0),) if months else ()
    return Work("farmer", own_income_fen=dice.randrange(150_000, 480_000, 1_000), contributions=paid)


def _homemaker(population: Population, person: Person, _: Random) -> Work:
    months = resident_pension_months(first_day_of_work(population, person), REFERENCE)
    return Work("homemaker", contributions=(Contribution("170", months, 0),) if months else ())


def _retired(population: Population, person: Person, dice: Random) -> Work:
    """Tell a pension, and what land let to others brings to who has a resident's pension only."""
    pension = _pension(population, person, dice)
    land = dice.randrange(0, 140_000, 1_000) if pension.insurance_code == "170" else 0
    return Work("retired", own_income_fen=land, pension=pension)


def _pension(population: Population, person: Person, dice: Random) -> Pension:
    since, first = retired_on(population, person), first_day_of_work(population, person)
    home = population.households[person.household_no]
    if trade(population, person, home) in INSURED:
        months = _before(dice, first, since)
        public = _pension_code(_employer(population, person))
        amount = 70_000 + months * dice.randrange(550, 950) + (80_000 if public == "120" else 0)
        return Pension(public, since, months, amount // 100 * 100)
    paid = resident_pension_months(first, since)
    return Pension("170", since, paid, 22_000 + paid * 60)


def _before(dice: Random, first: date, last: date) -> int:
    """Draw the months worked between two days: up to a third of them without work."""
    months = months_between(first, last)
    return months - dice.randrange(months // 3 + 1)


def _employer(population: Population, person: Person) -> Employer:
    home = population.households[person.household_no]
    dice = population.dice("employer", person.id_number)
    place = min(dice.randrange(EMPLOYERS), dice.randrange(EMPLOYERS))
    firms = (employer(population.seed, home.division_code, one) for one in range(EMPLOYERS))
    if home.unit is not None:
        return next(
            (firm for firm in firms if firm.name == home.unit), employer(population.seed, home.division_code, place)
        )
    return employer(population.seed, home.division_code, place)


def _pension_code(firm: Employer) -> str:
    return "120" if firm.kind in {"organ", "institution"} else "110"


def _wage(population: Population, person: Person, dice: Random) -> int:
    least, more = _WAGES[destined_level(population, person)]
    years = months_between(first_day_of_work(population, person), REFERENCE) // 12
    return 1_000 * ((least + dice.randrange(more) + _RAISE_YUAN * min(years, _RAISES)) // 10)


def _fund(person: Person, dice: Random, months: int, base_fen: int) -> HousingFund:
    rate, paid = dice.randrange(_FUND_RATES.least, _FUND_RATES.most + 1), min(months, 40 + dice.randrange(200))
    balance = base_fen * 2 * rate // 100 * paid * dice.randrange(20, 70) // 100
    return HousingFund(f"3706{person.id_number[4:17]}", rate, base_fen, paid, balance)


_TELLERS: Final[dict[Occupation, Callable[[Population, Person, Random], Work]]] = {
    "employee": _employed,
    "unemployed": _unemployed,
    "flexible": _flexible,
    "farmer": _farmer,
    "homemaker": _homemaker,
    "retired": _retired,
}
