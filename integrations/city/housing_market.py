"""The housing party (ZJJ) on the market: projects with their tables of homes, second-hand listings, and homes to let.

Second-hand homes are those of the city's own register, and their mortgages and seizures too; a listing doesn't say whose they are.
"""

from datetime import date, timedelta
from typing import Final

import msgspec

from app.kernel.structs import Code, Line
from integrations.city.chance import chance, percent, weighted
from integrations.city.homes import Title, own_title
from integrations.city.people import Household
from integrations.city.population import REFERENCE, Population
from integrations.city.property_titles import seizure
from integrations.city.registers import Service, listed, of_everybody, of_everybody_asked
from integrations.city.towns import is_rural
from integrations.city.world import City
from integrations.departments.housing_guides import Decoration, PurchaseGuide
from integrations.departments.housing_market import (
    Listing,
    Listings,
    ListingState,
    Project,
    ProjectHome,
    Projects,
    Rental,
    Rentals,
    SaleState,
)

DM2_IN_M2: Final = 100
_VERIFIED_PERCENT: Final = 90
_LISTED: Final = 90
"""So many households are looked at; villagers, tenants and who is drawn twice don't sell."""
_TO_LET: Final = 48
_AREAS_DM2: Final = (8_450, 9_620, 10_980, 12_810, 14_330)
_DEAREST_FLOOR_PERCENT: Final = 8
_STATES: Final[tuple[tuple[ListingState, int], ...]] = (("for_sale", 80), ("signed", 13), ("withdrawn", 7))


class Building(msgspec.Struct, frozen=True):
    """A project as it was drawn up: buildings of so many floors and homes a floor, and how much of them is sold."""

    project_code: Code
    name: Line
    developer: Line
    division_code: Code
    address: Line
    permitted_buildings: tuple[Line, ...]
    buildings: tuple[Line, ...]
    floors: int
    homes_a_floor: int
    price_fen_m2: int
    sold_percent: int
    presale_permit_no: Line | None = None
    permitted_on: date | None = None
    supervised_account: Line | None = None


class Buildings(msgspec.Struct, frozen=True):
    """Every project of the list."""

    items: tuple[Building, ...]


class Agency(msgspec.Struct, frozen=True):
    """An agency that filed itself (经纪机构备案)."""

    name: Line
    filing_no: Code


class Price(msgspec.Struct, frozen=True):
    """What a square metre costs in a division."""

    division_code: Code
    fen_m2: int


class Estate(msgspec.Struct, frozen=True):
    """An estate in which homes are let."""

    division_code: Code
    place: Line


class Market(msgspec.Struct, frozen=True):
    """Agencies, prices and estates of the list."""

    agencies: tuple[Agency, ...]
    prices: tuple[Price, ...]
    estates: tuple[Estate, ...]


class ProjectsQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which projects are there, or what is in the table of homes of one?"""

    project_code: Code | None = None


def projects(city: City, asked: ProjectsQuestion) -> Projects | None:
    """Tell every project, or the one that was asked for with its table of homes; None where there is none of the code."""
    drawn = listed("housing_projects", Buildings).items
    if asked.project_code is None:
        told = (project(city.population.seed, one) for one in drawn)
        return Projects(tuple(msgspec.structs.replace(one, homes=()) for one in told))
    found = tuple(project(city.population.seed, one) for one in drawn if one.project_code == asked.project_code)
    return Projects(found) if found else None


def project(seed: int, drawn: Building) -> Project:
    """Tell a project with its table of homes."""
    homes = project_homes(seed, drawn)
    return Project(
        project_code=drawn.project_code,
        name=drawn.name,
        developer=drawn.developer,
        division_code=drawn.division_code,
        address=drawn.address,
        presale_permit_no=drawn.presale_permit_no,
        permitted_on=drawn.permitted_on,
        permitted_buildings=drawn.permitted_buildings,
        supervised_account=drawn.supervised_account,
        homes_for_sale=sum(home.state == "for_sale" for home in homes),
        homes_sold=sum(home.state == "sold" for home in homes),
        homes=homes,
    )


def project_homes(seed: int, drawn: Building) -> tuple[ProjectHome, ...]:
    """Draw a project's table of homes; a building without a permit isn't for sale."""
    return tuple(
        _project_home(seed, drawn, (building, floor, place))
        for building in drawn.buildings
        for floor in range(1, drawn.floors + 1)
        for place in range(1, drawn.homes_a_floor + 1)
    )


def _project_home(seed: int, drawn: Building, where: tuple[str, int, int]) -> ProjectHome:
    building, floor, place = where
    dice = chance(seed, "project_home", f"{drawn.project_code}:{building}:{floor}:{place}")
    area = _AREAS_DM2[(place - 1) % len(_AREAS_DM2)]
    raised = floor * _DEAREST_FLOOR_PERCENT // drawn.floors
    price = drawn.price_fen_m2 * (100 + raised) // 100
    states: tuple[tuple[SaleState, int], ...] = (
        ("sold", drawn.sold_percent),
        ("reserved", min(5, 100 - drawn.sold_percent)),
        ("for_sale", max(0, 95 - drawn.sold_percent)),
    )
    state = weighted(dice, states) if building in drawn.permitted_buildings else "not_released"
    return ProjectHome(building, f"{floor}{place:02d}", area, price, price * area // DM2_IN_M2, state)


def listings(city: City) -> Listings:
    """Tell the second-hand homes for sale; drawn among the titles of the city's streets."""
    population = city.population
    households: dict[str, int] = {}
    for place in range(_LISTED):
        serial = population.dice("listing", str(place)).randrange(len(population.in_order))
        households.setdefault(population.in_order[serial], place)
    told = (listing(population, population.households[number], place) for number, place in households.items())
    return Listings(tuple(one for one in told if one is not None))


