"""The city's buses and ferries as one timetable in the words of GTFS: stops, routes, trips, and on which days they run."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Final, Literal

import msgspec

from integrations.city.buses import Network, Stop, runnings
from integrations.city.clock_times import minutes_of
from integrations.city.registers import listed
from integrations.city.timetables import DrawnSailing, Ferries, wind

BUS: Final = 3
FERRY: Final = 4
"""Values of `route_type`."""
BUS_AGENCY: Final = "BUS"
DAILY: Final = "daily"
FORECAST_DAYS: Final = 10
"""For so many days it is known ahead on which no ferry will sail."""


class Ports(msgspec.Struct, frozen=True):
    """Where ferries call."""

    items: tuple[Stop, ...]


class Line(msgspec.Struct, frozen=True):
    """A route."""

    route_id: str
    agency_id: str
    short_name: str
    long_name: str
    kind: Literal[3, 4]
    fare_fen: int
    service_id: str


class Ride(msgspec.Struct, frozen=True):
    """A trip as it stands in the timetable: minutes from midnight at each of its stops, beyond 1,440 on the next day."""

    trip_id: str
    route_id: str
    service_id: str
    direction: int
    stops: tuple[Stop, ...]
    minutes: tuple[int, ...]


def all_stops() -> tuple[Stop, ...]:
    """Bus stops and ports."""
    network, ports = listed("buses", Network), listed("ports", Ports)
    return (*network.stops, *ports.items)


def agencies() -> dict[str, str]:
    """Who runs the lines, by id."""
    operators = dict.fromkeys(sailing.operator for sailing in listed("ferries", Ferries).items)
    return {BUS_AGENCY: "烟台福海公共交通有限公司"} | {f"F{place}": name for place, name in enumerate(operators, 1)}


def bus_lines() -> tuple[Line, ...]:
    """The bus lines."""
    known = {stop.stop_id: stop.stop_name for stop in all_stops()}
    return tuple(
        Line(
            route_id=route.route_id,
            agency_id=BUS_AGENCY,
            short_name=route.route_short_name,
            long_name=f"{known[route.stop_ids[0]]}—{known[route.stop_ids[-1]]}",
            kind=BUS,
            fare_fen=route.fare_fen,
            service_id=DAILY,
        )
        for route in listed("buses", Network).routes
    )


@cache
def ferry_lines() -> dict[tuple[str, frozenset[str]], Line]:
    """The ferry lines: of an operator, between two ports, either way."""
    ids = {name: agency for agency, name in agencies().items()}
    lines: dict[tuple[str, frozenset[str]], Line] = {}
    for sailing in listed("ferries", Ferries).items:
        key = _line_of(sailing)
        if key not in lines:
            name = f"{sailing.origin}—{sailing.destination}"
            lines[key] = Line(
                f"F{len(lines) + 1:02d}",
                ids[sailing.operator],
                "轮渡",
                name,
                FERRY,
                sailing.fare_fen,
                sailing.waters,
            )
    return lines


def bus_rides() -> Iterator[Ride]:
    """Every bus of a day; all days are alike."""
    for running in runnings(date.min):
        between, route_id = running.route.minutes_between, running.route.route_id
        for number, departs in enumerate(running.departures):
            minutes = tuple(departs + place * between for place in range(len(running.stops)))
            trip_id = f"{route_id}-{running.direction}-{number:03d}"
            yield Ride(trip_id, route_id, DAILY, running.direction, running.stops, minutes)


def ferry_rides() -> Iterator[Ride]:
    """Every sailing of a day."""
    ports = {port.stop_name: port for port in listed("ports", Ports).items}
    for sailing in listed("ferries", Ferries).items:
        line = ferry_lines()[_line_of(sailing)]
        departs = minutes_of(sailing.departs)
        yield Ride(
            sailing.sailing_no,
            line.route_id,
            sailing.waters,
            int(not line.long_name.startswith(sailing.origin)),
            (ports[sailing.origin], ports[sailing.destination]),
            (departs, departs + sailing.minutes),
        )


def is_stormy(seed: int, water: str, day: date) -> bool:
    """Whether no ferry sails on a water on a day."""
    known = {one.code: one for one in listed("ferries", Ferries).waters}[water]
    return bool(wind(seed, known, day) >= known.wind_limit)


def stormy_days(seed: int, day: date) -> Iterator[tuple[str, date]]:
    """On which of the next days it is known that no ferry sails on which water; today's are told as they happen."""
    for water in listed("ferries", Ferries).waters:
        for ahead in range(1, FORECAST_DAYS + 1):
            if is_stormy(seed, water.code, on := day + timedelta(days=ahead)):
                yield water.code, on


def _line_of(sailing: DrawnSailing) -> tuple[str, frozenset[str]]:
    return sailing.operator, frozenset({sailing.origin, sailing.destination})
