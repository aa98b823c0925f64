"""What happens to people in a month, decided by chance and allowed by the real rules of law."""

from collections.abc import Hashable, Iterable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Final

from app.kernel.identity_numbers import Sex as SexOfRules
from lifecycle.rules import childcare_subsidy, marriage_eligibility, pension, school_entry
from lifecycle.rules.ages import add_months
from lifecycle.rules.fact_kinds import Schooling, SchoolStage
from lifecycle.rules.immunisation import Given, schedule
from lifecycle.rules.marriage_eligibility import Parent, Party
from lifecycle.rules.parameters import ParameterUnknown, Reading, shipped
from lifecycle.rules.pension import Contributed
from lifecycle.rules.retirement_age import retires_on
from lifecycle.social_security import old_age_rules, unemployment_rules
from simulation import chances
from simulation.fund import Fund
from simulation.people import Inhabitant

ADULT: Final = 18
VACCINATIONS: Final = "birth.vaccinations"
_WORKING: Final = range(18, 70)
SEPTEMBER: Final = 9
_PRIMARY_YEARS: Final = 6
_LATER_YEARS: Final = 3
_INDEX: Final = 100
_ACCOUNT_A_MONTH_FEN: Final = 60_000


def months_doses(child: Inhabitant, month: date, ends: date, random: Random) -> list[Given]:
    """Give a child what its agenda says can be given this month, most of it at once; of a series one dose a month."""
    if child.book is None or not any(
        one.seen.rule == VACCINATIONS and one.item.opens is not None and one.item.opens < ends
        for one in child.book.open()
    ):
        return []
    plan = schedule(child.born, SexOfRules(child.sex), child.doses, max(month, child.born), shipped())
    given, seen = [], set()
    for dose in plan.doses:
        if dose.earliest is None or dose.earliest >= ends or dose.series in seen:
            continue
        seen.add(dose.series)
        if random.random() < chances.DOSE_IN_ITS_MONTH:
            given.append(Given(max(dose.earliest, month), dose.vaccine))
    if given:
        child.doses += given
        child.tell()
    return given


def born_in(mother: Inhabitant, month: date, numbers: Sequence[int], random: Random) -> list[Inhabitant]:
    """The children whom a woman has in a month: none, one, or twins."""
    father = mother.spouse
    living = sum(child.died is None for child in mother.children)
    if father is None or mother.age(month) not in chances.MOTHERS or living >= chances.MOST_CHILDREN:
        return []
    if random.random() >= chances.BIRTH_A_MONTH:
        return []
    born = month + timedelta(days=random.randrange(28))
    children = []
    for number in numbers[: 2 if random.random() < chances.TWINS else 1]:
        child = Inhabitant(number, random, random.choice(("male", "female")), born)
        child.mother, child.father, child.registered = mother, father, False
        child.is_guarded_by(mother, father)
        child.division = mother.division
        child.doses = [Given(born, "HepB"), Given(born, "BCG")]
        children.append(child)
    for parent in (mother, father):
        parent.children += children
        parent.tell()
    return children


def may_marry(one: Inhabitant, other: Inhabitant, on: date, reading: Reading) -> bool:
    """Whether law lets two people marry on a day: sexes, ages, neither married, no near kin (民法典 1046 to 1048)."""
    if one.spouse or other.spouse or one.sex == other.sex:
        return False
    if on < marriage_eligibility.both_marriageable_on(Party(one.sex, one.born), Party(other.sex, other.born), reading):
        return False
    return marriage_eligibility.barred_kinship(one.id, other.id, _parents((one, other)), reading) is None


def _parents(people: Iterable[Inhabitant]) -> dict[Hashable, tuple[Parent, ...]]:
    known: dict[Hashable, tuple[Parent, ...]] = {}
    waiting = list(people)
    while waiting:
        one = waiting.pop()
        parents = [parent for parent in (one.mother, one.father) if parent is not None]
        known[one.id] = tuple(Parent(parent.id) for parent in parents)
        waiting += parents
    return known