def listing(population: Population, household: Household, place: int) -> Listing | None:
    """Put a household's home on the market, if it owns one in a street; the demo's families don't sell, nor heirs before they are registered."""
    title = None if is_rural(household.town_code) else own_title(population, household)
    if title is None or any(owner.died_on for owner in title.owners):
        return None
    if any(person.demo for person in population.members(household.household_no)):
        return None
    dice = population.dice("listing_terms", str(place))
    market = listed("housing_market", Market)
    agency = dice.choice(market.agencies)
    agreed = percent(dice, 70)
    return Listing(
        verification_code=f"YTHY{REFERENCE.year}{place + 1:06d}",
        division_code=household.division_code,
        place=public_place(title),
        area_dm2=title.area_dm2,
        asking_fen=_asking_fen(market, household, title, 90 + dice.randrange(26)),
        agency=agency.name,
        agency_filing_no=agency.filing_no,
        listed_on=REFERENCE - timedelta(days=dice.randrange(90)),
        state=weighted(dice, _STATES),
        owner_agreed=agreed,
        mortgaged=title.mortgage is not None if agreed else None,
        seized=seizure(population, title) is not None if agreed else None,
    )


def public_place(title: Title) -> str:
    """Give a title's address up to the number in the road, without building, entrance and door."""
    return title.address.partition("号")[0] + "号"


def _asking_fen(market: Market, household: Household, title: Title, share_percent: int) -> int:
    """Price a home near to its division's price, in whole thousands of yuan."""
    price = next(one.fen_m2 for one in market.prices if one.division_code == household.division_code)
    return price * title.area_dm2 // DM2_IN_M2 * share_percent // 100 // 100_000 * 100_000


def rentals(city: City) -> Rentals:
    """Tell the homes to let, drawn from the estates of the list."""
    return Rentals(tuple(rental(city.population.seed, place) for place in range(_TO_LET)))


def rental(seed: int, place: int) -> Rental:
    """Draw a home to let; the deposit is a month's rent."""
    dice, market = chance(seed, "rental", str(place)), listed("housing_market", Market)
    estate = market.estates[place % len(market.estates)]
    shared, rooms = percent(dice, 20), 1 + dice.randrange(3)
    area = 1_200 + dice.randrange(900) if shared else 3_200 * rooms + dice.randrange(2_000)
    rent = area * (12 + dice.randrange(8)) // 1_000 * 1_000
    agency = dice.choice((None, *market.agencies))
    return Rental(
        listing_code=f"YTZL{REFERENCE.year}{place + 1:06d}",
        division_code=estate.division_code,
        place=estate.place,
        let_as="shared" if shared else "whole",
        rooms=1 if shared else rooms,
        area_dm2=area,
        rent_fen=rent,
        deposit_fen=rent,
        available_from=REFERENCE + timedelta(days=dice.randrange(45)),
        agency=agency.name if agency else None,
        verified=percent(dice, _VERIFIED_PERCENT),
    )


SERVICES: Final[dict[str, Service]] = {
    "housing_projects": of_everybody_asked(ProjectsQuestion, projects),
    "second_hand_listings": of_everybody(listings),
    "homes_to_let": of_everybody(rentals),
    "purchase_guide": of_everybody(lambda _: listed("purchase_guide", PurchaseGuide)),
    "decoration": of_everybody(lambda _: listed("decoration", Decoration)),
}
