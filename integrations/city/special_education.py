"""The education party (JYJ) on disabled children: who holds a card (`civil`) and goes to school (`schools`) was assessed for it."""

from typing import Final

import msgspec

from integrations.city.civil import disability_of
from integrations.city.days import years_after
from integrations.city.people import Person
from integrations.city.population import Population
from integrations.city.registers import Service, listed, of_person
from integrations.city.schools import LAST_SENIOR, Enrolment, grade_of, schooling
from integrations.city.world import City
from integrations.departments.schooling import School
from integrations.departments.special_education import Arrangement, Disability, SpecialEducation, SpecialSchool

FIRST_GRADE: Final = -2
"""That of the first year of kindergarten, counted to primary school."""
_BY_LEVEL: Final[dict[int, Arrangement]] = {
    1: "at_home", 2: "supported_school", 3: "ordinary_class", 4: "ordinary_class",
}  # fmt: skip
_ASSESSED_IN: Final = (6, 15)
_LEARNS_AT_SCHOOL: Final = frozenset({"1", "2", "3"})
"""Sight, hearing and speech: even where these are lost, a child can come to a school that is equipped for it."""


class ListedSchool(msgspec.Struct, frozen=True):
    """A special school, and from which divisions it takes children."""

    code: str
    name: str
    divisions: frozenset[str]
    for_disabilities: tuple[Disability, ...]
    address: str
    phone: str


class SpecialSchools(msgspec.Struct, frozen=True):
    """Special schools, and the support that goes with each arrangement."""

    support: dict[Arrangement, tuple[str, ...]]
    schools: tuple[ListedSchool, ...]


def special_education(city: City, person: Person) -> SpecialEducation | None:
    """Tell the schooling of a disabled child from kindergarten's age to the end of senior school; nobody else is known."""
    population = city.population
    known = population.household_of(person) is not None and FIRST_GRADE <= grade_of(person.birth_date) <= LAST_SENIOR
    card = disability_of(population, person) if known else None
    if card is None:
        return None
    kind: Disability = str(card.class_code)  # type: ignore[assignment]
    return _told(population, person, (kind, card.level))


def _told(population: Population, person: Person, card: tuple[Disability, int]) -> SpecialEducation:
    kind, level = card
    enrolled = schooling(population, person).enrolment
    arrangement = arrangement_of(kind, level) if enrolled is not None else "not_yet"
    assessed = enrolled.since.replace(month=_ASSESSED_IN[0], day=_ASSESSED_IN[1]) if enrolled is not None else None
    found = listed("special_education", SpecialSchools)
    return SpecialEducation(
        disability=kind,
        disability_level=level,
        arrangement=arrangement,
        school=_school(enrolled),
        assessed_on=assessed,
        next_assessment_on=years_after(assessed, 3) if assessed is not None else None,
        support=found.support[arrangement],
        special_schools=tuple(_shown(one) for one in found.schools if _takes(one, person.division_code, kind)),
    )


def arrangement_of(kind: Disability, level: int) -> Arrangement:
    """Say what the committee advises, by class and level (1 is the gravest)."""
    found = _BY_LEVEL[level]
    return "supported_school" if found == "at_home" and kind in _LEARNS_AT_SCHOOL else found


def _school(enrolled: Enrolment | None) -> School | None:
    return None if enrolled is None else School(enrolled.school_code, enrolled.school)


def _takes(school: ListedSchool, division_code: str, kind: Disability) -> bool:
    return division_code in school.divisions and kind in school.for_disabilities


def _shown(one: ListedSchool) -> SpecialSchool:
    return SpecialSchool(one.code, one.name, one.for_disabilities, one.address, one.phone)


SERVICES: Final[dict[str, Service]] = {"special_education": of_person(special_education)}
