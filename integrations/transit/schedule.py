"""Reading a GTFS schedule (https://gtfs.org/documentation/schedule/reference/): strictly where it would mislead, mildly otherwise."""

import csv
import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Final, Literal

from integrations.transit.port import Call, Route, Schedule, Service, Stop, Trip

LARGEST_FILES_BYTES: Final = 200_000_000
"""What all files may be together, unpacked."""
_REQUIRED: Final = {
    "agency.txt": ("agency_name", "agency_url", "agency_timezone"),
    "stops.txt": ("stop_id",),
    "routes.txt": ("route_id", "route_type"),
    "trips.txt": ("route_id", "service_id", "trip_id"),
    "stop_times.txt": ("trip_id", "stop_sequence"),
}
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME: Final = re.compile(r"\A([0-9]{1,3}):([0-5][0-9]):([0-5][0-9])\Z")
_POLE, _ANTIMERIDIAN = 90, 180
_DEAREST_FEN: Final = 10**8
_ADDED, _REMOVED = "1", "2"
Row = dict[str, str]


class ScheduleMalformed(ValueError):  # noqa: N818 - a refusal is named as a fact
    """It isn't a schedule: a file or field is missing, names what there isn't, or can't be read."""


def read_schedule(content: bytes) -> Schedule:
    """Read a schedule; refuses `ScheduleMalformed`."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return _schedule(packed)
    except ScheduleMalformed:
        raise
    except (zipfile.BadZipFile, csv.Error, ValueError, KeyError, NotImplementedError, EOFError, OSError) as error:
        raise ScheduleMalformed(repr(error)) from error


def seconds_of(text: str) -> int:
    """Read a time of a service day, H:MM:SS, also beyond 24:00:00; refuses `ScheduleMalformed`."""
    read = _TIME.match(text.strip())
    if read is None:
        message = f"no time: {text!r}"
        raise ScheduleMalformed(message)
    hours, minutes, seconds = (int(part) for part in read.groups())
    return hours * 3600 + minutes * 60 + seconds


def _schedule(packed: zipfile.ZipFile) -> Schedule:
    if sum(entry.file_size for entry in packed.infolist()) > LARGEST_FILES_BYTES:
        raise ScheduleMalformed("too large")
    for name, fields in _REQUIRED.items():
        _refuse_missing(packed, name, fields)
    services = _services(packed)
    stops = {row["stop_id"]: _stop(row) for row in _rows(packed, "stops.txt")}
    fares = _fares(packed)
    routes = {row["route_id"]: _route(row, fares) for row in _rows(packed, "routes.txt")}
    calls = _calls(packed, stops)
    trips = {row["trip_id"]: _trip(row, calls) for row in _rows(packed, "trips.txt")}
    for trip in trips.values():
        if trip.route_id not in routes or trip.service_id not in services:
            message = f"trip {trip.id} names a route or service that isn't there"
            raise ScheduleMalformed(message)
    if calls.keys() - trips.keys():
        raise ScheduleMalformed("stop_times.txt names trips that aren't there")
    info = next(_rows(packed, "feed_info.txt"), {})
    return Schedule(stops, routes, trips, services, info.get("feed_version", ""))


def _rows(packed: zipfile.ZipFile, name: str) -> Iterator[Row]:
    """The rows of a file, none where there is no such file."""
    if name not in packed.namelist():
        return
    with packed.open(name) as file:
        for row in csv.DictReader(io.TextIOWrapper(file, encoding="utf-8-sig", newline="")):
            yield {key: (value or "").strip() for key, value in row.items() if key is not None}


def _refuse_missing(packed: zipfile.ZipFile, name: str, fields: tuple[str, ...]) -> None:
    first = next(_rows(packed, name), None)
    missing = [name] if first is None else [field for field in fields if field not in first]
    if missing:
        message = f"{name}: {', '.join(missing)} missing"
        raise ScheduleMalformed(message)


def _stop(row: Row) -> Stop:
    latitude, longitude = float(row.get("stop_lat") or "nan"), float(row.get("stop_lon") or "nan")
    if not (abs(latitude) <= _POLE and abs(longitude) <= _ANTIMERIDIAN):
        message = f"stop {row['stop_id']} is nowhere"
        raise ScheduleMalformed(message)
    return Stop(row["stop_id"], row.get("stop_name", ""), latitude, longitude)


def _route(row: Row, fares: Mapping[str, int]) -> Route:
    name = row.get("route_short_name") or row.get("route_long_name") or row["route_id"]
    return Route(row["route_id"], name, int(row["route_type"]), fares.get(row["route_id"]))


def _fares(packed: zipfile.ZipFile) -> dict[str, int]:
    """The fare of each route that has a single one, in fen."""
    prices: dict[str, int] = {}
    for row in _rows(packed, "fare_attributes.txt"):
        if row["currency_type"] == "CNY":
            prices[row["fare_id"]] = _fen(row["price"])
    found: dict[str, set[int]] = defaultdict(set)
    for row in _rows(packed, "fare_rules.txt"):
        if row["fare_id"] in prices and row.get("route_id"):
            found[row["route_id"]].add(prices[row["fare_id"]])
    return {route_id: fares.pop() for route_id, fares in found.items() if len(fares) == 1}


def _fen(price: str) -> int:
    try:
        fen = Decimal(price) * 100
        is_price = 0 <= fen <= _DEAREST_FEN and fen == int(fen)
    except InvalidOperation as error:
        message = f"no price: {price!r}"
        raise ScheduleMalformed(message) from error
    if not is_price:
        message = f"no price: {price!r}"
        raise ScheduleMalformed(message)
    return int(fen)


def _calls(packed: zipfile.ZipFile, stops: Mapping[str, Stop]) -> dict[str, tuple[Call, ...]]:
    """The calls of each trip, in their order; a stop without a time of its own is between two that have one, and left out."""
    found: dict[str, list[Call]] = defaultdict(list)
    for row in _rows(packed, "stop_times.txt"):
        arrives = row.get("arrival_time") or row.get("departure_time")
        if not arrives:
            continue
        if row.get("stop_id") not in stops:
            message = f"trip {row['trip_id']} calls at a stop that isn't there"
            raise ScheduleMalformed(message)
        departs = seconds_of(row.get("departure_time") or arrives)
        found[row["trip_id"]].append(Call(int(row["stop_sequence"]), row["stop_id"], seconds_of(arrives), departs))
    return {trip_id: _in_order(trip_id, calls) for trip_id, calls in found.items()}


def _in_order(trip_id: str, calls: list[Call]) -> tuple[Call, ...]:
    """Refuse a trip that calls twice with one number, or goes back in time."""
    ordered = tuple(sorted(calls, key=lambda call: call.sequence))
    back = any(one.sequence == other.sequence or one.departs > other.arrives for one, other in pairwise(ordered))
    if back or any(call.arrives > call.departs for call in ordered):
        message = f"trip {trip_id} goes back in time"
        raise ScheduleMalformed(message)
    return ordered


def _trip(row: Row, calls: Mapping[str, tuple[Call, ...]]) -> Trip:
    direction: Literal[0, 1] = 1 if row.get("direction_id") == "1" else 0
    headsign = row.get("trip_headsign", "")
    return Trip(row["trip_id"], row["route_id"], row["service_id"], direction, headsign, calls.get(row["trip_id"], ()))


def _services(packed: zipfile.ZipFile) -> dict[str, Service]:
    """When trips run: by the calendar, by single days, or both."""
    days: dict[str, dict[str, set[date]]] = defaultdict(lambda: {_ADDED: set(), _REMOVED: set()})
    for row in _rows(packed, "calendar_dates.txt"):
        days[row["service_id"]][row["exception_type"]].add(_day(row["date"]))
    weekly = {row["service_id"]: row for row in _rows(packed, "calendar.txt")}
    if not weekly and not days:
        raise ScheduleMalformed("neither calendar.txt nor calendar_dates.txt says when anything runs")
    return {service_id: _service(weekly.get(service_id), days[service_id]) for service_id in {*weekly, *days}}


def _service(row: Row | None, days: Mapping[str, set[date]]) -> Service:
    added, removed = frozenset(days[_ADDED]), frozenset(days[_REMOVED])
    if row is None:
        return Service(frozenset(), date.max, date.min, added, removed)
    weekdays = frozenset(place for place, name in enumerate(_WEEKDAYS) if row[name] == "1")
    return Service(weekdays, _day(row["start_date"]), _day(row["end_date"]), added, removed)


def _day(text: str) -> date:
    if not re.match(r"\A[0-9]{8}\Z", text):
        message = f"no date: {text!r}"
        raise ScheduleMalformed(message)
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))
