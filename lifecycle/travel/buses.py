"""Buses, asked of their operators' own feeds (GTFS and GTFS-realtime), which no department stands between."""

from functools import partial
from typing import Annotated, Any, Final

import msgspec

from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.labels import label
from app.kernel.structs import Code, Instant, View
from integrations.departments.directory import NAMES
from integrations.departments.timetables import JTJ
from integrations.exchange.errors import DepartmentUnavailable, NotKnownToDepartment
from integrations.transit.port import Feed, Known, Standing, Transit
from lifecycle.queries.registers import EverybodysQuestion, listed
from lifecycle.queries.registry import Found, LiveQuery, register_query
from lifecycle.queries.remembered import Remembered
from lifecycle.travel.bus_times import BusNotice, BusTimes, bus_times

MATTER: Final = "bus_query"
_AGAIN_SECONDS: Final = 60


class BusQuestion(EverybodysQuestion, frozen=True):
    """Buses of a line, or at a stop; of all, if neither is given."""

    route_id: Annotated[Code | None, label("线路编号", "Route")] = None
    stop_id: Annotated[Code | None, label("站点编号", "Stop")] = None


class BusPage(View, frozen=True):
    """A page of stops with their next buses, how many there are altogether, and by which data."""

    items: tuple[Any, ...]
    found: int
    next: str | None
    timetable: Standing
    timetable_as_of: Instant | None
    realtime: Standing
    realtime_as_of: Instant | None
    notices: tuple[BusNotice, ...]


def register(transit: Transit) -> None:
    """Offer the query, asked through the port; called from wiring."""
    register_query(LiveQuery(MATTER, BusQuestion, partial(_answer, transit), frozenset(), BusTimes))


async def _answer(transit: Transit, _citizen: Citizen, asked: BusQuestion) -> Found:
    """What the feeds tell now. Refuses `DepartmentUnavailable` without any timetable, and `NotKnownToDepartment` no such line or stop."""
    known = await transit.known()
    if known.schedule.content is None:
        raise DepartmentUnavailable(
            department=NAMES[JTJ], department_code=JTJ, retry_after_seconds=_AGAIN_SECONDS, feed=known.schedule.standing
        )
    told = bus_times(known, asked.route_id, asked.stop_id, clock.now())
    if not told.items:
        raise NotKnownToDepartment(department=NAMES[JTJ], department_code=JTJ)
    page = listed(told.items, asked)
    rest = {name: value for name, value in msgspec.structs.asdict(told).items() if name != "items"}
    return Found(BusPage(page.items, page.found, page.next, **rest), tuple(_sources(known)))


def _sources(known: Known) -> list[Remembered[None]]:
    """The timetable and what is told now, each with its "as of"."""
    feeds: tuple[Feed[Any], ...] = (known.schedule, known.trips)
    return [
        Remembered(None, JTJ, feed.as_of, feed.as_of, live=feed.standing == "live")
        for feed in feeds
        if feed.as_of is not None
    ]
