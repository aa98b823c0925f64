"""Fetching the feeds: once while fresh, conditionally after, and what was told before is kept whatever comes."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from app.kernel import clock
from integrations.city import gtfs_realtime
from integrations.city.gtfs_schedule import schedule
from integrations.transit import client
from integrations.transit.client import TransitFeeds

Answer = Callable[[httpx.Request], httpx.Response]


class Operators:
    """The operators' server: what it was asked, and what it answers by path."""

    def __init__(self) -> None:
        self.asked: list[httpx.Request] = []
        self.answers: dict[str, Answer] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        self.asked.append(request)
        answer = self.answers.get(request.url.path)
        return answer(request) if answer else good(request)

    def times(self, path: str) -> int:
        """How often a feed was asked for."""
        return sum(request.url.path == path for request in self.asked)


def good(request: httpx.Request) -> httpx.Response:
    now = clock.now()
    makers = {
        "/trip-updates.pb": lambda: gtfs_realtime.trip_updates(1, now, now),
        "/vehicle-positions.pb": lambda: gtfs_realtime.vehicle_positions(1, now, now),
        "/alerts.pb": lambda: gtfs_realtime.alerts(1, now, now),
        "/gtfs.zip": lambda: schedule(1, clock.today()),
    }
    tag = '"edition"' if request.url.path == "/gtfs.zip" else '"none"'
    if request.headers.get("if-none-match") == '"edition"':
        return httpx.Response(304)
    return httpx.Response(200, content=makers[request.url.path](), headers={"etag": tag})


def failing(_: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("away")


FEEDS = {
    "/gtfs.zip": "schedule",
    "/trip-updates.pb": "trips",
    "/vehicle-positions.pb": "positions",
    "/alerts.pb": "alerts",
}
BROKEN: list[tuple[str, Answer, str]] = [
    ("away", failing, "away"),
    ("503", lambda _: httpx.Response(503), "away"),
    ("302", lambda _: httpx.Response(302, headers={"location": "https://evil.example"}), "away"),
    ("html", lambda _: httpx.Response(200, content=b"<html>"), "malformed"),
    ("empty", lambda _: httpx.Response(200, content=b""), "malformed"),
]


def a_client_of(operators: Operators) -> TransitFeeds:
    """The portal's client, with the operators at the end of its line."""
    http = httpx.AsyncClient(transport=httpx.MockTransport(operators))
    return TransitFeeds(http, "https://operators.example/")


@pytest.fixture
def operators() -> Operators:
    return Operators()


@pytest.fixture
def feeds(operators: Operators) -> TransitFeeds:
    return a_client_of(operators)


def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + by)


class TestKnown:
    async def test_is_fetched_once_however_many_ask_while_it_is_fresh(
        self, feeds: TransitFeeds, operators: Operators
    ) -> None:
        told = await asyncio.gather(*(feeds.known() for _ in range(5)))

        assert {one.schedule.standing for one in told} == {one.trips.standing for one in told} == {"live"}
        assert [operators.times(path) for path in ("/gtfs.zip", "/trip-updates.pb", "/alerts.pb")] == [1, 1, 1]

    async def test_is_asked_for_by_its_tag_later_and_kept_if_it_is_the_same(
        self, feeds: TransitFeeds, operators: Operators, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = await feeds.known()
        later(monkeypatch, timedelta(minutes=11))

        second = await feeds.known()

        asked = [request for request in operators.asked if request.url.path == "/gtfs.zip"][-1]
        assert asked.headers["if-none-match"] == '"edition"'
        assert operators.times("/gtfs.zip") == 2
        assert second.schedule.content is first.schedule.content

    @pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken[0])
    @pytest.mark.parametrize("path", FEEDS)
    async def test_a_broken_feed_hides_no_other_and_is_kept_as_it_was(
        self, operators: Operators, monkeypatch: pytest.MonkeyPatch, path: str, broken: tuple[str, Answer, str]
    ) -> None:
        feeds, (_, answer, standing) = a_client_of(operators), broken
        before = await feeds.known()
        operators.answers[path] = answer
        later(monkeypatch, timedelta(minutes=11))

        after = await feeds.known()

        told = getattr(after, FEEDS[path])
        assert (told.standing, told.content) == (standing, getattr(before, FEEDS[path]).content)
        assert {getattr(after, name).standing for other, name in FEEDS.items() if other != path} == {"live"}

    async def test_more_bytes_than_a_feed_has_are_not_read(
        self, feeds: TransitFeeds, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(client, "LARGEST_BYTES", 1_000)

        assert (await feeds.known()).schedule.standing == "malformed"

    async def test_isnt_asked_for_at_each_look_while_it_is_away(
        self, feeds: TransitFeeds, operators: Operators
    ) -> None:
        operators.answers["/trip-updates.pb"] = failing

        told = [await feeds.known() for _ in range(3)]

        assert operators.times("/trip-updates.pb") == 1
        assert [one.trips.content for one in told] == [None, None, None]

    async def test_is_stale_where_it_tells_of_too_long_ago(self, feeds: TransitFeeds, operators: Operators) -> None:
        old = clock.now() - timedelta(minutes=2)
        operators.answers["/trip-updates.pb"] = lambda _: httpx.Response(
            200, content=gtfs_realtime.trip_updates(1, old, old)
        )

        told = await feeds.known()

        assert (told.trips.standing, told.trips.as_of) == ("stale", old.replace(microsecond=0))

    async def test_without_an_address_everything_is_away(self) -> None:
        told = await TransitFeeds(httpx.AsyncClient(), "").known()

        assert {told.schedule.standing, told.trips.standing, told.alerts.standing} == {"away"}
