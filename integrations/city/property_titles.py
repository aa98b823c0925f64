"""The land and property party (ZRZY): titles, mortgages and seizures as they stand in the register."""

from datetime import date, timedelta
from typing import Final

import msgspec

from integrations.city.chance import one_in
from integrations.city.homes import Mortgage, Title, title_at
from integrations.city.people import Person
from integrations.city.population import REFERENCE, Population
from integrations.city.registers import Service, of_person
from integrations.city.title_register import serial_of as serial_in
from integrations.city.title_register import titles_now
from integrations.city.world import City
from integrations.departments.property_titles import (
    Changeable,
    Changeables,
    DeadOwner,
    Obstacle,
    RegisteredMortgage,
    RegisteredTitle,
    Titles,
)

LENDERS: Final = {"housing_fund": "烟台市住房公积金管理中心", "commercial": "烟台福海银行股份有限公司"}
_SEIZED_ONE_IN: Final = 120
_LONGEST_SEIZED_DAYS: Final = 3 * 365
"""A court seizes a home for three years at most before it has to renew (最高人民法院民诉解释 art. 485)."""


class Seizure(msgspec.Struct, frozen=True):
    """A court's seizure (查封登记)."""

    by: str
    on: date


def seizure(population: Population, title: Title) -> Seizure | None:
    """Tell whether a court has seized a home, and when; never before it was registered."""
    dice = population.dice("seizure", title.title_no)
    if not one_in(dice, _SEIZED_ONE_IN):
        return None
    days = min((REFERENCE - title.registered_on).days, _LONGEST_SEIZED_DAYS - 1)
    return Seizure("烟台市福海人民法院", REFERENCE - timedelta(days=dice.randrange(days + 1)))


def seizure_now(city: City, title: Title) -> Seizure | None:
    """Tell whether a court has seized a home, whatever number its title has by now."""
    return seizure(city.population, title_at(city.population, serial_of(title)) or title)


def titles(city: City, person: Person) -> Titles | None:
    """Tell every home in somebody's name; who owns none isn't in the register."""
    owned = titles_now(city, person)
    return Titles(tuple(_registered(city.population, person, title) for title in owned)) if owned else None


def changeables(city: City, person: Person) -> Changeables | None:
    """Tell what matters before somebody's homes are changed in the register."""
    owned = titles_now(city, person)
    return Changeables(tuple(_changeable(city, person, title) for title in owned)) if owned else None


def _registered(population: Population, person: Person, title: Title) -> RegisteredTitle:
    own = next(owner for owner in title.owners if owner.id_number == person.id_number)
    return RegisteredTitle(
        title_no=title.title_no,
        unit_no=unit_no(population, title),
        address=title.address,
        area_dm2=title.area_dm2,
        registered_on=title.registered_on,
        share=own.share,
        part=own.part,
        owners=tuple(owner.name for owner in title.owners),
        dead_owners=tuple(DeadOwner(owner.name, owner.died_on) for owner in title.owners if owner.died_on),
        mortgage=_mortgage(title.mortgage),
    )


def unit_no(population: Population, title: Title) -> str:
    """Write the 28 characters of a unit (不动产单元号, GB/T 37346): parcel, kind of right, number of land, and of the building."""
    household = population.households[population.in_order[serial_of(title) - 1]]
    town = household.household_no[:9]
    return f"{town}001GB{serial_of(title) % 100_000:05d}F{serial_of(title):08d}"


def serial_of(title: Title) -> int:
    """Read a title's number, which names the household that lives there."""
    return serial_in(title.title_no)


def _changeable(city: City, person: Person, title: Title) -> Changeable:
    seized = seizure_now(city, title)
    others = tuple(owner.name for owner in title.owners if owner.id_number != person.id_number)
    stands: tuple[tuple[Obstacle, bool], ...] = (
        ("seizure", seized is not None),
        ("mortgage", title.mortgage is not None),
        ("co_owner", bool(others)),
        ("owner_died", any(owner.died_on for owner in title.owners)),
    )
    return Changeable(
        title_no=title.title_no,
        address=title.address,
        co_owners=others,
        seized_on=seized.on if seized else None,
        seized_by=seized.by if seized else None,
        mortgage=_mortgage(title.mortgage),
        obstacles=tuple(what for what, there in stands if there),
    )


def _mortgage(drawn: Mortgage | None) -> RegisteredMortgage | None:
    if drawn is None:
        return None
    return RegisteredMortgage(LENDERS[drawn.kind], drawn.kind, drawn.since, drawn.principal_fen)


SERVICES: Final[dict[str, Service]] = {
    "property_titles": of_person(titles),
    "property_changes": of_person(changeables),
}
