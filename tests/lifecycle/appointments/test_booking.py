"""Booking, waiting, giving back: never over capacity, each place to one, and who waits longest comes first."""

import asyncio
import uuid
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.kernel import clock
from app.kernel.actors import Citizen, PersonNotYours
from app.kernel.database import execute, fetch_value, transaction
from app.kernel.events import deliver_pending
from app.kernel.ids import shard_of
from lifecycle.appointments import booking, reading
from lifecycle.appointments.calendars import OFFICE
from lifecycle.appointments.errors import (
    AppointmentOver,
    AppointmentUnknown,
    BookingBlocked,
    SlotClosed,
    SlotFull,
    SlotHasPlaces,
    SlotUnknown,
)
from lifecycle.appointments.limits import limit_today
from lifecycle.appointments.reading import Wanted
from tests.makers.appointments import MATTER, a_slot, a_venue, booked, the_slot, the_state
from tests.makers.callers import headers, the_authorities_of_the_product
from tests.makers.erasure import erased
from tests.makers.people import a_citizen, a_guardian_of, a_newborn

pytestmark = pytest.mark.usefixtures("app")


async def titles(http: httpx.AsyncClient, citizen: Citizen) -> list[str]:
    await deliver_pending()
    return [one["title"]["zh"] for one in (await http.get("/v1/inbox", headers=await headers(citizen))).json()["items"]]


async def missed_some(citizen: Citizen, times: int, days_ago: int = 1) -> None:
    """Appointments of the past to which a citizen didn't come."""
    for number in range(times):
        slot = await a_slot(starts_in=timedelta(days=number + 1))
        one = await booked(citizen, slot)
        past = clock.now() - timedelta(days=days_ago + number)
        async with transaction(OFFICE):
            await execute("UPDATE appointment SET state = 'missed', starts_at = $2 WHERE id = $1", one.id, past)


class TestBook:
    async def test_takes_a_place_and_says_where_and_when(self, http: httpx.AsyncClient) -> None:
        citizen, slot = await a_citizen(2), await a_slot(places=2)

        one = await booked(citizen, slot)

        assert (one.state, one.matter_code, one.venue.name, len(one.code)) == ("booked", MATTER, "芝罘区婚姻登记处", 8)
        assert (await the_slot(slot))["taken"] == 1
        assert booking.shard_in(one.code) == shard_of(citizen.id)
        assert await titles(http, citizen) == ["预约成功：结婚登记"]

    async def test_gives_each_place_to_one_of_many_at_once(self) -> None:
        citizens, slot = [await a_citizen(2) for _ in range(24)], await a_slot(places=5)

        done = await asyncio.gather(*(booked(one, slot) for one in citizens), return_exceptions=True)

        assert sum(not isinstance(one, BaseException) for one in done) == 5
        assert {type(one) for one in done if isinstance(one, BaseException)} == {SlotFull}
        assert (await the_slot(slot))["taken"] == 5
        async with transaction(OFFICE):
            assert await fetch_value("SELECT count(*) FROM appointment WHERE slot_id = $1", slot) == 5

    async def test_gives_nobody_two_for_one_matter_also_at_once(self) -> None:
        citizen, slots = await a_citizen(2), [await a_slot(places=3) for _ in range(4)]

        done = await asyncio.gather(*(booked(citizen, slot) for slot in slots), return_exceptions=True)

        assert sorted(type(one).__name__ for one in done) == ["AppointmentView", *["BookedAlready"] * 3]
        assert sum([(await the_slot(slot))["taken"] for slot in slots]) == 1

    async def test_answers_a_repeat_alike_and_takes_one_place(self, http: httpx.AsyncClient) -> None:
        citizen, slot = await a_citizen(2), await a_slot(places=5)
        sent = await headers(citizen) | {"Idempotency-Key": uuid.uuid4().hex}

        answers = [await http.post("/v1/appointments", json={"slot_id": str(slot)}, headers=sent) for _ in range(3)]

        assert [answer.status_code for answer in answers] == [201, 201, 201]
        assert len({answer.json()["id"] for answer in answers}) == 1
        assert (await the_slot(slot))["taken"] == 1

    async def test_is_done_for_wards_and_for_nobody_else(self) -> None:
        child = await a_newborn()
        mother, stranger, slot = await a_guardian_of(child), await a_citizen(2), await a_slot(places=3)

        one = await booked(mother, slot, person_id=child)

        assert one.person_id == child
        assert [item.id for item in (await reading.mine(mother, child, None, 20)).items] == [one.id]
        with pytest.raises(PersonNotYours):
            await booked(stranger, slot, person_id=child)
        with pytest.raises(AppointmentUnknown):
            await booking.cancel(stranger, one.id)

    async def test_is_refused_of_what_is_over_or_isnt_there(self) -> None:
        citizen = await a_citizen(2)

        with pytest.raises(SlotUnknown):
            await booked(citizen, uuid.uuid4())
        with pytest.raises(SlotClosed):
            await booked(citizen, await a_slot(starts_in=-timedelta(minutes=1)))
        with pytest.raises(SlotClosed):
            await booked(citizen, await a_slot(places=0))

    async def test_leaves_nothing_behind_where_it_is_refused(self) -> None:
        citizen, slot = await a_citizen(2), await a_slot(places=1)
        await booked(await a_citizen(2), slot)

        with pytest.raises(SlotFull):
            await booked(citizen, slot)

        assert (await reading.mine(citizen, None, None, 20)).items == []
        await booked(citizen, await a_slot())

    @pytest.mark.parametrize("body", [{}, {"slot_id": "1"}, {"slot_id": str(uuid.uuid4()), "wait": "yes"}])
    async def test_takes_a_slots_id(self, http: httpx.AsyncClient, body: dict[str, Any]) -> None:
        answer = await http.post("/v1/appointments", json=body, headers=await headers(await a_citizen(2)))

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")


