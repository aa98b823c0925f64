"""The city's register of people and households: numbers, phones, addresses, and who is whose kin.

Everybody is invented, and so are the phones: the first lie in 199 0535 xxxx, all others in 154 xxxx xxxx, a range that was never
opened for mobile phones. Nobody has been given either.
"""

from datetime import date
from random import Random
from typing import Final

import msgspec

from app.kernel.identity_numbers import compose
from integrations.city import people as kin
from integrations.city.chance import chance
from integrations.city.divisions import BY_CODE, Division
from integrations.city.names import SexWord
from integrations.city.people import Household, HouseholdKind, Person, age_on
from integrations.city.towns import is_rural

REFERENCE: Final = date(2026, 11, 1)
"""The day on which ages are as drawn; from then on everybody grows older with the clock."""
FIRST_PHONES: Final = 10_000
PHONE_FROM_AGE: Final = 12
_SEQUENCES: Final = 499
_ROADS: Final = (
    "福海路", "望潮路", "听涛街", "海晏街", "云帆路", "苹果园路", "梨花街", "葡萄山路", "灯塔路", "渔歌街", "松风路", "学堂街",
)  # fmt: skip
_VILLAGES: Final = (
    "东福", "西福", "南福", "北福", "望海", "山前", "山后", "河东", "河西", "大埠", "小埠", "沙埠", "桃源", "梨园",
    "杏林", "栗林", "石桥", "泉水", "官庄", "驿前",
)  # fmt: skip


class Birth(msgspec.Struct, frozen=True):
    """What is drawn of a person before they are numbered."""

    name: str
    sex: SexWord
    born: date
    ethnicity_code: str = "01"


