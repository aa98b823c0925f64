"""The housing party (ZJJ) on public rental housing (公租房): who was housed, and who waits.

Who rents from the housing company was housed. Who rents from somebody else, earns little and applied is reviewed or waits.
"""

from datetime import date, timedelta
from typing import Final

import msgspec

from integrations.city.chance import percent
from integrations.city.employment import income_fen, work
from integrations.city.homes import HOUSING_COMPANY, Lease, area_dm2, home_of, owns
from integrations.city.people import HEAD, Household, Person
from integrations.city.population import REFERENCE, Population
from integrations.city.registers import Service, listed, of_person
from integrations.city.world import City
from integrations.departments.affordable_housing import ApplicationState, HousingApplication, OfferedHome

PUBLIC_RENT: Final = 6
"""Fen a month for a hundredth of a square metre, as the housing company's leases have it."""
_LONGEST_DAYS: Final = 900
_REVIEWED_WITHIN_DAYS: Final = 60


class Estate(msgspec.Struct, frozen=True):
    """Where a division offers homes."""

    division_code: str
    address: str


class Terms(msgspec.Struct, frozen=True):
    """Who may apply, how many of them did, and what is offered."""

    income_limit_fen: int
    applying_percent: int
    offered_percent: int
    waiting_percent: int
    sign_within_days: int
    estates: tuple[Estate, ...]


class Applied(msgspec.Struct, frozen=True):
    """An application before it is told."""

    household: Household
    on: date
    state: ApplicationState
    lease: Lease | None = None


def housing_application(city: City, person: Person) -> HousingApplication | None:
    """Tell the application of somebody's household, if they are its head, who applied for all."""
    household = city.population.household_of(person)
    if household is None or not person.alive or person.relation_code != HEAD:
        return None
    applied = application_of(city.population, household)
    return None if applied is None else _told(city.population, applied)


def application_of(population: Population, household: Household) -> Applied | None:
    """Tell whether a household applied, and how far that has come."""
    if not _drawn(population, household):
        return _housed(population, household)
    home = home_of(population, household)
    if home is None or home.lease is None or home.lease.landlord == HOUSING_COMPANY or not _poor(population, household):
        return _housed(population, household)
    dice = population.dice("housing_application", household.household_no)
    state = _state(dice.randrange(100))
    early = state == "reviewing"
    days = dice.randrange(_REVIEWED_WITHIN_DAYS) if early else dice.randrange(_REVIEWED_WITHIN_DAYS, _LONGEST_DAYS)
    return Applied(household, REFERENCE - timedelta(days=days), state)


def families_ahead(population: Population, applied: Applied) -> int:
    """Count who waits in the same division and applied earlier, or on the same day with a smaller number."""
    households = (population.households[number] for number in population.in_order)
    rivals = (one for one in households if one.division_code == applied.household.division_code)
    waiting = (application_of(population, one) for one in rivals if _drawn(population, one))
    return sum(
        (one.on, one.household.serial) < (applied.on, applied.household.serial)
        for one in waiting
        if one is not None and one.state == "waiting"
    )


def _drawn(population: Population, household: Household) -> bool:
    """Say whether a household rents and would apply; asked first, since it costs least."""
    if household.kind != "family" or owns(population, household):
        return False
    return percent(
        population.dice("applies", household.household_no), listed("affordable_housing", Terms).applying_percent
    )


def _state(drawn: int) -> ApplicationState:
    """Turn a number below 100 into how far an application has come."""
    terms = listed("affordable_housing", Terms)
    if drawn < terms.offered_percent:
        return "offered"
    return "waiting" if drawn < terms.offered_percent + terms.waiting_percent else "reviewing"


def _poor(population: Population, household: Household) -> bool:
    """Say whether a family's income a head and month isn't above the limit."""
    members = population.members(household.household_no)
    works = (work(population, person) for person in members)
    income = sum(income_fen(one) for one in works if one is not None)
    limit: int = listed("affordable_housing", Terms).income_limit_fen
    return income <= limit * len(members)


def _housed(population: Population, household: Household) -> Applied | None:
    home = home_of(population, household)
    if home is None or home.lease is None or home.lease.landlord != HOUSING_COMPANY:
        return None
    dice = population.dice("housing_application", household.household_no)
    applied_on = home.lease.since - timedelta(days=dice.randrange(_REVIEWED_WITHIN_DAYS, _LONGEST_DAYS))
    return Applied(household, applied_on, "housed", home.lease)


def _told(population: Population, applied: Applied) -> HousingApplication:
    household = applied.household
    return HousingApplication(
        application_no=f"YTGZ{applied.on.year}{household.serial:07d}",
        division_code=household.division_code,
        applied_on=applied.on,
        persons=len(population.members(household.household_no)),
        state=applied.state,
        families_ahead=families_ahead(population, applied) if applied.state == "waiting" else None,
        home=_home(population, applied),
    )


def _home(population: Population, applied: Applied) -> OfferedHome | None:
    """Tell the home that a family lives in, or that it is offered; who is reviewed or waits has none."""
    household, lease = applied.household, applied.lease
    if lease is not None:
        return OfferedHome(household.address, area_dm2(population, household), lease.rent_fen, None, lease.until)
    if applied.state != "offered":
        return None
    terms, dice = listed("affordable_housing", Terms), population.dice("offered_home", household.household_no)
    estate = next(one for one in terms.estates if one.division_code == household.division_code)
    area = dice.randrange(4_000, 6_001)
    room = f"{dice.randrange(1, 20)}号楼{dice.randrange(1, 4)}单元{dice.randrange(1, 18)}0{dice.randrange(1, 5)}室"
    sign_by = REFERENCE + timedelta(days=terms.sign_within_days)
    return OfferedHome(estate.address + room, area, area * PUBLIC_RENT // 1_000 * 1_000, sign_by, None)


SERVICES: Final[dict[str, Service]] = {"affordable_housing": of_person(housing_application)}
