"""What has to hold of school, work, contributions, pensions, health and benefits."""

from collections.abc import Callable, Iterator
from typing import Final

from app.kernel.social_credit_codes import with_check, with_organisation_check
from integrations.city.civil import LIVING_STANDARD_FEN, Assistance
from integrations.city.contributions import SINCE
from integrations.city.days import birthday, months_after, months_between
from integrations.city.dossiers import Dossier
from integrations.city.employment import LEAST_BASE_FEN, MOST_BASE_FEN, Employment, HousingFund, income_fen
from integrations.city.employment import work as work_of
from integrations.city.people import ADULT, age_on
from integrations.city.population import REFERENCE, Population
from integrations.city.schools import Enrolment

WORK_FROM: Final = 16
AGES_OF_STAGES: Final = {
    "kindergarten": range(3, 7), "primary": range(6, 13), "junior": range(12, 16), "senior": range(15, 19),
    "vocational": range(15, 19), "college": range(18, 22), "university": range(18, 23), "graduate": range(22, 27),
}  # fmt: skip
"""Full years on 1 November of who is neither early nor late."""
COMPULSORY_AGES: Final = range(7, 15)
"""In these years everybody is at school on 1 November (义务教育法, art. 2 and 11)."""
PENSIONERS_FROM: Final = {"110": 50, "120": 50, "170": 60}
LEAST_MONTHS_FOR_PENSION: Final = 180
LEAST_MONTHS_FOR_BENEFIT: Final = 12
RESIDENT_SCHEMES: Final = frozenset({"student_child", "newborn", "resident_plan1", "resident_plan2"})
CARD_LENGTH: Final = 20
SENIOR_FROM: Final = 80
FUND_RATES: Final = range(5, 13)
"""Per cent, from each side (住房公积金管理条例, art. 18)."""


def school(population: Population, told: Dossier) -> Iterator[str]:
    """Who learns is of the stage's age and goes to school where they live; children of compulsory age all do."""
    person, enrolled = told.person, told.schooling.enrolment
    age = age_on(person.birth_date, REFERENCE)
    if enrolled is None:
        if person.alive and age in COMPULSORY_AGES:
            yield f"not at school at {age}"
        return
    if age not in AGES_OF_STAGES[enrolled.stage]:
        yield f"{enrolled.stage} at {age}"
    if enrolled.student_no != f"G{person.id_number}" or enrolled.since > REFERENCE:
        yield "student number or day of entry"
    yield from _place_of_school(population, told, enrolled)


def _place_of_school(population: Population, told: Dossier, enrolled: Enrolment) -> Iterator[str]:
    home = population.households[told.person.household_no]
    if enrolled.stage in {"kindergarten", "primary", "junior"} and enrolled.school_code[1:] != home.household_no[:9]:
        yield "school of another town"
    if enrolled.stage in {"senior", "vocational"} and enrolled.school_code[1:7] != home.division_code:
        yield "school of another division"
    if home.unit is not None and enrolled.school != home.unit:
        yield "student of another university than the household's"


def one_occupation(_: Population, told: Dossier) -> Iterator[str]:
    """Pupils and students don't work; who works has a job, who is unemployed had one, who is retired has a pension."""
    known, enrolled = told.work, told.schooling.enrolment
    if known is None:
        if told.person.alive:
            yield "no occupation"
        return
    learns = enrolled is not None and enrolled.stage != "kindergarten"
    if learns != (known.occupation in {"pupil", "student"}):
        yield f"{known.occupation} with {enrolled}"
    held = {"employee": known.employment, "unemployed": known.unemployment, "retired": known.pension}
    for occupation, there in held.items():
        if (there is not None) != (known.occupation == occupation):
            yield f"{known.occupation}, but {occupation}: {there}"


def work(population: Population, told: Dossier) -> Iterator[str]:
    """Nobody under sixteen works, and no job began before that; wages are over nothing; an employer's household works there."""
    known, person = told.work, told.person
    if known is None:
        return
    adult_from = birthday(person.birth_date, WORK_FROM)
    if (known.employment or known.own_income_fen or known.contributions) and adult_from > REFERENCE:
        yield "works under sixteen"
    if known.employment is not None:
        yield from _job(known.employment)
        if not adult_from <= known.employment.since <= REFERENCE:
            yield f"employed since {known.employment.since}"
        unit = population.households[person.household_no].unit
        if unit is not None and unit != known.employment.employer.name:
            yield "works elsewhere than the household says"
    left = known.unemployment
    if left is not None and not adult_from <= left.ended_on <= (left.registered_on or REFERENCE) <= REFERENCE:
        yield f"unemployed since {left.ended_on}"


def _job(job: Employment) -> Iterator[str]:
    uscc = job.employer.uscc
    if with_check(uscc[:17]) != uscc or with_organisation_check(uscc[8:16]) != uscc[8:17]:
        yield f"check character of {uscc}"
    if job.wage_fen <= 0:
        yield "works for nothing"


