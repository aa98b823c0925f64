"""How families live together: alone, in couples, with children, with the old, and what the ages of kin have to be."""

from datetime import date, timedelta
from random import Random
from typing import Final

import msgspec

from integrations.city import people as kin
from integrations.city.chance import one_in, weighted
from integrations.city.divisions import Division
from integrations.city.names import SexWord, given_name, surname, surname_of
from integrations.city.people import Household, Person
from integrations.city.population import REFERENCE, Birth, Population

YEAR: Final = timedelta(days=365)
LEAVES_HOME_AT: Final = 24
"""Drawn children who would be older live elsewhere, and aren't drawn."""
_ETHNIC_GROUPS: Final = (("01", 970), ("10", 9), ("11", 8), ("03", 6), ("02", 4), ("08", 1), ("06", 2))
"""Codes of GB/T 3304 by share: 汉, 朝鲜, 满, 回, 蒙古, 壮, 苗; shares invented."""


class Lot(msgspec.Struct, frozen=True):
    """What a household is drawn with."""

    population: Population
    division: Division
    dice: Random

    def home(self) -> Household:
        """Open a family's household."""
        return self.population.open_household(self.division, self.dice)

    def sex(self) -> SexWord:
        """Draw a sex."""
        return "male" if self.dice.randrange(2) else "female"


def born(age: int, dice: Random) -> date:
    """Draw a birth date of somebody who is so old on the reference day."""
    latest = REFERENCE.replace(year=REFERENCE.year - age)
    return latest - timedelta(days=dice.randrange(360))


def stranger(lot: Lot, sex: SexWord, age: int) -> Birth:
    """Draw somebody without kin here."""
    group = weighted(lot.dice, _ETHNIC_GROUPS)
    name = surname(lot.dice, group) + given_name(sex, lot.dice)
    return Birth(name, sex, born(age, lot.dice), group)


def couple(lot: Lot, home: Household, ages: tuple[int, int]) -> tuple[Person, Person]:
    """Add a husband as the head, and his wife, of these ages."""
    husband = lot.population.add(home, stranger(lot, "male", ages[0]), kin.HEAD)
    wife = lot.population.add(home, stranger(lot, "female", ages[1]), kin.WIFE)
    return lot.population.marry(husband, wife)


def ages_of_couple(lot: Lot, youngest: int, years: int) -> tuple[int, int]:
    """Draw the ages of a husband and a wife; he is up to three years older."""
    age = youngest + lot.dice.randrange(years)
    return age + lot.dice.randrange(4), age


def birth_dates(lot: Lot, mother: Person, count: int) -> list[date]:
    """Draw when a mother's children were born: from 22 to 41, 2 to 6 years apart, none of them grown up and gone."""
    days = [mother.birth_date + (22 + lot.dice.randrange(9)) * YEAR + timedelta(days=30 + lot.dice.randrange(300))]
    for _ in range(count - 1):
        days.append(days[-1] + timedelta(days=700 + lot.dice.randrange(1200)))
    gone = REFERENCE.replace(year=REFERENCE.year - LEAVES_HOME_AT)
    return [day for day in days if gone < day <= REFERENCE]


def child(lot: Lot, home: Household, parents: tuple[Person, Person], birth: tuple[date, SexWord, str]) -> Person:
    """Add a child born on a day, of a sex, in a relation to the head; it has the father's surname and either's ethnic group."""
    day, sex, relation = birth
    group = lot.dice.choice(parents).ethnicity_code
    name = surname_of(parents[0].name) + given_name(sex, lot.dice)
    added = lot.population.add(home, Birth(name, sex, day, group), relation)
    return lot.population.be_child(added, parents)


def children(lot: Lot, home: Household, parents: tuple[Person, Person], days: list[date]) -> list[Person]:
    """Add a couple's children, named as the only, the first, second or third son or daughter (GB/T 4761)."""
    sexes = [lot.sex() for _ in days]
    added = []
    for place, (day, sex) in enumerate(zip(days, sexes, strict=True)):
        order = 1 if len(days) == 1 else 2 + sexes[:place].count(sex)
        relation = f"{2 if sex == 'male' else 3}{order}"
        added.append(child(lot, home, parents, (day, sex, relation)))
    return added


def die(lot: Lot, person: Person, on: date) -> Person:
    """Let somebody have died."""
    return lot.population.put(msgspec.structs.replace(person, alive=False, died_on=on))


