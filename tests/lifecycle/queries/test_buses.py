"""`bus_query` over HTTP against the city's own feeds: live, by the timetable while realtime is broken, refused without either."""

from typing import Any

import httpx
import msgspec

from integrations.transit.client import TransitFeeds
from lifecycle.queries.registry import described
from lifecycle.travel import stage as travel
from lifecycle.travel.bus_times import BusTimes
from tests.lifecycle.queries.test_every_query import ask, unnamed
from tests.makers.callers import signed_in
from tests.makers.cases import CityPorts, a_fault
from tests.makers.city import Town
from tests.makers.people import a_citizen

FRAME = ("timetable", "timetable_as_of", "realtime", "realtime_as_of", "notices")


async def shown(http: httpx.AsyncClient, **asked: object) -> httpx.Response:
    return await ask(http, "bus_query", await signed_in(await a_citizen(2)), **asked)


def anew(ports: CityPorts) -> None:
    """Nothing was fetched yet."""
    ports.transit = TransitFeeds(ports.transit._http, ports.transit._base_url)
    travel.register(ports.transit)


class TestLive:
    async def test_shows_lines_stops_and_the_next_buses(self, http: httpx.AsyncClient, registers: CityPorts) -> None:
        answer = (await shown(http, route_id="B001")).json()

        told: dict[str, Any] = answer["result"]
        msgspec.convert({name: told[name] for name in ("items", *FRAME)}, BusTimes)
        assert [one["standing"] for one in answer["sources"]] == ["live", "live"]
        assert {one["department"] for one in answer["sources"]} == {"JTJ"}
        assert (told["found"], told["timetable"], told["realtime"]) == (12, "live", "live")
        assert {item["route_short_name"] for item in told["items"]} == {"1路"}

    async def test_is_searched_and_paged(self, http: httpx.AsyncClient, registers: CityPorts) -> None:
        cursor, seen = None, 0
        while seen == 0 or cursor:
            page = (await shown(http, limit=50, cursor=cursor)).json()["result"]
            cursor, seen = page["next"], seen + len(page["items"])
        found = (await shown(http, text="毓璜顶")).json()["result"]

        assert seen == page["found"] > 100
        assert 0 < found["found"] < seen

    async def test_names_every_field_in_both_languages(self, registers: CityPorts) -> None:
        form = described("bus_query")

        assert unnamed(form.question) == unnamed(form.result) == []

    async def test_knows_no_other_line(self, http: httpx.AsyncClient, registers: CityPorts) -> None:
        nothing, malformed = await shown(http, route_id="B999"), await shown(http, route_id="../etc")

        assert (nothing.status_code, nothing.json()["code"]) == (404, "not_known_to_department")
        assert malformed.status_code == 422


class TestBroken:
    async def test_a_stale_or_broken_feed_is_survived_and_shown(
        self, http: httpx.AsyncClient, registers: CityPorts, large_town: Town
    ) -> None:
        for fault, standing in (
            ({"stale": True}, "stale"),
            ({"outage": True}, "away"),
            ({"tamper": True}, "malformed"),
        ):
            anew(registers)
            await registers.transit.known()
            for path, held in registers.transit._held.items():
                held.asked_at = held.asked_at if path == "/gtfs.zip" else None
                held.tag = held.modified = ""
            async with a_fault(large_town, party="transit", **fault):
                told = (await shown(http, route_id="B001")).json()["result"]

            assert (told["timetable"], told["realtime"]) == ("live", standing)
            assert told["realtime_as_of"] is not None
            assert {one["told_by"] for item in told["items"] for one in item["arrivals"]} <= {"timetable"}

    async def test_without_a_timetable_it_is_refused(
        self, http: httpx.AsyncClient, registers: CityPorts, large_town: Town
    ) -> None:
        anew(registers)
        async with a_fault(large_town, party="transit", outage=True):
            answer = await shown(http)

        assert (answer.status_code, answer.json()["code"]) == (503, "department_unavailable")
        assert answer.json()["department_code"] == "JTJ"