class Population:
    """People and households by number, in the order in which they were drawn; demo people come first."""

    def __init__(self, seed: int = 0) -> None:
        """Start empty; `seed` is also that of the registers."""
        self.seed = seed
        self.people: dict[str, Person] = {}
        self.households: dict[str, Household] = {}
        self.in_order: list[str] = []
        """Household numbers by serial; the first has serial 1."""
        self._members: dict[str, dict[str, None]] = {}
        self._children: dict[str, dict[str, None]] = {}
        self._addresses: set[str] = set()
        self._collectives: dict[str, str] = {}
        self._taken: dict[tuple[str, date, SexWord], int] = {}
        self._phones = 0
        self._died_since: set[str] = set()

    def new_number(self, division_code: str, sex: SexWord, born: date, least: int = 0) -> str:
        """Give the next free identity number of a division, day and sex (GB 11643), counted from `least`."""
        region = BY_CODE[division_code].id_region(born)
        while True:
            place = max(least, self._taken.get((region, born, sex), 0))
            if place >= _SEQUENCES:
                message = f"no number left in {region} for {born}"
                raise OverflowError(message)
            self._taken[(region, born, sex)] = place + 1
            number = compose(region, born, 2 * place + (1 if sex == "male" else 2))
            if number not in self.people:
                return number

    def open_household(
        self, division: Division, dice: Random, kind: HouseholdKind = "family", unit: str | None = None
    ) -> Household:
        """Open a household at an invented address that nobody has; a collective one stands in a street, never in a village."""
        towns = [town for town in division.streets if kind == "family" or not is_rural(town[0])]
        town_code, town = dice.choice(towns)
        address = _address(division, (town_code, town), dice)
        while address in self._addresses:
            address = _address(division, (town_code, town), dice)
        number = f"{division.code}{town_code}{len(self.in_order) + 1:06d}"
        return self.keep_household(Household(number, kind, address, division.code, unit))

    def keep_household(self, household: Household) -> Household:
        """Keep a household that was opened, the next one by serial."""
        self._addresses.add(household.address)
        self.households[household.household_no] = household
        self.in_order.append(household.household_no)
        if household.unit is not None:
            self._collectives[household.unit] = household.household_no
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
            ethnicity_code=birth.ethnicity_code,
            phone=self._next_phone() if age_on(birth.born, REFERENCE) >= PHONE_FROM_AGE else None,
        )
        return self.put(person)

    def put(self, person: Person) -> Person:
        """Keep what is now known of a person."""
        self.people[person.id_number] = person
        self._members.setdefault(person.household_no, {})[person.id_number] = None
        for parent in (person.father, person.mother):
            if parent is not None:
                self._children.setdefault(parent, {})[person.id_number] = None
        return person

    def marry(self, one: Person, other: Person) -> tuple[Person, Person]:
        """Make two people each other's spouse."""
        return (
            self.put(msgspec.structs.replace(one, spouse=other.id_number)),
            self.put(msgspec.structs.replace(other, spouse=one.id_number)),
        )

    def be_child(self, child: Person, parents: tuple[Person, Person]) -> Person:
        """Make somebody the child of a father and a mother."""
        father, mother = parents
        return self.put(msgspec.structs.replace(child, father=father.id_number, mother=mother.id_number))

    def move(self, person: Person, household: Household) -> Person:
        """Let somebody be registered in a household, and no longer in the one where they were."""
        known = self.people[person.id_number]
        self._members[known.household_no].pop(person.id_number)
        return self.put(msgspec.structs.replace(person, household_no=household.household_no))

    def bury(self, person: Person, on: date) -> Person:
        """Let somebody have died on a day, after the city was drawn."""
        self._died_since.add(person.id_number)
        return self.put(msgspec.structs.replace(person, alive=False, died_on=on))

    def collective_of(self, unit: str) -> Household | None:
        """Give the newest collective household of a school or employer."""
        number = self._collectives.get(unit)
        return None if number is None else self.households[number]

    def members(self, household_no: str) -> list[Person]:
        """Give who lives in a household, the head first."""
        found = [person for person in self.registered(household_no) if person.alive]
        return sorted(found, key=_head_first)

    def members_as_drawn(self, household_no: str) -> list[Person]:
        """Give who lives in a household, with those who died since the city was drawn: what they owned stays theirs."""
        found = [one for one in self.registered(household_no) if one.alive or one.id_number in self._died_since]
        return sorted(found, key=_head_first)

    def registered(self, household_no: str) -> list[Person]:
        """Give who was ever registered in a household, also those who died since."""
        return [self.people[number] for number in self._members.get(household_no, ())]

    def children(self, id_number: str) -> list[Person]:
        """Give somebody's children, the eldest first."""
        found = [self.people[number] for number in self._children.get(id_number, ())]
        return sorted(found, key=lambda child: (child.birth_date, child.id_number))

    def household_of(self, person: Person) -> Household | None:
        """Give the household in which somebody is registered; people with a document of elsewhere have none."""
        return self.households.get(person.household_no)

    def dice(self, register: str, key: str) -> Random:
        """Give the generator of a register for one person or household."""
        return chance(self.seed, register, key)

    def give_phones(self, count: int) -> None:
        """Count phones as given, since their owners were brought in with them."""
        self._phones += count

    def _next_phone(self) -> str:
        self._phones += 1
        if self._phones < FIRST_PHONES:
            return f"1990535{self._phones:04d}"
        return f"154{self._phones:08d}"


def _head_first(person: Person) -> tuple[bool, date]:
    return person.relation_code != kin.HEAD, person.birth_date


def _address(division: Division, town: tuple[str, str], dice: Random) -> str:
    town_code, name = town
    start = f"山东省烟台市{division.name}{name}"
    if is_rural(town_code):
        return f"{start}{dice.choice(_VILLAGES)}村{dice.randrange(1, 1200)}号"
    return (
        f"{start}{dice.choice(_ROADS)}{dice.randrange(1, 400)}号"
        f"{dice.randrange(1, 30)}号楼{dice.randrange(1, 5)}单元{dice.randrange(1, 19)}0{dice.randrange(1, 5)}室"
    )
