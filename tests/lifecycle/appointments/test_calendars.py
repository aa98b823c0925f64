"""Departments' calendars become slots: asked over the exchange, released by the hour, changed without harm to who booked."""

from collections.abc import AsyncIterator
from datetime import timedelta

import msgspec
import pytest
import pytest_asyncio
from litestar import Litestar

from app.kernel import clock
from app.kernel.database import Row, execute, fetch_all, fetch_value, transaction
from integrations.departments.booking import Hours, Venue
from integrations.outgoing import http_client
from lifecycle.appointments import calendars, times
from lifecycle.appointments.calendars import OFFICE
from tests.makers.appointments import DEPARTMENT, MATTER, a_venue, booked, release_of
from tests.makers.cases import CityPorts, a_fault
from tests.makers.city import Town
from tests.makers.people import a_citizen

pytestmark = pytest.mark.usefixtures("app")


@pytest_asyncio.fixture
async def ports(app: Litestar, town: Town) -> AsyncIterator[CityPorts]:
    async with http_client([town.options.origin]) as http:
        yield CityPorts(town, http)


async def slots_of(venue: Venue) -> list[Row]:
    async with transaction(OFFICE):
        return await fetch_all("SELECT * FROM slot WHERE venue_code = $1 ORDER BY starts_at", venue.code)


async def offered(*venues: Venue) -> None:
    """What the registry offers from now on."""
    await calendars.keep(DEPARTMENT, venues, clock.now())
    await release_of(*venues)


class TestAsk:
    async def test_every_department_is_asked_and_its_days_are_released(self, ports: CityPorts) -> None:
        await calendars.ask_departments(ports.registers)

        async with transaction(OFFICE):
            matters = await fetch_all(
                "SELECT matter_code, count(*) FROM slot WHERE venue_code LIKE $1 GROUP BY 1", "%-%3706%-%"
            )
            beyond = await fetch_value(
                "SELECT count(*) FROM slot WHERE starts_at > $1", clock.now() + timedelta(days=91)
            )
        assert len(matters) == 23
        assert beyond == 0

    async def test_one_that_is_away_keeps_what_it_told(self, ports: CityPorts, town: Town) -> None:
        await calendars.ask_departments(ports.registers)
        async with transaction(OFFICE):
            before = await fetch_value("SELECT count(*) FROM venue WHERE department = 'SFJ' AND offered")

        async with a_fault(town, party="sfj", outage=True):
            await calendars.ask_departments(ports.registers)

        async with transaction(OFFICE):
            assert await fetch_value("SELECT count(*) FROM venue WHERE department = 'SFJ' AND offered") == before > 0


class TestRelease:
    async def test_makes_each_slot_once(self) -> None:
        venue = a_venue(days_ahead=3, releases_at="00:00")

        await offered(venue)
        first = await slots_of(venue)
        await calendars.release()

        assert [row["id"] for row in await slots_of(venue)] == [row["id"] for row in first]
        due = [one for day in times.released(venue, clock.now()) for one in times.times(venue, day)]
        assert [row["starts_at"] for row in first] == [one.starts_at for one in due if one.starts_at > clock.now()]
        assert {row["places"] for row in first} == {4}

    async def test_fewer_places_never_turn_away_who_booked(self) -> None:
        venue = a_venue(releases_at="00:00", days_ahead=2)
        await offered(venue)
        slot = (await slots_of(venue))[-1]["id"]
        for _ in range(3):
            await booked(await a_citizen(2), slot)

        await offered(msgspec.structs.replace(venue, hours=(Hours((1, 2, 3, 4, 5, 6, 7), "09:00", "12:00", 30, 1),)))

        last = (await slots_of(venue))[-1]
        assert (last["places"], last["taken"]) == (3, 3)
        assert {row["places"] for row in (await slots_of(venue))[:-1]} == {1}

    async def test_what_is_offered_no_longer_goes_but_for_what_is_booked(self) -> None:
        venue = a_venue(releases_at="00:00", days_ahead=2)
        await offered(venue)
        kept = (await slots_of(venue))[-1]["id"]
        one = await booked(await a_citizen(2), kept)
        async with transaction(OFFICE):
            await execute("UPDATE venue SET as_of = $2 WHERE code = $1", venue.code, clock.now() - timedelta(minutes=1))

        await offered()
        await release_of(venue)

        (left,) = await slots_of(venue)
        assert (left["id"], left["places"], left["taken"]) == (kept, 1, 1)
        assert one.state == "booked"

    async def test_a_matter_of_another_department_is_left_out(self) -> None:
        venue = a_venue(matter="driver_service", releases_at="00:00")

        await offered(venue)

        assert await slots_of(venue) == []
        assert venue.matter != MATTER
