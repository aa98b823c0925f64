"""How to get from one place to another, as Transport (交通运输局) joins all timetables."""

from datetime import timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Instant, Line
from app.kernel.words import Words
from integrations.departments.registers import Register
from integrations.departments.timetables import JTJ

Minutes = Annotated[int, Meta(ge=0, le=10_000)]
Mode = Literal["walk", "bus", "coach", "train", "ferry", "flight"]
MODES: Final = {
    "walk": Words(zh="步行", en="On foot"),
    "bus": Words(zh="公交", en="Bus"),
    "coach": Words(zh="长途客车", en="Coach"),
    "train": Words(zh="火车", en="Train"),
    "ferry": Words(zh="轮渡", en="Ferry"),
    "flight": Words(zh="飞机", en="Flight"),
}


class Leg(msgspec.Struct, frozen=True):
    """One ride or walk."""

    mode: Annotated[Mode, label("方式", "By", MODES)]
    line: Annotated[Line | None, label("线路或班次", "Line")]
    origin: Annotated[Line, label("从", "From")]
    destination: Annotated[Line, label("到", "To")]
    departs_at: Annotated[Instant, label("出发", "Departs")]
    arrives_at: Annotated[Instant, label("到达", "Arrives")]


class Journey(msgspec.Struct, frozen=True):
    """One way to go: no other of its answer arrives earlier with as few changes."""

    departs_at: Annotated[Instant, label("出发", "Departs")]
    arrives_at: Annotated[Instant, label("到达", "Arrives")]
    minutes: Annotated[Minutes, label("全程分钟", "Minutes")]
    changes: Annotated[int, Meta(ge=0, le=10), label("换乘次数", "Changes")]
    walk_minutes: Annotated[Minutes, label("步行分钟", "Minutes on foot")]
    legs: Annotated[tuple[Leg, ...], label("路段", "Legs")]


class Journeys(msgspec.Struct, frozen=True):
    """A few ways to go, the fewest changes first."""

    items: tuple[Journey, ...]


JOURNEYS: Final = Register(
    department=JTJ,
    service="journeys",
    told=Journeys,
    fresh_for=timedelta(minutes=1),
    usable_for=timedelta(minutes=30),
)
