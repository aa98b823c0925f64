"""What civil affairs (民政) and the disabled persons' federation (残联) know: marriages, divorces, benefits, disability.

The minimum standard of living and all allowances are invented amounts; whom they are for follows 社会救助暂行办法, art. 9, and 残疾人保障法.
"""

from datetime import date
from typing import Final, Literal

import msgspec

from integrations.city.chance import percent, weighted
from integrations.city.days import birthday
from integrations.city.employment import income_fen, work
from integrations.city.homes import home_of
from integrations.city.people import Household, Person, age_on
from integrations.city.population import REFERENCE, Population
from integrations.city.vehicles import vehicles_of

Marital = Literal["10", "20", "30", "40"]
HUSBAND_FROM, WIFE_FROM = 22, 20
"""Marriageable ages (Civil Code, art. 1047)."""
LIVING_STANDARD_FEN: Final = 110_000
"""Minimum living standard (低保标准) a person and month, invented."""
SENIOR_ALLOWANCES_FEN: Final = ((100, 80_000), (90, 30_000), (80, 10_000))
ORPHAN_ALLOWANCE_FEN: Final = 180_000
_APPLY_PERCENT: Final = 70
_DISABLED_PER_MILLE: Final = ((75, 70), (60, 45), (18, 18), (3, 8))
"""By age from which: how many of a thousand hold a card."""
_DISABILITIES: Final = ((1, 14), (2, 20), (3, 2), (4, 42), (5, 8), (6, 9), (7, 5))
"""Classes: 视力, 听力, 言语, 肢体, 智力, 精神, 多重."""


class Registration(msgspec.Struct, frozen=True):
    """A marriage or divorce registration (结婚证, 离婚证): the number names the office, the year and a running number."""

    certificate_no: str
    other_id_number: str
    registered_on: date


class Disability(msgspec.Struct, frozen=True):
    """A disability certificate (残疾人证): the number is the identity number, the class and the level."""

    card_no: str
    class_code: int
    level: int


class Assistance(msgspec.Struct, frozen=True):
    """Minimum living allowance (低保) of a household: what it lacks to the standard."""

    people: int
    income_fen: int
    monthly_fen: int


class Civil(msgspec.Struct, frozen=True):
    """Everything that civil affairs know of somebody; `marital_code` is of GB/T 2261.2."""

    marital_code: Marital
    marriage: Registration | None
    divorce: Registration | None
    assistance: Assistance | None
    disability: Disability | None
    senior_allowance_fen: int
    orphan_allowance_fen: int


def civil(population: Population, person: Person) -> Civil | None:
    """Tell somebody's civil status and benefits; nothing is known of the dead and of people without a household here."""
    household = population.household_of(person)
    if household is None or not person.alive:
        return None
    age = age_on(person.birth_date, REFERENCE)
    married, parted = _marriage(population, person)
    return Civil(
        marital_code=marital_code(population, person),
        marriage=married,
        divorce=parted,
        assistance=assistance_of(population, household),
        disability=disability_of(population, person),
        senior_allowance_fen=next((fen for least, fen in SENIOR_ALLOWANCES_FEN if age >= least), 0),
        orphan_allowance_fen=ORPHAN_ALLOWANCE_FEN if person.guardian else 0,
    )


def marital_code(population: Population, person: Person) -> Marital:
    """Tell the marital status: 10 never married, 20 married, 30 widowed, 40 divorced."""
    if person.spouse is not None:
        spouse = population.people.get(person.spouse)
        return "20" if spouse is None or spouse.alive else "30"
    return "40" if person.former_spouse else "10"


def assistance_of(population: Population, household: Household) -> Assistance | None:
    """Tell a household's allowance: a family below the standard that asked for it, without a car or a home that it lets."""
    members = population.members(household.household_no)
    if household.kind != "family" or not percent(population.dice("assistance", household.household_no), _APPLY_PERCENT):
        return None
    works = [work(population, person) for person in members]
    income = sum(income_fen(told) for told in works if told is not None)
    lacking = LIVING_STANDARD_FEN * len(members) - income
    if lacking <= 0 or any(vehicles_of(population, person) for person in members):
        return None
    home = home_of(population, household)
    return None if home is None or home.lets else Assistance(len(members), income, lacking)


def married_on(population: Population, husband: Person, wife: Person) -> date:
    """Give the day of a marriage: once both were old enough, and if there was time, before the first child was born."""
    start = max(birthday(husband.birth_date, HUSBAND_FROM), birthday(wife.birth_date, WIFE_FROM))
    births = [child.birth_date for child in population.children(wife.id_number) if child.father == husband.id_number]
    ends = [day for day in (*births, husband.died_on, wife.died_on, REFERENCE) if day is not None]
    days = (min(ends) - start).days
    dice = population.dice("marriage", husband.id_number)
    return start if days <= 0 else date.fromordinal(start.toordinal() + dice.randrange(min(days, 3_000)))


def _marriage(population: Population, person: Person) -> tuple[Registration | None, Registration | None]:
    other = population.people.get(person.spouse or person.former_spouse or "")
    if other is None:
        return None, None
    husband, wife = (person, other) if person.sex == "male" else (other, person)
    day = married_on(population, husband, wife)
    married = Registration(_number("J", husband, day), other.id_number, day)
    if not person.former_spouse:
        return married, None
    births = [child.birth_date for child in population.children(wife.id_number)]
    since = max([day, *births])
    parted = date.fromordinal(
        since.toordinal() + 1 + population.dice("divorce", husband.id_number).randrange((REFERENCE - since).days)
    )
    return married, Registration(_number("L", husband, parted), other.id_number, parted)


def _number(letter: str, husband: Person, day: date) -> str:
    """Write the number of a certificate: J for marriages, L for divorces; the running number is made of the husband's."""
    return f"{letter}{husband.division_code}-{day.year}-{husband.id_number[8:17]}"


def disability_of(population: Population, person: Person) -> Disability | None:
    """Tell somebody's disability certificate, if they have one."""
    age = age_on(person.birth_date, REFERENCE)
    share = next((mille for least, mille in _DISABLED_PER_MILLE if age >= least), 0)
    dice = population.dice("disability", person.id_number)
    if not person.alive or dice.randrange(1_000) >= share:
        return None
    kind, level = weighted(dice, _DISABILITIES), weighted(dice, ((1, 15), (2, 30), (3, 30), (4, 25)))
    return Disability(f"{person.id_number}{kind}{level}", kind, level)
