"""Fetching the operators' feeds: each when it isn't fresh any more, by conditional requests, one at a time; what was told before is kept."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final, Generic, TypeVar

import httpx
import msgspec
import structlog

from app.kernel import clock
from integrations.transit.port import Feed, Known, Schedule, Standing
from integrations.transit.realtime import FeedMalformed, read_alerts, read_positions, read_trips
from integrations.transit.schedule import ScheduleMalformed, read_schedule

T = TypeVar("T")
LARGEST_BYTES: Final = 20_000_000
SECONDS: Final = 5.0
_OK: Final = 200
_NOT_MODIFIED: Final = 304
_log = structlog.get_logger()


class Kind(msgspec.Struct, Generic[T], frozen=True):
    """A feed: where it lies, how it is read (its content, and of when it tells), how long it is fresh, and how long it is live."""

    path: str
    read: Callable[[bytes, Mapping[str, str]], tuple[T, datetime]]
    fresh_for: timedelta
    live_for: timedelta


class Held(msgspec.Struct):
    """A feed as it was fetched last, by what it is known again, and what was wrong when it was asked for last."""

    content: Any = None
    as_of: datetime | None = None
    tag: str = ""
    modified: str = ""
    asked_at: datetime | None = None
    flaw: Standing | None = None


class _Away(Exception):  # noqa: N818 - named as a fact
    """The feed wasn't given."""


def _schedule(content: bytes, headers: Mapping[str, str]) -> tuple[Schedule, datetime]:
    """A schedule is of when it was changed last, if its server says so."""
    try:
        at = clock.local(parsedate_to_datetime(headers.get("last-modified", "")))
    except (TypeError, ValueError):
        at = clock.now()
    return read_schedule(content), at


SCHEDULE: Final = Kind("/gtfs.zip", _schedule, timedelta(minutes=10), timedelta(days=30))
TRIPS: Final = Kind("/trip-updates.pb", lambda raw, _: read_trips(raw), timedelta(seconds=15), timedelta(seconds=90))
POSITIONS: Final = Kind(
    "/vehicle-positions.pb", lambda raw, _: read_positions(raw), timedelta(seconds=15), timedelta(seconds=90)
)
ALERTS: Final = Kind("/alerts.pb", lambda raw, _: read_alerts(raw), timedelta(seconds=60), timedelta(minutes=10))


class TransitFeeds:
    """The feeds under one address."""

    def __init__(self, http: httpx.AsyncClient, base_url: str) -> None:
        """Use a client made by `integrations.outgoing`; without an address every feed is away."""
        self._http = http
        self._base_url = base_url.rstrip("/")
        self._held: dict[str, Held] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def known(self) -> Known:
        """What is known now, asked for where it isn't fresh."""
        schedule, trips, positions, alerts = await asyncio.gather(
            self._feed(SCHEDULE), self._feed(TRIPS), self._feed(POSITIONS), self._feed(ALERTS)
        )
        return Known(schedule, trips, positions, alerts)

    async def _feed(self, kind: Kind[T]) -> Feed[T]:
        held = self._held.setdefault(kind.path, Held())
        async with self._locks.setdefault(kind.path, asyncio.Lock()):
            if held.asked_at is None or not timedelta() <= clock.now() - held.asked_at < kind.fresh_for:
                await self._refresh(kind, held)
        return Feed(_standing(kind, held), held.content, held.as_of)

    async def _refresh(self, kind: Kind[T], held: Held) -> None:
        held.asked_at = clock.now()
        try:
            answer = await self._get(kind, held)
            if answer is not None:
                content, headers = answer
                held.content, held.as_of = await asyncio.to_thread(kind.read, content, headers)
                held.tag, held.modified = headers.get("etag", ""), headers.get("last-modified", "")
        except _Away:
            held.flaw = "away"
        except (ScheduleMalformed, FeedMalformed) as error:
            held.flaw = "malformed"
            _log.warning("transit_feed_malformed", feed=kind.path, flaw=str(error))
        else:
            held.flaw = None

    async def _get(self, kind: Kind[T], held: Held) -> tuple[bytes, Mapping[str, str]] | None:
        """What lies there, or nothing where it is what we have."""
        if not self._base_url:
            raise _Away
        known = {"if-none-match": held.tag, "if-modified-since": held.modified} if held.content is not None else {}
        headers = {name: value for name, value in known.items() if value}
        try:
            async with (
                asyncio.timeout(SECONDS),
                self._http.stream("GET", f"{self._base_url}{kind.path}", headers=headers) as response,
            ):
                if response.status_code == _NOT_MODIFIED and headers:
                    return None
                if response.status_code != _OK:
                    raise _Away
                return await _bytes_of(response), dict(response.headers)
        except (httpx.HTTPError, TimeoutError) as error:
            raise _Away from error


def _standing(kind: Kind[Any], held: Held) -> Standing:
    if held.flaw is not None:
        return held.flaw
    return "live" if held.as_of is not None and clock.now() - held.as_of < kind.live_for else "stale"


async def _bytes_of(response: httpx.Response) -> bytes:
    body = bytearray()
    async for part in response.aiter_bytes():
        body += part
        if len(body) > LARGEST_BYTES:
            raise FeedMalformed("too large")
    return bytes(body)
