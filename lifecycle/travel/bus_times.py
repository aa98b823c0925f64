"""When the next buses come (公交到站): by what their operators tell now, and by the timetable where they tell nothing. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.clock import SHANGHAI
from app.kernel.labels import label
from app.kernel.structs import Code, Instant, Line
from app.kernel.words import Words
from integrations.departments.timetables import ClockTime
from integrations.transit.port import Call, Known, Position, Schedule, Standing, Told, Trip, TripDay, TripNews

BUS: Final = 3
"""GTFS's `route_type` of buses."""
NEXT: Final = 2
Direction = Literal[0, 1]
DIRECTIONS: Final = {"0": Words(zh="去程", en="Outbound"), "1": Words(zh="回程", en="Inbound")}
ToldBy = Literal["realtime", "timetable"]
TOLD_BY: Final = {
    "realtime": Words(zh="实时", en="Told by the operator now"),
    "timetable": Words(zh="时刻表", en="By the timetable"),
}
STANDINGS: Final = {
    "live": Words(zh="正常", en="Live"),
    "stale": Words(zh="已过时", en="Out of date"),
    "malformed": Words(zh="内容有误", en="Not readable"),
    "away": Words(zh="无法连接", en="Not answered"),
}
_MINUTES_A_DAY: Final = 24 * 60
_NO_LATER: Final = timedelta(hours=2)
"""A bus isn't later than that; earlier trips needn't be looked at."""


class BusArrival(msgspec.Struct, frozen=True):
    """A bus that comes: when, and how many stops it is away; None while it hasn't set out or isn't seen."""

    trip_id: Annotated[Code, label("班次", "Trip")]
    arrival_time: Annotated[Instant, label("预计到站时间", "Expected at")]
    stops_away: Annotated[Annotated[int, Meta(ge=0, le=200)] | None, label("还有几站（空为未知）", "Stops away")]
    scheduled_time: Annotated[Instant, label("时刻表时间", "By the timetable at")]
    told_by: Annotated[ToldBy, label("依据", "Told by", TOLD_BY)]


class BusStopTimes(msgspec.Struct, frozen=True):
    """A line in one direction at one stop, with the next buses there."""

    route_id: Annotated[Code, label("线路编号", "Route")]
    route_short_name: Annotated[Line, label("线路", "Line")]
    direction_id: Annotated[Direction, label("方向", "Direction", DIRECTIONS)]
    trip_headsign: Annotated[str, label("开往", "Towards")]
    stop_id: Annotated[Code, label("站点编号", "Stop")]
    stop_name: Annotated[str, label("站名", "Stop's name")]
    stop_lat: Annotated[float, label("纬度", "Latitude")]
    stop_lon: Annotated[float, label("经度", "Longitude")]
    stop_sequence: Annotated[int, label("第几站", "Stop number")]
    first_departure: Annotated[ClockTime, label("首班发车", "First bus sets out")]
    last_departure: Annotated[ClockTime, label("末班发车", "Last bus sets out")]
    fare_fen: Annotated[int | None, label("票价（分）", "Fare (fen)")]
    arrivals: Annotated[tuple[BusArrival, ...], label("即将到站", "Next buses")]


class BusNotice(msgspec.Struct, frozen=True):
    """What the operators say of some lines now."""

    text: Annotated[Words, label("内容", "Text")]
    route_ids: Annotated[tuple[str, ...], label("线路编号", "Routes")]


class BusTimes(msgspec.Struct, frozen=True):
    """Every stop of the lines asked for, and by which data."""

    items: tuple[BusStopTimes, ...]
    timetable: Annotated[Standing, label("时刻表状态", "Timetable", STANDINGS)]
    timetable_as_of: Annotated[Instant | None, label("时刻表截至", "Timetable as of")]
    realtime: Annotated[Standing, label("实时数据状态", "Realtime", STANDINGS)]
    realtime_as_of: Annotated[Instant | None, label("实时数据截至", "Realtime as of")]
    notices: Annotated[tuple[BusNotice, ...], label("提示", "Notices")]


class Seen(msgspec.Struct, frozen=True):
    """What is told of trips and vehicles, as far as it may be believed now."""

    trips: Mapping[TripDay, TripNews]
    positions: Mapping[TripDay, Position]

    def news(self, trip: Trip, day: date) -> TripNews | None:
        """What is told of a trip on a day."""
        return self.trips.get((trip.id, day)) or self.trips.get((trip.id, None))

    def position(self, trip: Trip, day: date) -> Position | None:
        """Where its vehicle is."""
        return self.positions.get((trip.id, day)) or self.positions.get((trip.id, None))


def believed(known: Known) -> Seen:
    """What may be believed: nothing of a feed that isn't live."""
    trips = known.trips.content if known.trips.standing == "live" else None
    positions = known.positions.content if known.positions.standing == "live" else None
    return Seen(trips or {}, positions or {})


def bus_times(known: Known, route_id: str | None, stop_id: str | None, now: datetime) -> BusTimes:
    """The next buses of a line, at a stop, or of all. Needs a schedule to be known."""
    schedule = known.schedule.content
    items = () if schedule is None else tuple(_items(schedule, believed(known), (route_id, stop_id), now))
    routes = {item.route_id for item in items}
    return BusTimes(
        items=items,
        timetable=known.schedule.standing,
        timetable_as_of=known.schedule.as_of,
        realtime=known.trips.standing,
        realtime_as_of=known.trips.as_of,
        notices=tuple(_notices(known, routes, stop_id, now)),
    )


