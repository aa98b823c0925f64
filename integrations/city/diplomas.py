"""The education party (JYJ) on diplomas: one for each level that somebody completed from senior secondary school on."""

from datetime import date
from typing import Final

from integrations.city.people import Person
from integrations.city.population import Population
from integrations.city.registers import Service, of_person
from integrations.city.schools import LAST_GRADES, Stage, destined_level, entry_year, grade_of, school_of, schooling
from integrations.city.student_numbers import student_serial
from integrations.city.world import City
from integrations.departments.diplomas import Channel, Diploma, Diplomas

ON_CHSI_SINCE: Final = date(2001, 1, 1)
_ON_THE_WAY: Final = {"10": ("10", "20", "60"), "20": ("20", "60"), "30": ("30", "60"), "40": ("40",), "60": ("60",)}
"""The diplomas of who reaches a level, the highest first."""
_BEFORE: Final = {"10": 16, "20": 12, "30": 12, "40": 9, "60": 9}
"""The grades before a level's first, counted from primary school."""
_STAGES: Final[dict[str, Stage]] = {
    "10": "graduate", "20": "university", "30": "college", "40": "vocational", "60": "senior",
}  # fmt: skip
_IN_NUMBERS: Final = {"10": "02", "20": "05", "30": "06"}
"""Levels in the numbers of higher education: 02 master, 05 bachelor, 06 college."""


def diplomas(city: City, person: Person) -> Diplomas | None:
    """Tell somebody's diplomas; who has none isn't registered."""
    population = city.population
    if population.household_of(person) is None or not person.alive:
        return None
    reached = _reached(population, person)
    return Diplomas(tuple(_diploma(population, person, level) for level in reached)) if reached else None


def highest_level(population: Population, person: Person) -> str | None:
    """Give the level of the highest diploma, or of primary or junior school; a student's unfinished years count for none."""
    reached = _reached(population, person)
    return reached[0] if reached else schooling(population, person).level_code


def _reached(population: Population, person: Person) -> list[str]:
    levels = _ON_THE_WAY.get(destined_level(population, person), ())
    return [level for level in levels if LAST_GRADES[level] < grade_of(person.birth_date)]


def _diploma(population: Population, person: Person, level: str) -> Diploma:
    name, code = school_of(population, person, _STAGES[level])
    start = entry_year(person.birth_date)
    graduated = date(start + LAST_GRADES[level], 7, 1)
    return Diploma(
        level=level,  # type: ignore[arg-type]
        school=name,
        number=_number(code, graduated.year, level) + student_serial(population, person),
        entered_on=date(start + _BEFORE[level], 9, 1),
        graduated_on=graduated,
        channel=channel(level, graduated),
    )


def _number(school_code: str, year: int, level: str) -> str:
    """Begin a number as those of higher education do: school, kind, year, level; its serial is longer than theirs."""
    return f"{school_code[-5:]}1{year}{_IN_NUMBERS[level]}" if level in _IN_NUMBERS else f"{school_code[1:7]}{year}"


def channel(level: str, graduated: date) -> Channel:
    """Say how a diploma is verified: higher education on CHSI, by hand if it is from before 2001, otherwise by the bureau."""
    if level not in _IN_NUMBERS:
        return "bureau"
    return "chsi" if graduated >= ON_CHSI_SINCE else "by_hand"


SERVICES: Final[dict[str, Service]] = {"diplomas": of_person(diplomas)}