def contributions(_: Population, told: Dossier) -> Iterator[str]:
    """Nobody paid for more months than there were since they were sixteen; bases lie within the law's bounds."""
    known = told.work
    if known is None:
        return
    most = months_between(birthday(told.person.birth_date, WORK_FROM), REFERENCE)
    for paid in known.contributions:
        if not 0 <= paid.months <= most:
            yield f"{paid.months} months of {paid.insurance_code}, {most} since sixteen"
        if paid.base_fen and not LEAST_BASE_FEN <= paid.base_fen <= MOST_BASE_FEN:
            yield f"base of {paid.base_fen}"
    if known.employment is not None:
        code, months = known.contributions[0].insurance_code, known.contributions[0].months
        if months < months_between(max(known.employment.since, SINCE[code]), REFERENCE):
            yield "fewer months than the job lasts"
    if known.housing_fund is not None:
        yield from _fund(known.housing_fund)


def _fund(fund: HousingFund) -> Iterator[str]:
    paid_in = 2 * fund.base_fen * fund.rate_percent * fund.months // 100
    if fund.rate_percent not in FUND_RATES or not 0 <= fund.balance_fen <= paid_in:
        yield "housing fund"


def pension(_: Population, told: Dossier) -> Iterator[str]:
    """Pensions begin at the age of their kind, after at least fifteen years for employees."""
    drawn = told.work.pension if told.work is not None else None
    if drawn is None:
        return
    if age_on(told.person.birth_date, drawn.since) < PENSIONERS_FROM[drawn.insurance_code] or drawn.since > REFERENCE:
        yield f"pension {drawn.insurance_code} since {drawn.since}"
    if drawn.insurance_code != "170" and drawn.months < LEAST_MONTHS_FOR_PENSION:
        yield f"pension after {drawn.months} months"


def health(_: Population, told: Dossier) -> Iterator[str]:
    """The insurance is that of the occupation; visits lie in one's life, and aren't paid for twice; doses are children's."""
    known, person = told.medical, told.person
    if known is None:
        if person.alive:
            yield "no insurance"
        return
    if (known.scheme_code == "390") != (known.insured_as in RESIDENT_SCHEMES):
        yield "scheme of another kind"
    if (known.insured_as == "employee_active") != _is_insured_by_work(told):
        yield "insured by work without work, or the other way round"
    for visit in known.visits:
        if not person.birth_date <= visit.visited_on <= REFERENCE or visit.insurance_paid_fen > visit.cost_fen:
            yield f"visit on {visit.visited_on}"
    if any(not person.birth_date <= dose.day <= REFERENCE for dose in told.doses):
        yield "dose outside of life"


def _is_insured_by_work(told: Dossier) -> bool:
    known = told.work
    return known is not None and (
        known.employment is not None or (known.unemployment is not None and known.unemployment.benefit_fen > 0)
    )


def unemployment(_: Population, told: Dossier) -> Iterator[str]:
    """Benefit is for who lost work against their will, is registered and paid for a year (社会保险法, art. 45), and it ends."""
    left = told.work.unemployment if told.work is not None else None
    if left is None or not left.benefit_fen:
        return
    if left.registered_on is None or left.reason == "resigned" or left.contributed_months < LEAST_MONTHS_FOR_BENEFIT:
        yield "benefit without a right to it"
    elif months_after(left.registered_on, left.benefit_months) <= REFERENCE:
        yield "benefit that has ended"


def benefits(population: Population, told: Dossier) -> Iterator[str]:
    """Allowances go to the old, the poor, the orphaned; a disability card's number is the holder's, with class and level."""
    known = told.civil
    if known is None:
        return
    age = age_on(told.person.birth_date, REFERENCE)
    if (known.senior_allowance_fen > 0) != (age >= SENIOR_FROM):
        yield f"senior allowance at {age}"
    if known.assistance is not None:
        yield from _assistance(population, told, known.assistance)
    card = known.disability
    if card is not None and (card.card_no[:18] != told.person.id_number or len(card.card_no) != CARD_LENGTH):
        yield "disability card of somebody else"
    if (known.orphan_allowance_fen > 0) != (told.person.guardian is not None and age < ADULT):
        yield "orphan allowance"


def _assistance(population: Population, told: Dossier, given: Assistance) -> Iterator[str]:
    """A household gets what it lacks to the standard, by the incomes of all who live in it, and has no car."""
    members = population.members(told.person.household_no)
    income = sum(income_fen(one) for one in (work_of(population, member) for member in members) if one is not None)
    if (given.people, given.income_fen) != (len(members), income):
        yield "assistance by another income"
    if given.monthly_fen <= 0 or given.monthly_fen + income != LIVING_STANDARD_FEN * len(members) or told.vehicles:
        yield "assistance without need"


PERSON_RULES: Final[dict[str, Callable[[Population, Dossier], Iterator[str]]]] = {
    "school": school,
    "one_occupation": one_occupation,
    "work": work,
    "contributions": contributions,
    "unemployment": unemployment,
    "pension": pension,
    "health": health,
    "benefits": benefits,
}
