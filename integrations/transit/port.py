"""What a room may ask of public transport: the timetable, and what goes on now."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Generic, Literal, Protocol, TypeVar

import msgspec

T = TypeVar("T")
Standing = Literal["live", "stale", "malformed", "away"]
"""A feed is live, tells of too long ago, can't be read, or isn't answered."""


class Stop(msgspec.Struct, frozen=True):
    """Where vehicles stop."""

    id: str
    name: str
    latitude: float
    longitude: float


class Route(msgspec.Struct, frozen=True):
    """A line; `kind` is GTFS's `route_type`. The fare is in fen, where the operator publishes one for the whole line."""

    id: str
    name: str
    kind: int
    fare_fen: int | None


class Call(msgspec.Struct, frozen=True):
    """When a trip calls at a stop, in seconds from the service day's midnight: from 86,400 on it is the next day."""

    sequence: int
    stop_id: str
    arrives: int
    departs: int


class Trip(msgspec.Struct, frozen=True):
    """A ride of a route, in the order of its stops."""

    id: str
    route_id: str
    service_id: str
    direction: Literal[0, 1]
    headsign: str
    calls: tuple[Call, ...]


class Service(msgspec.Struct, frozen=True):
    """On which days trips run: weekdays (0 is Monday) of a span, and single days more or less."""

    weekdays: frozenset[int]
    first: date
    last: date
    added: frozenset[date]
    removed: frozenset[date]

    def runs_on(self, day: date) -> bool:
        """Whether it runs on a day."""
        if day in self.added or day in self.removed:
            return day in self.added
        return self.first <= day <= self.last and day.weekday() in self.weekdays


class Schedule(msgspec.Struct, frozen=True):
    """A whole timetable."""

    stops: Mapping[str, Stop]
    routes: Mapping[str, Route]
    trips: Mapping[str, Trip]
    services: Mapping[str, Service]
    version: str


class Told(msgspec.Struct, frozen=True):
    """What is told of one call of a trip: when it will be, or by how many seconds it is late; or that the stop is left out."""

    at: datetime | None
    delay: int | None
    skipped: bool


TripDay = tuple[str, date | None]
"""A trip on a service day; on any, where the operator doesn't say."""


class TripNews(msgspec.Struct, frozen=True):
    """What is told of a trip on a day: that it is cancelled, or of its calls by their sequence."""

    cancelled: bool
    calls: Mapping[int, Told]


class Position(msgspec.Struct, frozen=True):
    """Where a vehicle is: on its way to the call with a sequence, or there."""

    sequence: int | None
    at: datetime | None


class Alert(msgspec.Struct, frozen=True):
    """What everybody should know of some routes or stops; texts by language, and when it holds."""

    texts: Mapping[str, str]
    routes: frozenset[str]
    stops: frozenset[str]
    periods: tuple[tuple[datetime | None, datetime | None], ...]

    def holds_at(self, at: datetime) -> bool:
        """Whether it holds at an instant; without periods it always does."""
        return not self.periods or any(
            (first is None or first <= at) and (last is None or at < last) for first, last in self.periods
        )


class Feed(msgspec.Struct, Generic[T], frozen=True):
    """A feed as it is known: its content and of when that tells, and how the feed stands now."""

    standing: Standing
    content: T | None
    as_of: datetime | None


class Known(msgspec.Struct, frozen=True):
    """Everything that is known of public transport. A schedule is given as long as there is any that still holds."""

    schedule: Feed[Schedule]
    trips: Feed[Mapping[TripDay, TripNews]]
    positions: Feed[Mapping[TripDay, Position]]
    alerts: Feed[tuple[Alert, ...]]


class Transit(Protocol):
    """The port."""

    async def known(self) -> Known:
        """What is known now; a feed that is away, late or broken hides no other, and what it told before is kept."""
