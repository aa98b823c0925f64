"""The city's people: the same for the same seed, with households, kin and ages that agree.

Everybody is invented. Phones lie in 199 0535 xxxx, a range that nobody has been given.
"""

from datetime import date, timedelta
from random import Random
from typing import Final

import msgspec

from app.kernel.identity_numbers import compose
from integrations.city import people as kin
from integrations.city.divisions import BY_CODE, DIVISIONS, Division
from integrations.city.names import SexWord, given_name, surname
from integrations.city.people import Household, Person, age_on

REFERENCE: Final = date(2026, 11, 1)
"""The day on which ages are as drawn; from then on everybody grows older with the clock."""
PHONES: Final = 10_000
PHONE_FROM_AGE: Final = 12
_YEAR: Final = timedelta(days=365)
_SEQUENCES: Final = 499


class Birth(msgspec.Struct, frozen=True):
    """What is drawn of a person before they are numbered."""

    name: str
    sex: SexWord
    born: date


class Population:
    """People and households by number, in the order in which they were drawn; demo people come first."""

    def __init__(self) -> None:
        """Start empty."""
        self.people: dict[str, Person] = {}
        self.households: dict[str, Household] = {}
        self._taken: dict[tuple[str, date, SexWord], int] = {}
        self._phones = 0

    def new_number(self, division_code: str, sex: SexWord, born: date) -> str:
        """Give the next free identity number of a division, day and sex (GB 11643)."""
        region = BY_CODE[division_code].id_region(born)
        while True:
            place = self._taken.get((region, born, sex), 0)
            if place >= _SEQUENCES:
                message = f"no number left in {region} for {born}"
                raise OverflowError(message)
            self._taken[(region, born, sex)] = place + 1
            number = compose(region, born, 2 * place + (1 if sex == "male" else 2))
            if number not in self.people:
                return number

    def open_household(self, division: Division, dice: Random, kind: str = "family") -> Household:
        """Open a household at an invented address."""
        street_code, street = dice.choice(division.streets)
        address = (
            f"山东省烟台市{division.name}{street}福海路{dice.randrange(1, 400)}号"
            f"{dice.randrange(1, 30)}号楼{dice.randrange(1, 5)}单元{dice.randrange(1, 19)}0{dice.randrange(1, 5)}室"
        )
        number = f"{division.code}{street_code}{len(self.households) + 1:06d}"
        household = Household(number, kind, address, division.code)
        self.households[number] = household
        return household

    def add(self, household: Household, birth: Birth, relation_code: str) -> Person:
        """Register a person in a household; from twelve on with a phone."""
        person = Person(
            id_number=self.new_number(household.division_code, birth.sex, birth.born),
            name=birth.name,
            sex=birth.sex,
            birth_date=birth.born,
            division_code=household.division_code,
            household_no=household.household_no,
            relation_code=relation_code,
            phone=self._next_phone() if age_on(birth.born, REFERENCE) >= PHONE_FROM_AGE else None,
        )
        return self.put(person)

    def put(self, person: Person) -> Person:
        """Keep what is now known of a person."""
        self.people[person.id_number] = person
        return person

    def marry(self, one: Person, other: Person) -> tuple[Person, Person]:
        """Make two people each other's spouse."""
        return (
            self.put(msgspec.structs.replace(one, spouse=other.id_number)),
            self.put(msgspec.structs.replace(other, spouse=one.id_number)),
        )

    def members(self, household_no: str) -> list[Person]:
        """Give who lives in a household, the head first."""
        found = [person for person in self.people.values() if person.household_no == household_no and person.alive]
        return sorted(found, key=lambda person: (person.relation_code != kin.HEAD, person.birth_date))

    def _next_phone(self) -> str | None:
        self._phones += 1
        return f"1990535{self._phones:04d}" if self._phones < PHONES else None


def draw(seed: int, people: int) -> Population:
    """Draw at least `people` people (the last household is never cut); the four demo people come first."""
    dice = Random(seed)  # noqa: S311 - invented people, not secrets
    population = Population()
    _add_demo_people(population, dice)
    while len(population.people) < people:
        division = dice.choice(DIVISIONS)
        dice.choice((_add_single, _add_couple, _add_family, _add_family, _add_three_generations, _add_elders))(
            population, division, dice
        )
    return population


def _born(age: int, dice: Random) -> date:
    latest = REFERENCE.replace(year=REFERENCE.year - age)
    return latest - timedelta(days=dice.randrange(360))


def _couple(population: Population, household: Household, ages: tuple[int, int], dice: Random) -> tuple[Person, Person]:
    husband = population.add(
        household, Birth(surname(dice) + given_name("male", dice), "male", _born(ages[0], dice)), kin.HEAD
    )
    wife = population.add(
        household, Birth(surname(dice) + given_name("female", dice), "female", _born(ages[1], dice)), kin.WIFE
    )
    return population.marry(husband, wife)


