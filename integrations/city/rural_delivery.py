"""The Commerce Bureau (SWU) on delivery to villages: each town has a station, and most villages have one of their own.

A home in a town's street is in no village; its nearest station is that of the first town of its district. Districts without towns
have no stations, so of who lives there nothing is known.
"""

import re
from typing import Final

import msgspec

from integrations.city.chance import chance, percent
from integrations.city.divisions import BY_CODE
from integrations.city.people import Household, Person
from integrations.city.registers import Service, listed, of_person
from integrations.city.towns import is_rural
from integrations.city.world import City
from integrations.departments.rural_delivery import Freight, RuralDelivery, Station

COVERED_PERCENT: Final = 80
_VILLAGE: Final = re.compile(r"(\w{1,6}村)[0-9]+号\Z")
_HOURS: Final = ("08:00-18:00", "08:30-17:30", "09:00-19:00")


class RuralLists(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who carries, and for how much."""

    carriers: tuple[str, ...]
    freight: tuple[Freight, ...]


def lists() -> RuralLists:
    """Read carriers and freight."""
    read: RuralLists = listed("rural_delivery", RuralLists)
    return read


def rural_delivery(city: City, person: Person) -> RuralDelivery | None:
    """Tell the station that serves somebody's home, or the nearest."""
    home = city.population.household_of(person)
    town = None if home is None else _town(home)
    if home is None or town is None:
        return None
    village, seed = village_of(home), city.options.seed
    covered = village is not None and is_covered(seed, home, village)
    station = _station(seed, home.division_code, town, village if covered else None)
    return RuralDelivery(village=village, covered=covered, station=station, freight=lists().freight)


def village_of(home: Household) -> str | None:
    """Give the village of a home; one in a street has none."""
    if not is_rural(home.town_code):
        return None
    town = dict(BY_CODE[home.division_code].streets)[home.town_code]
    found = _VILLAGE.search(home.address.rpartition(town)[2])
    return found[1] if found else None


def is_covered(seed: int, home: Household, village: str) -> bool:
    """Say whether a village has a station of its own."""
    key = f"{home.division_code}{home.town_code}{village}"
    return percent(chance(seed, "village_station", key), COVERED_PERCENT)


def _town(home: Household) -> tuple[str, str] | None:
    """Give the town whose station is near: the home's own, or the first of its district."""
    towns = [town for town in BY_CODE[home.division_code].streets if is_rural(town[0])]
    return next((town for town in towns if town[0] == home.town_code), towns[0] if towns else None)


def _station(seed: int, division_code: str, town: tuple[str, str], village: str | None) -> Station:
    place = f"{town[1]}{village or ''}"
    dice = chance(seed, "station", f"{division_code}{place}")
    return Station(
        name=f"{place}寄递物流服务站",
        address=f"山东省烟台市{BY_CODE[division_code].name}{place}{'村委会旁' if village else '便民服务中心'}",
        hours=dice.choice(_HOURS),
        carrier=dice.choice(lists().carriers),
    )


SERVICES: Final[dict[str, Service]] = {"rural_delivery": of_person(rural_delivery)}
