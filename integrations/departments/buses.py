"""What the bus company tells through Transport (交通运输局): lines, stops, and when the next buses come.

Fields are named as in GTFS (General Transit Feed Specification): route_id, trip_id, stop_id, arrival_time.
"""

from datetime import timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, Instant, Line
from app.kernel.words import Words
from integrations.departments.registers import Register
from integrations.departments.road_traffic import Latitude, Longitude

JTJ: Final = "JTJ"
ClockTime = Annotated[str, Meta(pattern=r"\A([01][0-9]|2[0-3]):[0-5][0-9]\Z", description="Time of day, HH:MM.")]
Direction = Literal[0, 1]
DIRECTIONS: Final = {"0": Words(zh="去程", en="Outbound"), "1": Words(zh="回程", en="Inbound")}


class BusArrival(msgspec.Struct, frozen=True):
    """A bus that comes: when, and how many stops it is away; None while it hasn't set out."""

    trip_id: Annotated[Code, label("班次", "Trip")]
    arrival_time: Annotated[Instant, label("预计到站时间", "Expected at")]
    stops_away: Annotated[Annotated[int, Meta(ge=0, le=200)] | None, label("还有几站（空为未发车）", "Stops away")]


class BusStopTimes(msgspec.Struct, frozen=True):
    """A line in one direction at one stop, with the next buses there."""

    route_id: Annotated[Code, label("线路编号", "Route")]
    route_short_name: Annotated[Line, label("线路", "Line")]
    direction_id: Annotated[Direction, label("方向", "Direction", DIRECTIONS)]
    trip_headsign: Annotated[Line, label("开往", "Towards")]
    stop_id: Annotated[Code, label("站点编号", "Stop")]
    stop_name: Annotated[Line, label("站名", "Stop's name")]
    stop_lat: Annotated[Latitude, label("纬度", "Latitude")]
    stop_lon: Annotated[Longitude, label("经度", "Longitude")]
    stop_sequence: Annotated[int, Meta(ge=1, le=200), label("第几站", "Stop number")]
    first_departure: Annotated[ClockTime, label("首班发车", "First bus sets out")]
    last_departure: Annotated[ClockTime, label("末班发车", "Last bus sets out")]
    fare_fen: Annotated[int, Meta(ge=0, le=10_000), label("票价（分）", "Fare (fen)")]
    arrivals: Annotated[tuple[BusArrival, ...], label("即将到站", "Next buses")]


class BusTimes(msgspec.Struct, frozen=True):
    """Every stop of the lines asked for."""

    items: tuple[BusStopTimes, ...]


BUS_TIMES: Final = Register(
    department=JTJ,
    service="bus_times",
    told=BusTimes,
    fresh_for=timedelta(seconds=20),
    usable_for=timedelta(minutes=5),
)