def _notices(known: Known, routes: set[str], stop_id: str | None, now: datetime) -> Iterator[BusNotice]:
    for alert in known.alerts.content or () if known.alerts.standing == "live" else ():
        concerned = alert.routes & routes
        texts = alert.texts
        if alert.holds_at(now) and texts and (concerned or (stop_id is not None and stop_id in alert.stops)):
            first = next(iter(texts.values()))
            yield BusNotice(Words(zh=texts.get("zh", first), en=texts.get("en", first)), tuple(sorted(concerned)))


def _items(
    schedule: Schedule, seen: Seen, asked: tuple[str | None, str | None], now: datetime
) -> Iterator[BusStopTimes]:
    route_id, stop_id = asked
    for trips in _lines(schedule, route_id):
        longest = max(trips, key=lambda trip: len(trip.calls))
        days = (now.date() - timedelta(days=1), now.date())
        runs = [(trip, day) for day in days for trip in trips if schedule.services[trip.service_id].runs_on(day)]
        for place, call in enumerate(longest.calls, 1):
            if stop_id in {None, call.stop_id}:
                arrivals = _arrivals(seen, runs, call, now)
                yield _item(schedule, (longest, trips), (place, call), arrivals)


def _lines(schedule: Schedule, route_id: str | None) -> list[list[Trip]]:
    """The trips of each bus line in each direction."""
    found: dict[tuple[str, int], list[Trip]] = defaultdict(list)
    for trip in schedule.trips.values():
        if schedule.routes[trip.route_id].kind == BUS and trip.calls and route_id in {None, trip.route_id}:
            found[trip.route_id, trip.direction].append(trip)
    return [found[key] for key in sorted(found)]


def _item(
    schedule: Schedule, line: tuple[Trip, Sequence[Trip]], at: tuple[int, Call], arrivals: tuple[BusArrival, ...]
) -> BusStopTimes:
    (trip, trips), (place, call) = line, at
    route, stop = schedule.routes[trip.route_id], schedule.stops[call.stop_id]
    return BusStopTimes(
        route_id=route.id,
        route_short_name=route.name,
        direction_id=trip.direction,
        trip_headsign=trip.headsign,
        stop_id=stop.id,
        stop_name=stop.name,
        stop_lat=stop.latitude,
        stop_lon=stop.longitude,
        stop_sequence=place,
        first_departure=_clock_time(min(one.calls[0].departs for one in trips)),
        last_departure=_clock_time(max(one.calls[0].departs for one in trips)),
        fare_fen=route.fare_fen,
        arrivals=arrivals,
    )


def _arrivals(seen: Seen, runs: Sequence[tuple[Trip, date]], call: Call, now: datetime) -> tuple[BusArrival, ...]:
    found: list[BusArrival] = []
    for trip, day in runs:
        own = min(
            (one for one in trip.calls if one.stop_id == call.stop_id),
            key=lambda one: abs(one.sequence - call.sequence),
            default=None,
        )
        if own is None or not now - _NO_LATER <= _at(day, own.arrives) <= now + timedelta(days=1):
            continue
        arrival = _arrival(seen, trip, day, own)
        if arrival is not None and arrival.arrival_time >= now:
            found.append(arrival)
    return tuple(sorted(found, key=lambda one: (one.arrival_time, one.trip_id))[:NEXT])


def _arrival(seen: Seen, trip: Trip, day: date, call: Call) -> BusArrival | None:
    """When a trip comes; None where it doesn't call there."""
    scheduled, news = _at(day, call.arrives), seen.news(trip, day)
    if news is None:
        return BusArrival(trip.id, scheduled, None, scheduled, "timetable")
    told = news.calls.get(call.sequence)
    if news.cancelled or (told is not None and told.skipped):
        return None
    expected = _expected(trip, day, call, news)
    if expected is None:
        return BusArrival(trip.id, scheduled, None, scheduled, "timetable")
    return BusArrival(trip.id, expected, _stops_away(trip, call, seen.position(trip, day)), scheduled, "realtime")


def _expected(trip: Trip, day: date, call: Call, news: TripNews) -> datetime | None:
    """What is told of a call, or follows from what is told of the nearest one before it: a delay goes on until another is told."""
    before = [one for one in trip.calls if one.sequence <= call.sequence and one.sequence in news.calls]
    if not before:
        return None
    nearest = before[-1]
    delay = _delay(news.calls[nearest.sequence], _at(day, nearest.arrives))
    return None if delay is None else _at(day, call.arrives) + delay


def _delay(told: Told, scheduled: datetime) -> timedelta | None:
    if told.at is not None:
        return told.at - scheduled
    return None if told.delay is None else timedelta(seconds=told.delay)


def _stops_away(trip: Trip, call: Call, position: Position | None) -> int | None:
    """How many stops a vehicle still has to go; 1 is the next one."""
    if position is None or position.sequence is None:
        return None
    left = [one for one in trip.calls if position.sequence <= one.sequence <= call.sequence]
    return len(left)


def _at(day: date, seconds: int) -> datetime:
    return datetime.combine(day, time(), SHANGHAI) + timedelta(seconds=seconds)


def _clock_time(seconds: int) -> str:
    minutes = seconds // 60 % _MINUTES_A_DAY
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