class TestBlocked:
    async def test_pauses_after_several_missed(self) -> None:
        citizen = await a_citizen(2)
        await missed_some(citizen, limit_today("missed_most"))

        with pytest.raises(BookingBlocked) as refused:
            await booked(citizen, await a_slot())

        assert refused.value.facts["until"] == clock.today() + timedelta(days=limit_today("blocked_days") - 1)

    async def test_fewer_are_forgiven_and_so_are_those_of_long_ago(self) -> None:
        forgiven, long_ago = await a_citizen(2), await a_citizen(2)
        await missed_some(forgiven, limit_today("missed_most") - 1)
        await missed_some(long_ago, limit_today("missed_most"), days_ago=limit_today("blocked_days") + 1)

        for citizen in (forgiven, long_ago):
            assert (await booked(citizen, await a_slot())).state == "booked"


class TestCancel:
    async def test_gives_the_place_back_once(self) -> None:
        citizen, slot = await a_citizen(2), await a_slot()
        one = await booked(citizen, slot)

        states = [(await booking.cancel(citizen, one.id)).state for _ in range(2)]

        assert states == ["cancelled", "cancelled"]
        assert (await the_slot(slot))["taken"] == 0
        assert (await booked(citizen, slot)).state == "booked"

    async def test_of_many_at_once_one_counts(self) -> None:
        citizen, slot = await a_citizen(2), await a_slot(places=2)
        one = await booked(citizen, slot)
        await booked(await a_citizen(2), slot)

        await asyncio.gather(*(booking.cancel(citizen, one.id) for _ in range(5)))

        assert (await the_slot(slot))["taken"] == 1

    async def test_comes_too_late_once_it_has_begun(self) -> None:
        citizen, slot = await a_citizen(2), await a_slot()
        one = await booked(citizen, slot)
        async with transaction(OFFICE):
            await execute("UPDATE appointment SET starts_at = $2 WHERE id = $1", one.id, clock.now())

        with pytest.raises(AppointmentOver):
            await booking.cancel(citizen, one.id)


