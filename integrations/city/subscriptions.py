"""Cable television of a household, and the phone lines of a person: packages and bills, drawn as of the reference day.

Packages and companies are invented (`lists/packages.toml`). The number of a mobile line is the person's phone; a home's broadband is
registered to the first of its household.
"""

from datetime import date
from random import Random
from typing import Final

import msgspec

from integrations.city.chance import percent
from integrations.city.days import month_end, months_after
from integrations.city.people import Household, Person
from integrations.city.population import REFERENCE, Population
from integrations.city.registers import listed
from integrations.departments.telecommunications import LineKind

CABLE_PERCENT: Final = 55
BROADBAND_PERCENT: Final = 85
MONTHS_BILLED: Final = 3
_OWES_PERCENT: Final = 8
_YEAR: Final = 12
_MOST_MONTHS_OVER: Final = 3
_MOST_BEYOND_FEN: Final = 2_000


class Package(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What can be subscribed to."""

    name: str
    month_fen: int


class _Companies(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    television: tuple[str, ...]
    lines: tuple[str, ...]


class Packages(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every package, and the companies that offer them."""

    television: tuple[Package, ...]
    mobile: tuple[Package, ...]
    broadband: tuple[Package, ...]
    companies: _Companies


class Cable(msgspec.Struct, frozen=True):
    """A household's cable television, paid for a year up to `ends_on`."""

    account_no: str
    company: str
    package: Package
    ends_on: date

    @property
    def year_fen(self) -> int:
        """What another year costs."""
        return _YEAR * self.package.month_fen


class MonthBilled(msgspec.Struct, frozen=True):
    """A month of a line."""

    period_start: date
    period_end: date
    amount_fen: int
    beyond_package_fen: int
    paid: bool


class Line(msgspec.Struct, frozen=True):
    """A line; who owes a month has no balance."""

    kind: LineKind
    number: str
    operator: str
    package: Package
    balance_fen: int
    months: tuple[MonthBilled, ...]


def packages() -> Packages:
    """Read the packages."""
    read: Packages = listed("packages", Packages)
    return read


def cable_of(population: Population, household: Household) -> Cable | None:
    """Tell a family's cable television; many homes have none, and no collective household has."""
    dice = population.dice("cable", household.household_no)
    if household.kind != "family" or not population.members(household.household_no) or not percent(dice, CABLE_PERCENT):
        return None
    company, package = dice.choice(packages().companies.television), dice.choice(packages().television)
    ends_on = month_end(months_after(REFERENCE, dice.randrange(-_MOST_MONTHS_OVER, _YEAR)))
    return Cable(f"YX3706{household.serial:08d}", company, package, ends_on)


def lines_of(population: Population, person: Person) -> tuple[Line, ...]:
    """Tell the lines that are registered to somebody."""
    lines = [] if person.phone is None else [_line(population, person, "mobile", person.phone)]
    household = population.household_of(person)
    if household is not None and _has_broadband(population, household, person):
        lines.append(_line(population, person, "broadband", f"KD3706{household.serial:08d}"))
    return tuple(lines)


def _has_broadband(population: Population, household: Household, person: Person) -> bool:
    members = population.members(household.household_no)
    if household.kind != "family" or not members or members[0].id_number != person.id_number:
        return False
    return person.phone is not None and percent(population.dice("broadband", household.household_no), BROADBAND_PERCENT)


def _line(population: Population, person: Person, kind: LineKind, number: str) -> Line:
    dice = population.dice(f"line_{kind}", person.id_number)
    operator = dice.choice(packages().companies.lines)
    package = dice.choice(packages().mobile if kind == "mobile" else packages().broadband)
    owes, balance = percent(dice, _OWES_PERCENT), dice.randrange(0, 10_000, 10)
    months = tuple(_month(dice, package, back, owes=owes) for back in range(MONTHS_BILLED, 0, -1))
    return Line(kind, number, operator, package, 0 if owes else balance, months)


def _month(dice: Random, package: Package, back: int, *, owes: bool) -> MonthBilled:
    start = months_after(REFERENCE.replace(day=1), -back)
    beyond = dice.randrange(0, _MOST_BEYOND_FEN, 10) if percent(dice, 30) else 0
    paid = not (owes and back == 1)
    return MonthBilled(start, month_end(start), package.month_fen + beyond, beyond, paid)