def months_school(child: Inhabitant, month: date, reading: Reading) -> None:
    """Let a child enter primary school in the September of the year that the cut-off gives."""
    if month.month == SEPTEMBER and child.schooling is None and not child.schooled:
        if school_entry.entry_year(child.born, reading) <= month.year:
            child.schooling = Schooling("primary", month, add_months(month, 12 * _PRIMARY_YEARS))
            child.schooled = True
            child.tell()
    elif child.schooling is not None and child.schooling.until <= month:
        child.schooling = _next_school(child.schooling, month)
        child.tell()


def _next_school(now: Schooling, month: date) -> Schooling | None:
    following: dict[str, SchoolStage] = {"primary": "junior", "junior": "senior"}
    after = following.get(now.stage)
    return None if after is None else Schooling(after, month, add_months(month, 12 * _LATER_YEARS))


def months_work(one: Inhabitant, month: date, fund: Fund, random: Random, reading: Reading) -> None:
    """Work, or find some; pay in while working, draw the benefit of unemployment while there is none."""
    if one.pension_since is not None or one.age(month) not in _WORKING or one.schooling is not None:
        return
    if one.job_since is not None:
        one.insured_months += 1
        fund.move("employers", "people", one.wage_fen)
        if random.random() < chances.JOB_LOST_A_MONTH:
            left = unemployment_rules.months(one.insured_months, one.benefit_months_left, reading)
            one.job_since, one.jobless_since, one.benefit_months_left = None, month, left
            one.tell()
        elif one.insured_months % 12 == 0:
            one.tell()
    elif random.random() < chances.JOB_A_MONTH:
        one.job_since, one.jobless_since = month, None
        one.tell()
    elif one.jobless_since is not None and one.benefit_months_left > 0:
        paid = fund.pay_benefit(one.id, "unemployment", f"{month:%Y-%m}", unemployment_rules.monthly_fen(reading))
        one.benefit_months_left -= paid


def retire(one: Inhabitant, month: date, reading: Reading) -> bool:
    """Let somebody retire once they are old enough and have paid in for long enough."""
    if one.pension_since is not None or month < retires_on(one.born, one.worker_kind, reading):
        return False
    if one.insured_months < pension.minimum_months(month.year, reading):
        return False
    paid = Contributed(
        months=one.insured_months, index_percent=_INDEX, account_fen=one.insured_months * _ACCOUNT_A_MONTH_FEN
    )
    one.pension_since, one.job_since, one.jobless_since = month, None, None
    one.pension_fen = pension.pension(paid, pension.age_in_months(one.born, month), reading).monthly_fen
    one.tell()
    return True


def months_benefits(one: Inhabitant, month: date, fund: Fund, random: Random, reading: Reading) -> None:
    """Pay what somebody is entitled to; some of it is asked for twice."""
    again = 2 if random.random() < chances.CLAIMS_AGAIN else 1
    for _ in range(again):
        if one.pension_since is not None:
            fund.pay_benefit(one.id, "pension", f"{month:%Y-%m}", one.pension_fen)
        step = old_age_rules.step(one.born, reading) if one.age(month) >= old_age_rules.first_age(reading) else None
        if step is not None:
            fund.pay_benefit(one.id, "old_age", f"{month:%Y-%m}", step.monthly_fen)
            if one.allowance_fen != step.monthly_fen:
                one.allowance_fen = step.monthly_fen
                one.tell()


def months_subsidy(child: Inhabitant, month: date, fund: Fund, reading: Reading) -> None:
    """Pay the childcare subsidy of each year that has begun, once the child is registered."""
    try:
        due = childcare_subsidy.payments(child.born, reading)
    except ParameterUnknown:
        return
    for payment in due:
        if child.registered and payment.from_on <= month:
            fund.pay_benefit(child.id, "childcare", payment.from_on.isoformat(), payment.amount_fen)
