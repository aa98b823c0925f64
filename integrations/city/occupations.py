"""What people do all day; every other register builds on it."""

from datetime import date
from typing import Final, Literal

from integrations.city import universities
from integrations.city.chance import percent, weighted
from integrations.city.days import birthday
from integrations.city.people import Household, Person
from integrations.city.population import REFERENCE, Population
from integrations.city.retirement import RESIDENT_PENSION_FROM, RetirementKind, retires_on
from integrations.city.schools import left_school, schooling
from integrations.city.towns import is_rural

Occupation = Literal[
    "small_child", "pupil", "student", "employee", "flexible", "farmer", "unemployed", "homemaker", "retired"
]
WORK_FROM: Final = 16
"""Nobody under 16 may work (劳动法, art. 15)."""
INSURED: Final = frozenset({"employee", "flexible", "unemployed"})
_PUPIL: Final = frozenset({"primary", "junior", "senior", "vocational"})
_CADRE_LEVELS: Final = frozenset({"30", "20", "10"})
_URBAN: Final[tuple[tuple[Occupation, int], ...]] = (
    ("employee", 76), ("flexible", 14), ("unemployed", 5), ("homemaker", 5),
)  # fmt: skip
_RURAL: Final[tuple[tuple[Occupation, int], ...]] = (
    ("farmer", 44), ("employee", 36), ("flexible", 12), ("unemployed", 3), ("homemaker", 5),
)  # fmt: skip


def occupation(population: Population, person: Person) -> Occupation | None:
    """Tell what somebody does on the reference day; of the dead, and of people without a household here, nothing is known."""
    home = population.household_of(person)
    if home is None or not person.alive:
        return None
    enrolment = schooling(population, person).enrolment
    if enrolment is not None and enrolment.stage != "kindergarten":
        return "pupil" if enrolment.stage in _PUPIL else "student"
    if first_day_of_work(population, person) > REFERENCE:
        return "small_child"
    return "retired" if retired_on(population, person) <= REFERENCE else trade(population, person, home)


def trade(population: Population, person: Person, home: Household) -> Occupation:
    """Draw what somebody does (or did before retiring); who lives in an employer's household works there, the demo's couple too."""
    if (home.unit is not None and home.unit not in universities.NAMES) or person.demo:
        return "employee"
    table = _RURAL if is_rural(home.town_code) else _URBAN
    drawn = weighted(population.dice("trade", person.id_number), table)
    return "employee" if drawn == "homemaker" and person.sex == "male" else drawn


def first_day_of_work(population: Population, person: Person) -> date:
    """Give the day from which somebody could work: out of school, and sixteen."""
    return max(left_school(population, person), birthday(person.birth_date, WORK_FROM))


def retirement_kind(population: Population, person: Person) -> RetirementKind:
    """Tell which retirement age is somebody's: women with a degree are mostly cadres (管理技术岗位)."""
    if person.sex == "male":
        return "man"
    level = schooling(population, person).level_code
    cadre = percent(population.dice("cadre", person.id_number), 80 if level in _CADRE_LEVELS else 15)
    return "woman_cadre" if cadre else "woman_worker"


def retired_on(population: Population, person: Person) -> date:
    """Give the day from which somebody draws a pension: the insured by their retirement age, all others at sixty."""
    home = population.households[person.household_no]
    if trade(population, person, home) in INSURED:
        return retires_on(person.birth_date, retirement_kind(population, person))
    return birthday(person.birth_date, RESIDENT_PENSION_FROM)
