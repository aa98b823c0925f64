"""Every ride of the timetables as connections from one place to the next, and the walks between places."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from integrations.city.buses import runnings
from integrations.city.clock_times import DAY_MINUTES, minutes_of
from integrations.city.registers import listed
from integrations.city.timetables import FlightPlan, TrainList, flights_on, sailings_on
from integrations.departments.journeys import Mode
from integrations.departments.timetables import Carriers, TrainCall

PLANNED_DAYS: Final = 2
"""Rides of the day that is asked about, and of the next."""


class Connection(msgspec.Struct, frozen=True):
    """A ride without a stop; times in minutes from midnight of the day that is asked about."""

    departs: int
    arrives: int
    mode: Mode
    line: str
    trip: str
    origin: str
    destination: str


class Walk(msgspec.Struct, frozen=True):
    """A walk between two places, either way."""

    one: str
    other: str
    minutes: int


class Links(msgspec.Struct, frozen=True):
    """Walks, what the airport is called, and how many minutes before departure one has to be there."""

    airport: str
    margins: dict[str, int]
    walks: tuple[Walk, ...]


def connections(seed: int, day: date, now: datetime) -> list[Connection]:
    """Give every connection of a day and the next in the order of departure; what is suspended or cancelled isn't there."""
    found: list[Connection] = []
    for later in range(PLANNED_DAYS):
        on = day + timedelta(days=later)
        shift = later * DAY_MINUTES
        for source in (_buses(on), _coaches(on), _trains(on), _ferries(seed, on, now), _flights(seed, on, now)):
            found.extend(_shifted(one, shift) for one in source)
    return sorted(found, key=lambda one: (one.departs, one.arrives))


def walks() -> dict[str, list[tuple[str, int]]]:
    """Give where one can walk from each place, and in how many minutes."""
    ways: dict[str, list[tuple[str, int]]] = {}
    for walk in listed("journeys", Links).walks:
        ways.setdefault(walk.one, []).append((walk.other, walk.minutes))
        ways.setdefault(walk.other, []).append((walk.one, walk.minutes))
    return ways


def _shifted(one: Connection, minutes: int) -> Connection:
    if not minutes:
        return one
    return msgspec.structs.replace(
        one, departs=one.departs + minutes, arrives=one.arrives + minutes, trip=f"{one.trip}+{minutes}"
    )


def _buses(day: date) -> Iterator[Connection]:
    for running in runnings(day):
        names = [stop.stop_name for stop in running.stops]
        minutes, line = running.route.minutes_between, running.route.route_short_name
        for number, first in enumerate(running.departures):
            for place in range(len(names) - 1):
                departs = first + place * minutes
                trip = running.trip_id(number)
                yield Connection(departs, departs + minutes, "bus", line, trip, names[place], names[place + 1])


def _coaches(day: date) -> Iterator[Connection]:
    for carrier in listed("carriers", Carriers).items:
        line = carrier.line
        if line is None or carrier.state != "valid" or carrier.permitted_until < day:
            continue
        for text in line.departures:
            departs, trip = minutes_of(text), f"{carrier.name}:{text}"
            yield Connection(
                departs, departs + line.minutes, "coach", carrier.name, trip, line.origin, line.destination
            )


def _trains(_: date) -> Iterator[Connection]:
    for train in listed("trains", TrainList).items:
        for one, other in zip(train.calls, train.calls[1:], strict=False):
            departs, arrives = _between(one, other)
            yield Connection(departs, arrives, "train", train.train_no, train.train_no, one.station, other.station)


def _between(one: TrainCall, other: TrainCall) -> tuple[int, int]:
    departs, arrives = minutes_of(one.departs or ""), minutes_of(other.arrives or "")
    return departs, arrives if arrives > departs else arrives + DAY_MINUTES


def _ferries(seed: int, day: date, now: datetime) -> Iterator[Connection]:
    for one in sailings_on(seed, day, now).items:
        if one.state != "suspended":
            departs = 60 * one.departs_at.hour + one.departs_at.minute
            minutes = (one.arrives_at - one.departs_at) // timedelta(minutes=1)
            yield Connection(
                departs, departs + minutes, "ferry", one.sailing_no, one.sailing_no, one.origin, one.destination
            )


def _flights(seed: int, day: date, now: datetime) -> Iterator[Connection]:
    """Departures only carry somebody away and arrivals only bring somebody here; how long they fly stands in the list."""
    flown = {one.flight_no: one.minutes for one in listed("flights", FlightPlan).items}
    here = listed("journeys", Links).airport
    for one in flights_on(seed, day, now).items:
        if one.state == "cancelled":
            continue
        at, there = 60 * one.scheduled_at.hour + one.scheduled_at.minute, f"{one.city}机场"
        minutes = flown[one.flight_no]
        ends = (at, at + minutes, here, there) if one.way == "departure" else (at - minutes, at, there, here)
        yield Connection(ends[0], ends[1], "flight", one.flight_no, one.flight_no, ends[2], ends[3])