def _child(
    population: Population, parents: tuple[Person, Person], born: date, relations: tuple[str, str], dice: Random
) -> Person:
    father, mother = parents
    sex: SexWord = "male" if dice.randrange(2) else "female"
    family_name = father.name[:2] if father.name.startswith("欧阳") else father.name[0]
    birth = Birth(family_name + given_name(sex, dice), sex, born)
    relation = relations[0] if sex == "male" else relations[1]
    child = population.add(population.households[father.household_no], birth, relation)
    return population.put(msgspec.structs.replace(child, father=father.id_number, mother=mother.id_number))


def _add_children(population: Population, parents: tuple[Person, Person], count: int, dice: Random) -> None:
    mother = parents[1]
    first = mother.birth_date + (21 + dice.randrange(8)) * _YEAR
    births = [first, first + timedelta(days=700 + dice.randrange(1200))][:count]
    births = [born for born in births if born <= REFERENCE]
    for place, born in enumerate(births):
        relations = ("21", "31") if len(births) == 1 else (("22", "32"), ("23", "33"))[place]
        _child(population, parents, born, relations, dice)


def _add_single(population: Population, division: Division, dice: Random) -> None:
    sex: SexWord = "male" if dice.randrange(2) else "female"
    household = population.open_household(division, dice)
    birth = Birth(surname(dice) + given_name(sex, dice), sex, _born(20 + dice.randrange(25), dice))
    population.add(household, birth, kin.HEAD)


def _add_couple(population: Population, division: Division, dice: Random) -> None:
    age = 24 + dice.randrange(12)
    _couple(population, population.open_household(division, dice), (age + dice.randrange(4), age), dice)


def _add_family(population: Population, division: Division, dice: Random) -> None:
    age = 26 + dice.randrange(20)
    parents = _couple(population, population.open_household(division, dice), (age + dice.randrange(4), age), dice)
    _add_children(population, parents, 1 + dice.randrange(2), dice)


def _add_elders(population: Population, division: Division, dice: Random) -> None:
    age = 60 + dice.randrange(25)
    husband, wife = _couple(population, population.open_household(division, dice), (age + dice.randrange(4), age), dice)
    if dice.randrange(8) == 0:
        population.put(msgspec.structs.replace(husband, alive=False))
        population.put(msgspec.structs.replace(wife, relation_code=kin.HEAD))


def _add_three_generations(population: Population, division: Division, dice: Random) -> None:
    age = 28 + dice.randrange(12)
    _with_grandparents(population, division, (age, age + 26 + dice.randrange(6)), dice)


def _with_grandparents(population: Population, division: Division, ages: tuple[int, int], dice: Random) -> Person:
    """Add a couple with children and the husband's parents under one roof; gives the grandmother."""
    age, grandmother_age = ages
    household = population.open_household(division, dice)
    father, mother = _couple(population, household, (age, age), dice)
    family_name = father.name[:2] if father.name.startswith("欧阳") else father.name[0]
    elder = Birth(family_name + given_name("male", dice), "male", _born(grandmother_age + 1, dice))
    grandfather = population.add(household, elder, kin.FATHER)
    birth = Birth(surname(dice) + given_name("female", dice), "female", _born(grandmother_age, dice))
    grandfather, grandmother = population.marry(grandfather, population.add(household, birth, kin.MOTHER))
    father = population.put(msgspec.structs.replace(father, father=grandfather.id_number, mother=grandmother.id_number))
    _add_children(population, (father, mother), 1, dice)
    return grandmother


def _add_demo_people(population: Population, dice: Random) -> None:
    """Add a couple in 芝罘区 that expects a child, a grandmother of 66, and a student of 19; then put them first."""
    home = population.open_household(BY_CODE["370602"], dice)
    father = population.add(home, Birth("孙䶮", "male", date(1995, 4, 12)), kin.HEAD)
    mother = population.add(home, Birth("于晓彤", "female", date(1997, 8, 23)), kin.WIFE)
    father, mother = population.marry(father, mother)
    grandmother = _with_grandparents(population, BY_CODE["370613"], (38, 66), dice)
    parents = _couple(population, population.open_household(BY_CODE["370611"], dice), (46, 45), dice)
    student = _child(population, parents, date(2007, 6, 18), ("21", "31"), dice)
    demo = [msgspec.structs.replace(person, demo=True) for person in (mother, father, grandmother, student)]
    rest = population.people
    population.people = {person.id_number: person for person in demo}
    population.people = population.people | {number: rest[number] for number in rest if number not in population.people}
