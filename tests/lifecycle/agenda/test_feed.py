"""The agenda as a calendar: read by whoever has the address, until it is revoked."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from icalendar import Calendar

from app.kernel import clock
from app.kernel.database import execute, transaction
from app.kernel.ids import new_person_id, shard_of
from app.residents.people import RESIDENTS
from lifecycle.agenda import feed
from lifecycle.agenda.limits import LIMITS
from tests.makers.callers import headers
from tests.makers.people import a_citizen, a_guardian_of, a_newborn

pytestmark = pytest.mark.usefixtures("app")
FEED = "/v1/me/agenda/feed"


async def path_of_new_feed(http: httpx.AsyncClient, sent: dict[str, str]) -> str:
    """Make a feed, and give its path."""
    made = (await http.post(FEED, headers=sent)).json()
    return "/v1/agenda-feeds/" + str(made["url"]).rpartition("/")[2]


class TestFeed:
    async def test_is_a_calendar_that_another_program_reads(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn(name="林安然")
        sent = await headers(await a_guardian_of(child))
        path = await path_of_new_feed(http, sent)

        answer = await http.get(path)

        (event,) = [one for one in events_in(answer.content) if one["summary"] == "林安然：给孩子上户口"]
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        assert event["dtstart"].dt == (await due_of(http, sent))
        assert "户口登记条例" in event["description"]
        assert (await http.get(FEED, headers=sent)).json()["read_at"] is not None

    async def test_ends_when_it_is_revoked_or_made_anew(self, http: httpx.AsyncClient) -> None:
        sent = await headers(await a_citizen())
        first = await path_of_new_feed(http, sent)
        second = await path_of_new_feed(http, sent)

        assert (await http.get(first)).json()["code"] == "agenda_feed_unknown"
        assert (await http.get(second)).status_code == 200
        assert (await http.delete(FEED, headers=sent)).status_code == 204
        assert (await http.delete(FEED, headers=sent)).status_code == 204
        assert (await http.get(second)).status_code == 404
        assert (await http.get(FEED, headers=sent)).json()["code"] == "agenda_feed_unknown"

    async def test_is_silent_while_its_owner_is_frozen(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen()
        path = await path_of_new_feed(http, await headers(citizen))
        async with transaction(RESIDENTS):
            await execute(
                "UPDATE resident SET frozen_at = $3 WHERE shard = $1 AND id = $2",
                *(shard_of(citizen.id), citizen.id, clock.now()),
            )

        assert (await http.get(path)).status_code == 404

    async def test_is_made_by_its_owner_only(self, http: httpx.AsyncClient) -> None:
        for call in (http.get, http.post, http.delete):
            assert (await call(FEED)).status_code == 401
        assert (await http.get("/v1/agenda-feeds/" + "A" * 43)).status_code == 404
        assert (await http.get("/v1/agenda-feeds/short")).status_code in {400, 404}

    async def test_is_not_read_without_end(self, http: httpx.AsyncClient) -> None:
        path = await path_of_new_feed(http, await headers(await a_citizen()))
        answers = [await http.get(path) for _ in range(LIMITS.today("feed_reads") + 1)]

        assert {answer.status_code for answer in answers[:-1]} == {200}
        assert (answers[-1].status_code, "retry-after" in answers[-1].headers) == (429, True)


class TestCalendar:
    def test_without_items_is_a_calendar_still(self) -> None:
        assert events_in(feed.calendar(new_person_id(), [], clock.now())) == []


def events_in(calendar: bytes) -> list[Any]:
    """The events of a calendar, read by a library."""
    read: Any = Calendar.from_ical(calendar)
    assert read["version"] == "2.0"
    return list(read.walk("VEVENT"))


async def due_of(http: httpx.AsyncClient, sent: dict[str, str]) -> date:
    items = (await http.get("/v1/me/agenda", headers=sent)).json()["items"]
    (item,) = [one for one in items if one["code"] == "birth_household_registration"]
    day = date.fromisoformat(item["due_on"])
    assert day > clock.today() + timedelta(days=20)
    return day
