"""The operators' timetable as a GTFS schedule: a ZIP of text files (https://gtfs.org/documentation/schedule/reference/)."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from integrations.city import gtfs_lines as lines
from integrations.city.gtfs_lines import BUS_AGENCY, DAILY, Line, Ride
from integrations.city.registers import listed
from integrations.city.timetables import Ferries

PUBLISHER: Final = "烟台市交通运输局（沙盒城市）"
ADDRESS: Final = "https://transit.example.com/"
VALID_DAYS: Final = 90
_BIKES, _NO_BIKES = 1, 2
"""Values of `bikes_allowed`."""
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_EDITION: Final = ("feed_start_date", "feed_end_date", "feed_version", "feed_contact_url")
Row = Iterable[object]


@lru_cache(maxsize=2)
def schedule(seed: int, day: date) -> bytes:
    """The edition of a day; the same bytes whenever it is made."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, rows in _files(seed, day):
            entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, _text(rows))
    return packed.getvalue()


def clock_time(minutes: int) -> str:
    """A time of a service day as GTFS writes it: after midnight the hours go on from 24."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}:00"


def _files(seed: int, day: date) -> Iterator[tuple[str, Iterable[Row]]]:
    routes = (*lines.bus_lines(), *lines.ferry_lines().values())
    rides = (*lines.bus_rides(), *lines.ferry_rides())
    yield "agency.txt", _agencies()
    yield "stops.txt", _stops()
    yield "routes.txt", _routes(routes)
    yield "trips.txt", _trips(rides)
    yield "stop_times.txt", _stop_times(rides)
    yield "calendar.txt", _calendar(day)
    yield "calendar_dates.txt", _calendar_dates(seed, day)
    yield "fare_attributes.txt", _fares(routes)
    yield "fare_rules.txt", _fare_rules(routes)
    yield "shapes.txt", _shapes(rides)
    yield "feed_info.txt", _feed_info(day)


def _agencies() -> Iterator[Row]:
    yield "agency_id", "agency_name", "agency_url", "agency_timezone", "agency_lang"
    for agency_id, name in lines.agencies().items():
        yield agency_id, name, ADDRESS, "Asia/Shanghai", "zh"


def _stops() -> Iterator[Row]:
    yield "stop_id", "stop_name", "stop_lat", "stop_lon"
    for stop in lines.all_stops():
        yield stop.stop_id, stop.stop_name, f"{stop.stop_lat:.6f}", f"{stop.stop_lon:.6f}"


def _routes(routes: Iterable[Line]) -> Iterator[Row]:
    yield "route_id", "agency_id", "route_short_name", "route_long_name", "route_type"
    for one in routes:
        yield one.route_id, one.agency_id, one.short_name, one.long_name, one.kind


def _trips(rides: Iterable[Ride]) -> Iterator[Row]:
    yield "route_id", "service_id", "trip_id", "trip_headsign", "direction_id", "shape_id", "bikes_allowed"
    for ride in rides:
        headsign = ride.stops[-1].stop_name
        bikes = _NO_BIKES if ride.service_id == DAILY else _BIKES
        yield ride.route_id, ride.service_id, ride.trip_id, headsign, ride.direction, _shape_of(ride), bikes


def _stop_times(rides: Iterable[Ride]) -> Iterator[Row]:
    yield "trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence", "timepoint"
    for ride in rides:
        for place, (stop, minutes) in enumerate(zip(ride.stops, ride.minutes, strict=True), 1):
            at = clock_time(minutes)
            yield ride.trip_id, at, at, stop.stop_id, place, 1


def _calendar(day: date) -> Iterator[Row]:
    yield "service_id", *_DAYS, "start_date", "end_date"
    span = (_written(day - timedelta(days=1)), _written(day + timedelta(days=VALID_DAYS)))
    for service_id in (DAILY, *(water.code for water in listed("ferries", Ferries).waters)):
        yield service_id, *(1 for _ in _DAYS), *span


def _calendar_dates(seed: int, day: date) -> Iterator[Row]:
    yield "service_id", "date", "exception_type"
    for service_id, on in lines.stormy_days(seed, day):
        yield service_id, _written(on), 2


def _fares(routes: Iterable[Line]) -> Iterator[Row]:
    yield "fare_id", "price", "currency_type", "payment_method", "transfers", "agency_id"
    for fare_id, one in {_fare_of(one): one for one in routes}.items():
        price = f"{one.fare_fen // 100}.{one.fare_fen % 100:02d}"
        yield fare_id, price, "CNY", int(one.agency_id != BUS_AGENCY), 0, one.agency_id


def _fare_rules(routes: Iterable[Line]) -> Iterator[Row]:
    yield "fare_id", "route_id"
    for one in routes:
        yield _fare_of(one), one.route_id


def _shapes(rides: Iterable[Ride]) -> Iterator[Row]:
    yield "shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence"
    for shape_id, ride in {_shape_of(ride): ride for ride in rides}.items():
        for place, stop in enumerate(ride.stops, 1):
            yield shape_id, f"{stop.stop_lat:.6f}", f"{stop.stop_lon:.6f}", place


def _feed_info(day: date) -> Iterator[Row]:
    yield "feed_publisher_name", "feed_publisher_url", "feed_lang", *_EDITION
    first, last = day - timedelta(days=1), day + timedelta(days=VALID_DAYS)
    yield PUBLISHER, ADDRESS, "zh", _written(first), _written(last), day.isoformat(), ADDRESS


def _fare_of(line: Line) -> str:
    return f"{line.agency_id}-{line.fare_fen}"


def _shape_of(ride: Ride) -> str:
    return f"{ride.route_id}-{ride.direction}"


def _written(day: date) -> str:
    return f"{day:%Y%m%d}"


def _text(rows: Iterable[Row]) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue().encode()
