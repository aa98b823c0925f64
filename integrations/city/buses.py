"""The city's buses: lines, stops, when buses set out, and by how much each is late."""

from datetime import date
from functools import cache
from typing import Final, Literal

import msgspec

from integrations.city.chance import chance
from integrations.city.clock_times import minutes_of
from integrations.city.registers import listed

Direction = Literal[0, 1]
_BOTH: Final[tuple[Direction, ...]] = (0, 1)
_LATEST_MINUTES: Final = 4


class Stop(msgspec.Struct, frozen=True):
    """A bus stop (GTFS stops.txt)."""

    stop_id: str
    stop_name: str
    stop_lat: float
    stop_lon: float


class Route(msgspec.Struct, frozen=True):
    """A bus line (GTFS routes.txt), which runs both ways from the first to the last departure."""

    route_id: str
    route_short_name: str
    stop_ids: tuple[str, ...]
    minutes_between: int
    first_departure: str
    last_departure: str
    headway_minutes: int
    fare_fen: int


class Network(msgspec.Struct, frozen=True):
    """Stops and lines of the list."""

    stops: tuple[Stop, ...]
    routes: tuple[Route, ...]


class Running(msgspec.Struct, frozen=True):
    """A line in one direction, on a day."""

    route: Route
    direction: Direction
    day: date

    @property
    def stops(self) -> tuple[Stop, ...]:
        """Its stops in the order of this direction."""
        ids = self.route.stop_ids if self.direction == 0 else self.route.stop_ids[::-1]
        return tuple(stops()[stop_id] for stop_id in ids)

    @property
    def departures(self) -> range:
        """When buses set out, in minutes from midnight; the last departure is one of them."""
        first, last = minutes_of(self.route.first_departure), minutes_of(self.route.last_departure)
        return range(first, last + 1, self.route.headway_minutes)

    def trip_id(self, number: int) -> str:
        """Name one of its trips, by its number from 0."""
        return f"{self.route.route_id}-{self.direction}-{self.day:%Y%m%d}-{number:03d}"


@cache
def stops() -> dict[str, Stop]:
    """Give the stops by their ids."""
    return {stop.stop_id: stop for stop in listed("buses", Network).stops}


def runnings(day: date) -> list[Running]:
    """Give every line in both directions."""
    return [Running(route, direction, day) for route in listed("buses", Network).routes for direction in _BOTH]


def late_minutes(seed: int, trip_id: str) -> int:
    """Draw by how many minutes a trip is late."""
    return chance(seed, "bus_late", trip_id).randrange(_LATEST_MINUTES + 1)
