"""The housing party (ZJJ) on contracts: the leases of tenants (`homes`), and who has bought a home of a project and not yet its title.

Buyers are drawn among the city's families and live in rented homes or their own still; each has bought another of the sold homes.
"""

from datetime import timedelta
from functools import cache
from typing import Final

import msgspec

from integrations.city.chance import percent
from integrations.city.homes import home_of
from integrations.city.housing_market import Building, Buildings, project_homes
from integrations.city.people import ADULT, HEAD, Person, age_on
from integrations.city.population import REFERENCE, Population
from integrations.city.registers import Service, listed, of_person
from integrations.city.world import City
from integrations.departments.home_contracts import FiledLease, FiledLeases, PurchaseContract
from integrations.departments.housing_market import ProjectHome

_BUYING_PERCENT: Final = 6
_BUYERS_UP_TO_AGE: Final = 50
_SIGNED_WITHIN_DAYS: Final = 120
_LEAST_DOWN_PERCENT, _MOST_DOWN_PERCENT = 20, 60


class Sold(msgspec.Struct, frozen=True):
    """A sold home of a project."""

    building: Building
    home: ProjectHome


def filed_leases(city: City, person: Person) -> FiledLeases | None:
    """Tell the lease of an adult's household; who rents nothing isn't known."""
    household = city.population.household_of(person)
    is_adult = age_on(person.birth_date, REFERENCE) >= ADULT
    home = home_of(city.population, household) if household and person.alive and is_adult else None
    if home is None or home.lease is None or household is None:
        return None
    lease = home.lease
    return FiledLeases((FiledLease(lease.filing_no, household.address, lease.since, lease.until),))


def purchase_contract(city: City, person: Person) -> PurchaseContract | None:
    """Tell what somebody has bought; the title isn't registered yet."""
    sold = _bought(city.population).get(person.id_number)
    if sold is None or not person.alive:
        return None
    building, home = sold.building, sold.home
    dice = city.population.dice("purchase", person.id_number)
    down = dice.randrange(_LEAST_DOWN_PERCENT, _MOST_DOWN_PERCENT)
    days = dice.randrange(_SIGNED_WITHIN_DAYS)
    return PurchaseContract(
        contract_no=f"YTWQ{building.project_code}-{building.buildings.index(home.building) + 1:02d}-{home.number}",
        kind="new",
        address=f"{building.address}{building.name}{home.building}{home.number}室",
        area_dm2=home.area_dm2,
        price_fen=home.total_fen,
        paid_fen=-(-home.total_fen * down // 100 // 100_000) * 100_000,
        signed_on=max(REFERENCE - timedelta(days=days), building.permitted_on or REFERENCE),
    )


@cache
def _bought(population: Population) -> dict[str, Sold]:
    """Give each buyer's home, in the order of the households and of the table of homes."""
    homes = [
        Sold(building, home)
        for building in listed("housing_projects", Buildings).items
        for home in project_homes(population.seed, building)
        if home.state == "sold"
    ]
    return dict(zip(_buyers(population), homes, strict=False))


def _buyers(population: Population) -> list[str]:
    """The heads of families who bought; the demo's families don't."""
    households = (population.households[number] for number in population.in_order)
    buying = (one for one in households if percent(population.dice("buying", one.household_no), _BUYING_PERCENT))
    heads = (
        person
        for one in buying
        for person in population.members(one.household_no)
        if one.kind == "family" and person.relation_code == HEAD
    )
    return [
        person.id_number
        for person in heads
        if not person.demo and ADULT < age_on(person.birth_date, REFERENCE) <= _BUYERS_UP_TO_AGE
    ]


SERVICES: Final[dict[str, Service]] = {
    "filed_leases": of_person(filed_leases),
    "purchase_contract": of_person(purchase_contract),
}
