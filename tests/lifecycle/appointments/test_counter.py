"""At the counter: who comes today, checking in by code, and what time does to appointments."""

from datetime import timedelta

import httpx
import pytest

from app.audit.acts import Act
from app.kernel import clock
from app.kernel.actors import Citizen, NoRight, Officer
from app.kernel.database import execute, fetch_all, transaction
from app.kernel.events import deliver_pending
from app.kernel.ids import shard_of
from lifecycle.appointments import booking, counter, passing_time
from lifecycle.appointments.calendars import OFFICE
from lifecycle.appointments.counter import CounterFilter
from lifecycle.appointments.errors import AppointmentOver, AppointmentUnknown, TooEarlyToCheckIn
from tests.makers.appointments import (
    DEPARTMENT,
    DIVISION,
    a_slot,
    a_venue,
    an_appointment_of_today,
    booked,
    the_slot,
    the_state,
    today_at,
)
from tests.makers.callers import an_enrolled_officer, headers
from tests.makers.people import a_citizen, a_grant, an_officer

pytestmark = pytest.mark.usefixtures("app")


def a_receptionist(division: str = DIVISION) -> Officer:
    return an_officer(a_grant("receive", division=division), department=DEPARTMENT)


async def acts_about(citizen: Citizen) -> list[tuple[str, str | None]]:
    async with transaction(OFFICE):
        rows = await fetch_all(
            "SELECT act, basis_kind FROM act WHERE shard = $1 AND citizen_id = $2 ORDER BY id",
            shard_of(citizen.id),
            citizen.id,
        )
    return [(row["act"], row["basis_kind"]) for row in rows]


class TestCheckIn:
    async def test_notes_that_they_came_and_stands_in_their_log(self) -> None:
        citizen = await a_citizen(2, name="王小红")
        one = await an_appointment_of_today(citizen)

        came = await counter.check_in(a_receptionist(), one.code.lower())
        again = await counter.check_in(a_receptionist(), one.code)

        assert (came.name, came.person_id, again.appointment_id) == ("王小红", citizen.id, one.id)
        assert await the_state(one.id) == "attended"
        assert (Act.APPOINTMENT_ATTENDED.value, "appointment") in await acts_about(citizen)

    async def test_knows_only_codes_of_this_counter(self) -> None:
        one = await an_appointment_of_today(await a_citizen(2))

        with pytest.raises(AppointmentUnknown):
            await counter.check_in(an_officer(a_grant("receive"), department="WJW"), one.code)
        with pytest.raises(NoRight):
            await counter.check_in(a_receptionist("370681"), one.code)
        for code in ("AAAAAAAA", "ZZZZZZZZ"):
            with pytest.raises(AppointmentUnknown):
                await counter.check_in(a_receptionist(), code)

    async def test_is_for_today_and_for_who_has_a_place(self) -> None:
        citizen = await a_citizen(2)
        tomorrow = await booked(citizen, await a_slot(starts_in=timedelta(days=2)))

        with pytest.raises(TooEarlyToCheckIn):
            await counter.check_in(a_receptionist(), tomorrow.code)
        await booking.cancel(citizen, tomorrow.id)
        async with transaction(OFFICE):
            await execute("UPDATE appointment SET starts_at = $2 WHERE id = $1", tomorrow.id, today_at(12))
        with pytest.raises(AppointmentOver):
            await counter.check_in(a_receptionist(), tomorrow.code)

    @pytest.mark.parametrize("code", ["", "short", "ABCDEFG1", "ABCDEFGHI"])
    async def test_takes_a_code_of_ours(self, http: httpx.AsyncClient, code: str) -> None:

        officer = await an_enrolled_officer(a_grant("receive"))

        answer = await http.post("/v1/officer/appointments/check-in", json={"code": code}, headers=officer.headers)

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")


class TestDay:
    async def test_counts_who_comes_and_names_nobody(self) -> None:
        venue = a_venue()
        one = await an_appointment_of_today(await a_citizen(2, name="王小红"), code=venue.code)
        await counter.check_in(a_receptionist(), one.code)

        (slot,) = (await counter.day(a_receptionist(), CounterFilter(venue=venue.code), None, 50)).items

        assert (slot.booked, slot.attended, slot.places) == (1, 1, 1)
        assert "王小红" not in str(slot)
        assert (await counter.day(a_receptionist("370681"), CounterFilter(venue=venue.code), None, 50)).items == []


class TestBasis:
    async def test_an_appointment_of_today_lets_its_counter_look(self) -> None:
        citizen = await a_citizen(2)
        one = await an_appointment_of_today(citizen)
        basis = counter.AppointmentBasis()
        async with transaction(OFFICE):
            (ground,) = await basis.grounds(a_receptionist(), citizen.id)
            others = await basis.grounds(an_officer(a_grant("receive"), department="WJW"), citizen.id)
            assert await basis.person_of(one.id) == citizen.id

        assert (ground.basis.id, ground.data_classes) == (str(one.id), frozenset({"identity"}))
        assert others == []


class TestTime:
    async def test_reminds_once_the_day_before(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        one = await booked(citizen, await a_slot(starts_in=timedelta(hours=20)))
        async with transaction(OFFICE):
            await execute("UPDATE appointment SET made_at = $2 WHERE id = $1", one.id, clock.now() - timedelta(days=2))

        await passing_time.remind()
        await passing_time.remind()
        await deliver_pending()

        items = (await http.get("/v1/inbox", headers=await headers(citizen))).json()["items"]
        assert [one["title"]["zh"] for one in items] == ["预约提醒：结婚登记", "预约成功：结婚登记"]
        assert one.code in items[0]["text"]["zh"]

    async def test_who_didnt_come_missed_it_where_others_were_checked_in(self, http: httpx.AsyncClient) -> None:
        venue, came, stayed = a_venue(), await a_citizen(2), await a_citizen(2)
        slot = await a_slot(places=2, venue=venue)
        attended, missed = await booked(came, slot), await booked(stayed, slot)
        alone = await booked(await a_citizen(2), await a_slot())
        async with transaction(OFFICE):
            past = clock.now() - timedelta(days=2)
            await execute(
                "UPDATE slot SET starts_at = $2, ends_at = $3 WHERE id = $1", slot, past, past + timedelta(minutes=30)
            )
            await execute(
                "UPDATE appointment SET starts_at = $2 WHERE id = ANY ($1::uuid[])",
                [attended.id, missed.id, alone.id],
                past,
            )
            await execute("UPDATE appointment SET state = 'attended' WHERE id = $1", attended.id)

        await passing_time.look_back()
        await deliver_pending()

        assert [await the_state(one.id) for one in (attended, missed, alone)] == ["attended", "missed", "booked"]
        items = (await http.get("/v1/inbox", headers=await headers(stayed))).json()["items"]
        assert items[0]["title"]["zh"] == "未按时到场：结婚登记"

    async def test_a_line_ends_when_the_slot_begins(self) -> None:
        slot, waiting = await a_slot(), await a_citizen(2)
        await booked(await a_citizen(2), slot)
        line = await booked(waiting, slot, wait=True)
        async with transaction(OFFICE):
            await execute("UPDATE appointment SET starts_at = $2 WHERE slot_id = $1", slot, clock.now())

        await passing_time.close_lines()

        assert await the_state(line.id) == "lapsed"
        assert (await the_slot(slot))["waiting"] == 0
        assert (await booked(waiting, await a_slot())).state == "booked"
