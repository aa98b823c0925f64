"""The transport party (JTJ) on buses: arrivals are computed from the timetable and the time of the question."""

from datetime import date, datetime, timedelta
from functools import cache
from typing import Final

import msgspec

from app.kernel import clock
from app.kernel.structs import Code
from integrations.city.chance import chance
from integrations.city.clock_times import instant, minutes_of
from integrations.city.registers import Service, listed, of_everybody_asked
from integrations.city.world import City
from integrations.departments.buses import BusArrival, BusStopTimes, BusTimes, Direction

_BOTH: Final[tuple[Direction, ...]] = (0, 1)
_NEXT: Final = 2
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


class BusQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When do buses come: of this line, at this stop?"""

    route_id: Code | None = None
    stop_id: Code | None = None


@cache
def stops() -> dict[str, Stop]:
    """Give the stops by their ids."""
    return {stop.stop_id: stop for stop in listed("buses", Network).stops}


def runnings(day: date) -> list[Running]:
    """Give every line in both directions."""
    return [Running(route, direction, day) for route in listed("buses", Network).routes for direction in _BOTH]


def bus_times(city: City, asked: BusQuestion) -> BusTimes | None:
    """Tell the next buses; None where there is no such line or stop."""
    now = clock.now()
    told = tuple(
        stop_times(city.population.seed, running, place, now)
        for running in runnings(now.date())
        if asked.route_id in {None, running.route.route_id}
        for place, stop in enumerate(running.stops)
        if asked.stop_id in {None, stop.stop_id}
    )
    return BusTimes(told) if told else None


def stop_times(seed: int, running: Running, place: int, now: datetime) -> BusStopTimes:
    """Tell the next buses of a line at its stop with a place, from 0."""
    route, stop = running.route, running.stops[place]
    return BusStopTimes(
        route_id=route.route_id,
        route_short_name=route.route_short_name,
        direction_id=running.direction,
        trip_headsign=running.stops[-1].stop_name,
        stop_id=stop.stop_id,
        stop_name=stop.stop_name,
        stop_lat=stop.stop_lat,
        stop_lon=stop.stop_lon,
        stop_sequence=place + 1,
        first_departure=route.first_departure,
        last_departure=route.last_departure,
        fare_fen=route.fare_fen,
        arrivals=arrivals(seed, running, place, now),
    )


def arrivals(seed: int, running: Running, place: int, now: datetime) -> tuple[BusArrival, ...]:
    """Give the next buses at a stop; after the last one there is none any more."""
    found: list[BusArrival] = []
    travel = timedelta(minutes=place * running.route.minutes_between)
    for number, departs in enumerate(running.departures):
        if instant(running.day, departs + _LATEST_MINUTES) + travel < now:
            continue
        left = instant(running.day, departs + _late(seed, running.trip_id(number)))
        if left + travel >= now:
            away = _stops_away(left, place, running.route.minutes_between, now)
            found.append(BusArrival(running.trip_id(number), left + travel, away))
        if len(found) == _NEXT:
            break
    return tuple(sorted(found, key=lambda one: one.arrival_time))


def _late(seed: int, trip_id: str) -> int:
    """Draw by how many minutes a trip is late."""
    return chance(seed, "bus_late", trip_id).randrange(_LATEST_MINUTES + 1)


def _stops_away(left: datetime, place: int, minutes_between: int, now: datetime) -> int | None:
    """Count the stops between a bus that has left and a stop; None before it leaves."""
    if now < left:
        return None
    return place - (now - left) // timedelta(minutes=minutes_between)


SERVICES: Final[dict[str, Service]] = {"bus_times": of_everybody_asked(BusQuestion, bus_times)}