class TestWait:
    async def test_is_for_full_slots_only(self) -> None:
        slot = await a_slot()

        with pytest.raises(SlotHasPlaces):
            await booked(await a_citizen(2), slot, wait=True)

        assert (await the_slot(slot))["waiting"] == 0

    async def test_who_has_waited_longest_gets_the_place(self, http: httpx.AsyncClient) -> None:
        slot, holder = await a_slot(), await a_citizen(2)
        held = await booked(holder, slot)
        first, second = await a_citizen(2), await a_citizen(2)
        lines = [await booked(one, slot, wait=True) for one in (first, second)]
        assert [line.ahead for line in lines] == [0, 1]

        await booking.cancel(holder, held.id)
        await deliver_pending()

        assert [await the_state(line.id) for line in lines] == ["booked", "waiting"]
        row = await the_slot(slot)
        assert (row["taken"], row["waiting"]) == (1, 1)
        assert await titles(http, first) == ["预约成功：结婚登记"]
        assert await titles(http, second) == []

    async def test_many_given_back_and_many_who_wait_leave_no_place_empty_and_none_taken_twice(self) -> None:
        slot = await a_slot(places=4)
        holders = [await a_citizen(2) for _ in range(4)]
        held = [await booked(one, slot) for one in holders]
        waiting = [await a_citizen(2) for _ in range(6)]
        for one in waiting:
            await booked(one, slot, wait=True)

        await asyncio.gather(*(booking.cancel(one, of.id) for one, of in zip(holders, held, strict=True)))
        await deliver_pending()

        row = await the_slot(slot)
        assert (row["taken"], row["waiting"]) == (4, 2)

    async def test_leaving_the_line_moves_the_others_up(self) -> None:
        slot = await a_slot()
        await booked(await a_citizen(2), slot)
        first, second = await a_citizen(2), await a_citizen(2)
        line, other = await booked(first, slot, wait=True), await booked(second, slot, wait=True)

        await booking.cancel(first, line.id)

        assert [item.ahead for item in (await reading.mine(second, None, None, 20)).items] == [0]
        assert (await the_slot(slot))["waiting"] == 1
        assert await the_state(other.id) == "waiting"

    async def test_who_leaves_the_portal_leaves_their_place_to_others(self) -> None:
        the_authorities_of_the_product()
        slot, leaving, waiting = await a_slot(), await a_citizen(2), await a_citizen(2)
        await booked(leaving, slot)
        line = await booked(waiting, slot, wait=True)

        await erased(leaving)
        await deliver_pending()

        assert await the_state(line.id) == "booked"


class TestSlots:
    async def test_are_found_by_matter_division_venue_and_day_in_pages(self) -> None:
        citizen, venue = await a_citizen(2), a_venue()
        first = await a_slot(venue=venue, starts_in=timedelta(days=2))
        second = await a_slot(venue=venue, starts_in=timedelta(days=2, hours=1))
        other = await a_slot(starts_in=timedelta(days=2))
        wanted = Wanted(MATTER, venue=venue.code)

        page = await reading.slots(citizen, wanted, None, 1)
        rest = await reading.slots(citizen, wanted, page.next, 10)

        assert [item.id for item in (*page.items, *rest.items)] == [first, second]
        assert rest.next is None
        day = clock.local(page.items[0].starts_at).date()
        found = await reading.slots(citizen, Wanted(MATTER, division="3706", day=day), None, 100)
        assert other in {item.id for item in found.items}
        assert (await reading.slots(citizen, Wanted(MATTER, division="3707"), None, 100)).items == []

    async def test_full_ones_are_shown_only_to_who_asks(self) -> None:
        citizen, venue = await a_citizen(2), a_venue()
        slot = await a_slot(venue=venue)
        await booked(await a_citizen(2), slot)

        assert (await reading.slots(citizen, Wanted(MATTER, venue=venue.code), None, 10)).items == []
        (shown,) = (await reading.slots(citizen, Wanted(MATTER, venue=venue.code, full="show"), None, 10)).items
        assert (shown.left, shown.places) == (0, 1)
