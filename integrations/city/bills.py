"""Water, electricity, gas and heating of a household: accounts, meter readings, and the bills of the year up to the reference day.

Tiers count from January; villages have neither gas nor district heating. A tenant pays for what they use.
"""

from datetime import date
from typing import Final

import msgspec

from integrations.city.chance import percent
from integrations.city.days import months_after
from integrations.city.homes import area_dm2
from integrations.city.people import Household
from integrations.city.population import REFERENCE, Population
from integrations.city.tariffs import HEATING_FEN_PER_M2, Utility, rounded_fen, tariff_of
from integrations.city.towns import is_rural

MONTHS: Final = tuple(date(REFERENCE.year, month, 1) for month in range(1, REFERENCE.month))
"""The months billed: January to the last full one."""
DM2_PER_M2: Final = 100
_PREFIXES: Final[dict[Utility, str]] = {"water": "SW", "electricity": "DW", "gas": "RQ", "heating": "GN"}
_COMPANIES: Final[dict[Utility, str]] = {
    "water": "烟台福海自来水有限公司",
    "electricity": "福海供电公司",
    "gas": "烟台福海燃气有限公司",
    "heating": "烟台福海热力有限公司",
}
_USED: Final[dict[Utility, tuple[int, int]]] = {"water": (2, 3), "electricity": (40, 45), "gas": (4, 5)}
"""A month: what a home uses, and what each person adds at most."""


class Bill(msgspec.Struct, frozen=True):
    """What was used in a period, from the meter's first to its last reading, and what it costs; heating has no meter."""

    period_start: date
    period_end: date
    first_reading: int
    last_reading: int
    used: int
    amount_fen: int
    paid: bool


class Account(msgspec.Struct, frozen=True):
    """A household's account with a utility company (户号)."""

    utility: Utility
    account_no: str
    company: str
    unit: str
    bills: tuple[Bill, ...]


def accounts_of(population: Population, household: Household) -> tuple[Account, ...]:
    """Tell the accounts of a family's home; nobody bills a collective household, or a home without people."""
    people = len(population.members(household.household_no))
    if household.kind != "family" or not people:
        return ()
    metered: tuple[Utility, ...] = (
        ("water", "electricity") if is_rural(household.town_code) else ("water", "electricity", "gas")
    )
    accounts = tuple(_metered(population, household, utility, people) for utility in metered)
    return accounts if is_rural(household.town_code) else (*accounts, _heating(population, household))


def account_no(household: Household, utility: Utility) -> str:
    """Give an account's number; no two are the same."""
    return f"{_PREFIXES[utility]}3706{household.serial:08d}"


def _metered(population: Population, household: Household, utility: Utility, people: int) -> Account:
    dice = population.dice(utility, household.household_no)
    tariff = tariff_of(utility, people)
    least, more = _USED[utility]
    reading, used_so_far, bills = dice.randrange(100, 9_000), 0, []
    owes = percent(dice, 12)
    for month in MONTHS:
        used = least + dice.randrange(more * people + 1)
        amount = rounded_fen(tariff.charge(used_so_far + used)) - rounded_fen(tariff.charge(used_so_far))
        end = date.fromordinal(months_after(month, 1).toordinal() - 1)
        paid = not (owes and month == MONTHS[-1])
        bills.append(Bill(month, end, reading, reading + used, used, amount, paid))
        reading, used_so_far = reading + used, used_so_far + used
    return Account(utility, account_no(household, utility), _COMPANIES[utility], tariff.unit, tuple(bills))


def _heating(population: Population, household: Household) -> Account:
    """Bill the coming season by the floor area, in advance."""
    area = area_dm2(population, household)
    paid = percent(population.dice("heating", household.household_no), 70)
    season = (date(REFERENCE.year, 11, 16), date(REFERENCE.year + 1, 3, 31))
    bill = Bill(*season, 0, 0, area, area * HEATING_FEN_PER_M2 // DM2_PER_M2, paid)
    return Account("heating", account_no(household, "heating"), _COMPANIES["heating"], "dm2", (bill,))
