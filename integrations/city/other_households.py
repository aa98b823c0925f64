"""Households that a law or a fate made: the divorced, the widowed with children, orphans with a guardian, collective ones."""

from datetime import date, timedelta
from typing import Final

import msgspec

from integrations.city import people as kin
from integrations.city.chance import one_in, percent
from integrations.city.divisions import BY_CODE
from integrations.city.employers import employer
from integrations.city.households import (
    YEAR,
    Lot,
    ages_of_couple,
    birth_dates,
    born,
    child,
    children,
    couple,
    day_between,
    die,
    head,
    stranger,
)
from integrations.city.people import Household, Person
from integrations.city.population import REFERENCE
from integrations.city.universities import UNIVERSITIES

MOST_TOGETHER: Final = 120
"""People in one collective household; then another is opened."""
_APART_FOR: Final = timedelta(days=600)


def add_divorced(lot: Lot) -> None:
    """Add two people who were married to each other, each in a home of their own; the children live with one of them."""
    home = lot.home()
    parents = couple(lot, home, ages_of_couple(lot, 30, 20))
    days = [day for day in birth_dates(lot, parents[1], 1 + lot.dice.randrange(2)) if day < REFERENCE - _APART_FOR]
    stays = 1 if days and percent(lot.dice, 75) else lot.dice.randrange(2)
    _part(lot, parents[stays], parents[1 - stays], home)
    _part(lot, parents[1 - stays], parents[stays], lot.home())
    children(lot, home, parents, days)


def _part(lot: Lot, person: Person, other: Person, home: Household) -> None:
    apart = msgspec.structs.replace(person, spouse=None, former_spouse=other.id_number, relation_code=kin.HEAD)
    lot.population.move(apart, home)


def add_widowed_parent(lot: Lot) -> None:
    """Add somebody whose husband or wife died while the children were at home."""
    home = lot.home()
    parents = couple(lot, home, ages_of_couple(lot, 34, 14))
    added = children(lot, home, parents, birth_dates(lot, parents[1], 1 + lot.dice.randrange(2)))
    dead, left = parents if lot.dice.randrange(2) else (parents[1], parents[0])
    since = max([REFERENCE - 5 * YEAR, *(one.birth_date for one in added)])
    die(lot, dead, day_between(lot, min(since, REFERENCE - 2 * timedelta(days=1)), REFERENCE))
    head(lot, left)


def add_orphans(lot: Lot) -> None:
    """Add orphans (孤儿) with their guardian: the grandfather, or a grown-up brother or sister (Civil Code, art. 27)."""
    if one_in(lot.dice, 4):
        _orphans_with_eldest(lot)
    else:
        _orphan_with_grandparents(lot)


def _orphan_with_grandparents(lot: Lot) -> None:
    home = lot.home()
    grandparents = couple(lot, home, ages_of_couple(lot, 58, 10))
    day = grandparents[1].birth_date + (22 + lot.dice.randrange(6)) * YEAR
    father = child(lot, home, grandparents, (day, "male", "21"))
    mother = lot.population.add(home, stranger(lot, "female", REFERENCE.year - day.year - 1), "38")
    father, mother = lot.population.marry(father, mother)
    sex = lot.sex()
    since = day + 24 * YEAR
    on = day_between(lot, max(since, REFERENCE - 13 * YEAR), REFERENCE - YEAR)
    orphan = child(lot, home, (father, mother), (on, sex, "41" if sex == "male" else "42"))
    _bereave(lot, (father, mother), on)
    lot.population.put(msgspec.structs.replace(orphan, guardian=grandparents[0].id_number))


def _orphans_with_eldest(lot: Lot) -> None:
    home = lot.home()
    parents = couple(lot, home, ages_of_couple(lot, 45, 5))
    sex = lot.sex()
    grown = child(lot, home, parents, (born(19 + lot.dice.randrange(3), lot.dice), sex, kin.HEAD))
    younger = lot.sex()
    relation = kin.YOUNGER_BROTHER if younger == "male" else kin.YOUNGER_SISTER
    day = born(9 + lot.dice.randrange(8), lot.dice)
    minor = child(lot, home, parents, (day, younger, relation))
    _bereave(lot, parents, max(day, REFERENCE - 2 * YEAR))
    lot.population.put(msgspec.structs.replace(minor, guardian=grown.id_number))


def _bereave(lot: Lot, parents: tuple[Person, Person], after: date) -> None:
    for parent in parents:
        die(lot, lot.population.people[parent.id_number], day_between(lot, after, REFERENCE))


def add_students(lot: Lot) -> None:
    """Add some students in the collective household of their university."""
    school = lot.dice.choice(UNIVERSITIES)
    for _ in range(2 + lot.dice.randrange(4)):
        _join(lot, _collective(lot, school.name, school.division_code), 19 + lot.dice.randrange(3))


def add_workers(lot: Lot) -> None:
    """Add some unmarried workers in the collective household of their employer."""
    firm = employer(lot.population.seed, lot.division.code, lot.dice.randrange(8))
    for _ in range(1 + lot.dice.randrange(4)):
        _join(lot, _collective(lot, firm.name, lot.division.code), 23 + lot.dice.randrange(17))


def _join(lot: Lot, home: Household, age: int) -> None:
    first = not lot.population.registered(home.household_no)
    lot.population.add(home, stranger(lot, lot.sex(), age), kin.HEAD if first else kin.NO_KIN)


def _collective(lot: Lot, unit: str, division_code: str) -> Household:
    """Give the unit's collective household with room in it; the first who came heads it."""
    known = lot.population.collective_of(unit)
    if known is not None and len(lot.population.registered(known.household_no)) < MOST_TOGETHER:
        return known
    return lot.population.open_household(BY_CODE[division_code], lot.dice, "collective", unit)
