"""Health: medical insurance (基本医疗保险), family doctor (家庭医生签约), chronic conditions, and visits of the last two years.

Doses are another register (`immunisations`). Shares that the insurance pays are near to those of Yantai, and no promise.
"""

from datetime import date, timedelta
from random import Random
from typing import Final, Literal

import msgspec

from integrations.city.chance import percent, weighted
from integrations.city.diagnoses import CHRONIC, PASSING, Condition, Diagnosis
from integrations.city.employment import Work, work
from integrations.city.people import ADULT, Person, age_on
from integrations.city.population import REFERENCE, Population
from integrations.city.towns import TOWNS

InsuredAs = Literal[
    "employee_active", "employee_retired", "flexible", "student_child", "newborn", "resident_plan1", "resident_plan2"
]
Tier = Literal["tier1", "tier2", "tier3"]
VISITS_SINCE: Final = REFERENCE - timedelta(days=730)
_RESIDENT: Final = frozenset({"student_child", "newborn", "resident_plan1", "resident_plan2"})
_NEWBORN_UP_TO: Final = timedelta(days=180)
_DOCTORS: Final = 6
_PAID_PERCENT: Final[dict[Tier, tuple[int, int]]] = {"tier1": (75, 60), "tier2": (65, 45), "tier3": (55, 35)}
"""Of employees and of residents."""
_TIERS: Final[tuple[tuple[Tier, int], ...]] = (("tier1", 50), ("tier2", 30), ("tier3", 20))
_HOSPITALS: Final[dict[Tier, str]] = {"tier2": "福海人民医院", "tier3": "烟台福海中心医院"}


class Visit(msgspec.Struct, frozen=True):
    """A visit to a clinic or hospital: what it cost, and what the insurance paid of it."""

    visited_on: date
    institution: str
    tier: Tier
    diagnosis_code: str
    diagnosis: str
    cost_fen: int
    insurance_paid_fen: int


class Medical(msgspec.Struct, frozen=True):
    """Everything that health and medical insurance know of somebody; `scheme_code` is 310 employees or 390 residents."""

    insured_as: InsuredAs
    scheme_code: str
    family_doctor: str | None
    conditions: tuple[Condition, ...]
    visits: tuple[Visit, ...]


def medical(population: Population, person: Person) -> Medical | None:
    """Tell somebody's health; of the dead and of people without a household here nothing is known."""
    told = work(population, person)
    if told is None:
        return None
    insured = _insured_as(population, person, told)
    conditions = _conditions(population, person)
    return Medical(
        insured_as=insured,
        scheme_code="390" if insured in _RESIDENT else "310",
        family_doctor=_family_doctor(population, person, conditions),
        conditions=tuple(Condition(one.code, one.name) for one in conditions),
        visits=_visits(population, person, insured, conditions),
    )


def _insured_as(population: Population, person: Person, told: Work) -> InsuredAs:
    """Tell how somebody is insured; as long as benefit is paid, the unemployed stay with the employees (社会保险法, art. 48)."""
    if told.employment is not None or (told.unemployment is not None and told.unemployment.benefit_fen):
        return "employee_active"
    if told.occupation == "flexible":
        return "flexible"
    if told.pension is not None and told.pension.insurance_code != "170":
        return "employee_retired"
    if REFERENCE - person.birth_date <= _NEWBORN_UP_TO:
        return "newborn"
    if told.occupation in {"pupil", "student"} or age_on(person.birth_date, REFERENCE) < ADULT:
        return "student_child"
    return "resident_plan1" if percent(population.dice("plan", person.id_number), 65) else "resident_plan2"


def _conditions(population: Population, person: Person) -> tuple[Diagnosis, ...]:
    dice, age = population.dice("condition", person.id_number), age_on(person.birth_date, REFERENCE)
    drawn = [(one, percent(dice, one.percent)) for one in CHRONIC]
    return tuple(one for one, has in drawn if has and age >= one.from_age)


def clinic(population: Population, person: Person) -> str:
    """Name the community health centre (社区卫生服务中心) of the street or town where somebody is registered."""
    home = population.households[person.household_no]
    return f"{person.division}福海{dict(TOWNS[home.division_code])[home.town_code]}社区卫生服务中心"


def _family_doctor(population: Population, person: Person, conditions: tuple[Diagnosis, ...]) -> str | None:
    """Name the team that a household signed with; with a chronic condition nearly everybody has one."""
    dice = population.dice("doctor", person.household_no)
    signed, team = percent(dice, 55), dice.randrange(1, _DOCTORS)
    if not signed and not conditions:
        return None
    return f"{clinic(population, person)}家庭医生团队{team}组"


def _visits(
    population: Population, person: Person, insured: InsuredAs, conditions: tuple[Diagnosis, ...]
) -> tuple[Visit, ...]:
    dice, age = population.dice("visit", person.id_number), age_on(person.birth_date, REFERENCE)
    since = max(VISITS_SINCE, person.birth_date)
    days = (REFERENCE - since).days
    if days <= 0:
        return ()
    fitting = [one for one in PASSING if one.from_age <= age]
    drawn = [dice.choice(fitting) for _ in range(dice.randrange(4))]
    drawn += [one for one in conditions for _ in range(1 + dice.randrange(3))]
    visits = (
        _visit(population, person, dice, (since + timedelta(days=dice.randrange(days)), one, insured)) for one in drawn
    )
    return tuple(sorted(visits, key=lambda visit: (visit.visited_on, visit.diagnosis_code)))


def _visit(population: Population, person: Person, dice: Random, what: tuple[date, Diagnosis, InsuredAs]) -> Visit:
    day, diagnosis, insured = what
    tier = weighted(dice, _TIERS)
    cost = dice.randrange(3_000, {"tier1": 20_000, "tier2": 50_000, "tier3": 120_000}[tier])
    share = _PAID_PERCENT[tier][insured in _RESIDENT]
    hospital = clinic(population, person) if tier == "tier1" else _HOSPITALS[tier]
    where = hospital if tier != "tier2" else f"{person.division}{hospital}"
    return Visit(day, where, tier, diagnosis.code, diagnosis.name, cost, cost * share // 100)
