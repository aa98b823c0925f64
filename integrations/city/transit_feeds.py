"""The transport operators' feeds as they publish them: a GTFS schedule and GTFS-realtime, over HTTP with conditional requests."""

import hashlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Final

from litestar import Controller, Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency

from app.kernel import clock
from integrations.city import gtfs_realtime, gtfs_schedule
from integrations.city.clock_times import instant
from integrations.city.departments import STALE_BY
from integrations.city.world import City

PARTY: Final = "transit"
PROTOBUF: Final = "application/x-protobuf"
_EVERY_SECONDS: Final = 5
_NOT_MODIFIED: Final = 304


class TransitController(Controller):
    """`/transit/…`, for everybody."""

    path = "/transit"

    @get("/gtfs.zip")
    async def schedule(self, request: Request[object, object, State], city: NamedDependency[City]) -> Response[bytes]:
        """The timetable of today's edition."""
        await city.faults.suffer(PARTY)
        day = clock.today()
        content = gtfs_schedule.schedule(city.population.seed, day)
        return _published(request, city, content, "application/zip", instant(day, 0))

    @get("/trip-updates.pb")
    async def updates(self, request: Request[object, object, State], city: NamedDependency[City]) -> Response[bytes]:
        """How late buses are, and what is cancelled."""
        now, at = await _moment(city)
        content = gtfs_realtime.trip_updates(city.population.seed, now, at)
        return _published(request, city, content, PROTOBUF, at)

    @get("/vehicle-positions.pb")
    async def positions(self, request: Request[object, object, State], city: NamedDependency[City]) -> Response[bytes]:
        """Where buses are."""
        now, at = await _moment(city)
        content = gtfs_realtime.vehicle_positions(city.population.seed, now, at)
        return _published(request, city, content, PROTOBUF, at)

    @get("/alerts.pb")
    async def alerts(self, request: Request[object, object, State], city: NamedDependency[City]) -> Response[bytes]:
        """What everybody should know."""
        now, at = await _moment(city)
        content = gtfs_realtime.alerts(city.population.seed, now, at)
        return _published(request, city, content, PROTOBUF, at)


async def _moment(city: City) -> tuple[datetime, datetime]:
    """Of when a feed tells, and what time it names; it is made anew every few seconds."""
    await city.faults.suffer(PARTY)
    now = clock.now().replace(microsecond=0)
    now -= timedelta(seconds=now.second % _EVERY_SECONDS)
    return now, now - STALE_BY if city.faults.of(PARTY).stale else now


def _published(
    request: Request[object, object, State], city: City, content: bytes, media_type: str, at: datetime
) -> Response[bytes]:
    """The content, or 304 to who has it (RFC 9110, 13): by its tag, or by its time where no tag is named."""
    if city.faults.of(PARTY).tamper:
        content = content[: len(content) // 2]
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {
        "etag": tag,
        "last-modified": format_datetime(at.astimezone(UTC), usegmt=True),
        "cache-control": "no-cache",
    }
    if _has_it(request, tag, at):
        return Response(b"", status_code=_NOT_MODIFIED, headers=headers, media_type=media_type)
    return Response(content, headers=headers, media_type=media_type)


def _has_it(request: Request[object, object, State], tag: str, at: datetime) -> bool:
    if named := request.headers.get("if-none-match"):
        return tag in {one.strip().removeprefix("W/") for one in named.split(",")} or named.strip() == "*"
    try:
        return parsedate_to_datetime(request.headers.get("if-modified-since", "")) >= at
    except (TypeError, ValueError):
        return False