def head(lot: Lot, person: Person) -> Person:
    """Make somebody the head of the household."""
    return lot.population.put(msgspec.structs.replace(person, relation_code=kin.HEAD))


def day_between(lot: Lot, after: date, before: date) -> date:
    """Draw a day after one and before another, which is later by two days at least."""
    return after + timedelta(days=1 + lot.dice.randrange((before - after).days - 1))


def widow(lot: Lot, couple_: tuple[Person, Person]) -> None:
    """Let one of an old couple have died in the last five years, the husband more often; the other heads the household."""
    dead, left = couple_ if lot.dice.randrange(3) else (couple_[1], couple_[0])
    die(lot, dead, day_between(lot, REFERENCE - 5 * YEAR, REFERENCE))
    head(lot, left)


def add_single(lot: Lot) -> None:
    """Add somebody unmarried who lives alone."""
    lot.population.add(lot.home(), stranger(lot, lot.sex(), 20 + lot.dice.randrange(25)), kin.HEAD)


def add_young_couple(lot: Lot) -> None:
    """Add a couple without children."""
    couple(lot, lot.home(), ages_of_couple(lot, 24, 12))


def add_couple_left_alone(lot: Lot) -> None:
    """Add a couple whose children have left home."""
    couple(lot, lot.home(), ages_of_couple(lot, 47, 13))


def add_family(lot: Lot) -> None:
    """Add a couple with one to three children."""
    home = lot.home()
    parents = couple(lot, home, ages_of_couple(lot, 27, 20))
    children(lot, home, parents, birth_dates(lot, parents[1], weighted(lot.dice, ((1, 58), (2, 36), (3, 6)))))


def add_three_generations(lot: Lot) -> None:
    """Add a couple with children and the parents of one of them under one roof."""
    home = lot.home()
    parents = couple(lot, home, ages_of_couple(lot, 28, 16))
    taken_in = parents[1] if one_in(lot.dice, 6) else parents[0]
    relations = (kin.FATHER, kin.MOTHER) if taken_in is parents[0] else (kin.WIFES_FATHER, kin.WIFES_MOTHER)
    old = elders_of(lot, home, taken_in, relations)
    if one_in(lot.dice, 4):
        die(lot, old[lot.dice.randrange(2)], day_between(lot, REFERENCE - 5 * YEAR, REFERENCE))
    children(lot, home, parents, birth_dates(lot, parents[1], 1 + lot.dice.randrange(2)))


def elders_of(
    lot: Lot, home: Household, grown: Person, relations: tuple[str, str] = (kin.HEAD, kin.WIFE)
) -> tuple[Person, Person]:
    """Add the parents of somebody grown up: the mother is 22 to 29 years older, the father up to three more."""
    age = REFERENCE.year - grown.birth_date.year + 22 + lot.dice.randrange(8)
    drawn = stranger(lot, "male", age + 1 + lot.dice.randrange(3))
    named = msgspec.structs.replace(
        drawn,
        name=surname_of(grown.name) + given_name("male", lot.dice),
        ethnicity_code=grown.ethnicity_code,
    )
    father = lot.population.add(home, named, relations[0])
    mother = lot.population.add(home, stranger(lot, "female", age), relations[1])
    old = lot.population.marry(father, mother)
    lot.population.be_child(lot.population.people[grown.id_number], old)
    return old


def add_elders(lot: Lot) -> None:
    """Add an old couple that lives alone; one in six is widowed."""
    old = couple(lot, lot.home(), ages_of_couple(lot, 60, 25))
    if one_in(lot.dice, 6):
        widow(lot, old)


def add_elders_near_their_child(lot: Lot) -> None:
    """Add a family, and the husband's parents in a home of their own."""
    home = lot.home()
    parents = couple(lot, home, ages_of_couple(lot, 28, 16))
    children(lot, home, parents, birth_dates(lot, parents[1], 1))
    old = elders_of(lot, lot.home(), parents[0])
    if one_in(lot.dice, 4):
        widow(lot, old)


def add_elder_alone(lot: Lot) -> None:
    """Add somebody old who lives alone: widowed, or never married."""
    if one_in(lot.dice, 4):
        lot.population.add(lot.home(), stranger(lot, lot.sex(), 60 + lot.dice.randrange(30)), kin.HEAD)
    else:
        widow(lot, couple(lot, lot.home(), ages_of_couple(lot, 66, 27)))
