"""Pregnancies: of children who were born, and those that go on as the health party knows them, from the handbook on.

A child born in the drawn city, or since, ends a pregnancy. Who has none of the last year may expect one: then the city is always
in some week of it, since no drawn child is ever born (docs/decisions/0026), and only a delivery ends it.
"""

from datetime import date, timedelta
from typing import Final

import msgspec

from integrations.city.births import births_of
from integrations.city.chance import percent
from integrations.city.people import Person, age_on
from integrations.city.world import City

TERM: Final = timedelta(days=280)
"""From the first day of the last period to the due date."""
KNOWN_AFTER: Final = timedelta(days=365)
"""How long after a birth the pregnancy is still told of."""
MOST_CHILDREN: Final = 3
"""A couple may have three (人口与计划生育法, art. 18)."""
_AGES: Final = range(20, 45)
_EXPECTING_PERCENT: Final = 8
_KNOWN_FROM_DAY, _KNOWN_DAYS = 91, 182
_OPENED_FROM_DAY, _OPENED_DAYS = 42, 43
_EARLY_DAYS, _LATE_DAYS = 21, 7


class Born(msgspec.Struct, frozen=True, order=True):
    """A birth of a mother: the day, and the father."""

    born_on: date
    father: str


class Pregnancy(msgspec.Struct, frozen=True):
    """A pregnancy, when its handbook was opened, and the birth that ended it."""

    last_period_on: date
    opened_on: date
    born_on: date | None

    @property
    def due_on(self) -> date:
        """The due date (预产期)."""
        return self.last_period_on + TERM


def mothers_births(city: City, mother: Person) -> list[Born]:
    """Give every birth of a woman in order, also of children who aren't registered yet."""
    registered = [Born(child.birth_date, child.father or "") for child in city.population.children(mother.id_number)]
    others = [
        Born(birth.born_on, birth.father or "")
        for birth in births_of(city, mother.id_number)
        if birth.id_number is None and birth.mother == mother.id_number
    ]
    return sorted(registered + others)


def pregnancy_before(city: City, mother: Person, born_on: date) -> Pregnancy:
    """Give the pregnancy that ended with a birth."""
    dice = city.population.dice("pregnancy", f"{mother.id_number}:{born_on}")
    early = timedelta(days=dice.randrange(_EARLY_DAYS + _LATE_DAYS) - _LATE_DAYS)
    return _pregnancy(city, mother, born_on + early - TERM, born_on)


def pregnancy_of(city: City, woman: Person, day: date) -> Pregnancy | None:
    """Give the pregnancy in which somebody is on a day, or which ended with a birth in the year before it."""
    if woman.sex != "female" or not woman.alive or city.population.household_of(woman) is None:
        return None
    born = mothers_births(city, woman)
    if born and day - born[-1].born_on <= KNOWN_AFTER:
        return pregnancy_before(city, woman, born[-1].born_on)
    return _going_on(city, woman, day) if len(born) < MOST_CHILDREN else None


def _going_on(city: City, woman: Person, day: date) -> Pregnancy | None:
    dice = city.population.dice("expecting", woman.id_number)
    expecting = percent(dice, _EXPECTING_PERCENT) or woman.demo
    spouse = city.population.people.get(woman.spouse or "")
    if not expecting or spouse is None or not spouse.alive or age_on(woman.birth_date, day) not in _AGES:
        return None
    along = _KNOWN_FROM_DAY + (day.toordinal() + dice.randrange(_KNOWN_DAYS)) % _KNOWN_DAYS
    return _pregnancy(city, woman, day - timedelta(days=along), None)


def _pregnancy(city: City, mother: Person, last_period_on: date, born_on: date | None) -> Pregnancy:
    dice = city.population.dice("handbook", f"{mother.id_number}:{last_period_on}")
    opened = timedelta(days=_OPENED_FROM_DAY + dice.randrange(_OPENED_DAYS))
    return Pregnancy(last_period_on, last_period_on + opened, born_on)
