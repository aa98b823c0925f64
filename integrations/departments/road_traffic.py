"""What the traffic police (公安局交警支队) show of the roads: how fast they are, and what is in the way."""

from datetime import timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, Instant, Line
from app.kernel.words import Words
from integrations.departments.directory import POLICE
from integrations.departments.registers import Register

Latitude = Annotated[float, Meta(ge=36.5, le=38.6)]
Longitude = Annotated[float, Meta(ge=119.5, le=122.0)]
KmPerHour = Annotated[int, Meta(ge=0, le=120)]
Flow = Literal["smooth", "slow", "congested", "closed"]
FLOWS: Final = {
    "smooth": Words(zh="畅通", en="Flowing"),
    "slow": Words(zh="缓行", en="Slow"),
    "congested": Words(zh="拥堵", en="Congested"),
    "closed": Words(zh="封闭", en="Closed"),
}
RoadEvent = Literal["accident", "roadworks", "closure"]
ROAD_EVENTS: Final = {
    "accident": Words(zh="交通事故", en="Accident"),
    "roadworks": Words(zh="道路施工", en="Roadworks"),
    "closure": Words(zh="道路封闭", en="Closure"),
}


class RoadPoint(msgspec.Struct, frozen=True):
    """A place on the map, in degrees (CGCS2000)."""

    latitude: Annotated[Latitude, label("纬度", "Latitude")]
    longitude: Annotated[Longitude, label("经度", "Longitude")]


class RoadSection(msgspec.Struct, frozen=True):
    """A road between two places: its speed now, what is usual there, and what happened."""

    section_code: Annotated[Code, label("路段编号", "Section")]
    road: Annotated[Line, label("道路", "Road")]
    between: Annotated[Line, label("起止", "From and to")]
    division_code: Annotated[Code, label("所在区划", "Division")]
    line: Annotated[tuple[RoadPoint, ...], label("走向", "Line on the map")]
    free_speed_kmh: Annotated[KmPerHour, label("畅通时速（公里）", "Free speed (km/h)")]
    speed_kmh: Annotated[KmPerHour, label("当前时速（公里）", "Speed now (km/h)")]
    flow: Annotated[Flow, label("路况", "Traffic", FLOWS)]
    event: Annotated[RoadEvent | None, label("事件", "Event", ROAD_EVENTS)]
    event_says: Annotated[Line | None, label("事件说明", "About the event")]
    measured_at: Annotated[Instant, label("测得时间", "Measured at")]


class RoadConditions(msgspec.Struct, frozen=True):
    """Every section that is watched."""

    items: tuple[RoadSection, ...]


ROAD_CONDITIONS: Final = Register(
    department=POLICE,
    service="road_conditions",
    told=RoadConditions,
    fresh_for=timedelta(minutes=1),
    usable_for=timedelta(minutes=15),
)
