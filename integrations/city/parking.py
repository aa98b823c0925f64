"""The urban management party (CGJ): car parks of the list, and how many bays are free by the hour."""

from datetime import datetime
from typing import Final

import msgspec

from app.kernel import clock
from integrations.city.chance import chance
from integrations.city.clock_times import minute_of_day, slot
from integrations.city.registers import Service, listed, of_everybody
from integrations.city.world import City
from integrations.departments.parking import CarPark, CarParkKind, CarParks

_COUNTED_MINUTES: Final = 5
_BY_DAY: Final = (15, 15, 15, 15, 15, 20, 35, 60, 80, 88, 90, 90, 85, 85, 88, 90, 88, 80, 75, 70, 60, 45, 30, 20)
_BY_NIGHT: Final = (92, 92, 92, 92, 92, 90, 85, 75, 60, 55, 55, 60, 65, 60, 55, 60, 70, 85, 90, 92, 92, 92, 92, 92)
"""Percent of bays taken by hour; beside the road people who live there park by night."""


class DrawnCarPark(msgspec.Struct, frozen=True):
    """A car park of the list."""

    car_park_code: str
    name: str
    kind: CarParkKind
    division_code: str
    address: str
    latitude: float
    longitude: float
    bays: int
    free_minutes: int
    first_hour_fen: int
    next_hour_fen: int
    day_cap_fen: int


class CarParkList(msgspec.Struct, frozen=True):
    """Every car park."""

    items: tuple[DrawnCarPark, ...]


def car_parks(city: City) -> CarParks:
    """Tell every car park as it is now."""
    now = clock.now()
    return CarParks(
        tuple(car_park_at(city.population.seed, one, now) for one in listed("car_parks", CarParkList).items)
    )


def car_park_at(seed: int, drawn: DrawnCarPark, at: datetime) -> CarPark:
    """Tell a car park as it is at an instant: the same for five minutes."""
    counted = at.replace(minute=at.minute // _COUNTED_MINUTES * _COUNTED_MINUTES, second=0, microsecond=0)
    return CarPark(**msgspec.structs.asdict(drawn), free_bays=_free_bays(seed, drawn, at), counted_at=counted)


def _free_bays(seed: int, drawn: DrawnCarPark, at: datetime) -> int:
    dice = chance(seed, "car_park", f"{drawn.car_park_code}:{slot(at, _COUNTED_MINUTES)}")
    usual = (_BY_NIGHT if drawn.kind == "roadside" else _BY_DAY)[minute_of_day(at) // 60]
    taken = min(100, max(0, usual - 8 + dice.randrange(17)))
    return drawn.bays * (100 - taken) // 100


SERVICES: Final[dict[str, Service]] = {"car_parks": of_everybody(car_parks)}
