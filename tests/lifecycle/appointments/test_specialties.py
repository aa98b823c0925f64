"""Hospitals: one booking for each specialty and day, so many in all; and what is found by specialty, doctor and clinic."""

import asyncio
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from app.kernel import clock
from integrations.departments.booking import Hours, Payee
from lifecycle.appointments import booking, calendars, reading
from lifecycle.appointments.errors import BookedAlready, TooManyBookings
from lifecycle.appointments.limits import limit_today
from lifecycle.appointments.reading import Wanted
from tests.makers.appointments import DEPARTMENT, MATTER, a_slot, a_venue, booked, release_of, the_slot
from tests.makers.callers import headers
from tests.makers.cards import a_card_holder
from tests.makers.people import a_citizen

pytestmark = pytest.mark.usefixtures("app")


async def a_clinic(specialty: str = "内科", days: int = 2) -> UUID:
    """A hospital's slot, at a hospital of its own."""
    hours = (Hours((1,), "09:00", "12:00", 30, 4, code="C", specialty=specialty),)
    venue = a_venue(one_per="specialty_and_day", hours=hours)
    return await a_slot(places=9, starts_in=timedelta(days=days), venue=venue)


class TestLimits:
    async def test_one_for_a_specialty_and_day_wherever_it_is(self) -> None:
        citizen = await a_citizen()
        first = await booked(citizen, await a_clinic())

        with pytest.raises(BookedAlready):
            await booked(citizen, await a_clinic())
        assert (await booked(citizen, await a_clinic("儿科"))).state == "booked"
        assert (await booked(citizen, await a_clinic(days=3))).state == "booked"
        await booking.cancel(citizen, first.id)
        assert (await booked(citizen, await a_clinic())).state == "booked"

    async def test_also_of_several_at_once(self) -> None:
        citizen, slots = await a_citizen(), [await a_clinic() for _ in range(5)]

        done = await asyncio.gather(*(booked(citizen, slot) for slot in slots), return_exceptions=True)

        assert sorted(type(one).__name__ for one in done) == ["AppointmentView", *["BookedAlready"] * 4]
        assert sum([(await the_slot(slot))["taken"] for slot in slots]) == 1

    async def test_so_many_in_all_also_at_once_and_of_those_who_wait(self) -> None:
        citizen, most = await a_citizen(), limit_today("specialty_bookings_most")
        slots = [await a_clinic(days=day) for day in range(1, most + 4)]

        done = await asyncio.gather(*(booked(citizen, slot) for slot in slots), return_exceptions=True)

        assert sum(not isinstance(one, BaseException) for one in done) == most
        assert {type(one) for one in done if isinstance(one, BaseException)} == {TooManyBookings}
        assert sum([(await the_slot(slot))["taken"] for slot in slots]) == most
        with pytest.raises(TooManyBookings):
            await booked(citizen, slots[-1], wait=True)

    async def test_others_and_other_matters_dont_count(self) -> None:
        citizen, slot = await a_citizen(), await a_clinic()
        await booked(citizen, await a_slot())

        assert (await booked(citizen, slot)).state == "booked"
        assert (await booked(await a_citizen(), slot)).state == "booked"


class TestSlots:
    async def test_are_found_by_specialty_doctor_and_clinic_and_say_what_they_cost(
        self, http: httpx.AsyncClient
    ) -> None:
        day = clock.today() + timedelta(days=1)
        hours = tuple(
            Hours(
                (), "09:00", "10:00", 60, 2, on=day, code=code, specialty=name, doctor=doctor, title=title, fee_fen=fee
            )
            for code, name, doctor, title, fee in (
                ("A", "内科", None, "普通门诊", 600),
                ("B", "内科", "王医生", "主任医师", 2_500),
                ("C", "儿科", "李医生", "主治医师", None),
            )
        )
        venue = a_venue(hours=hours, fee_fen=1_000, releases_at="00:00", payee=Payee("H1", "福海中心医院"))
        await calendars.keep(DEPARTMENT, [venue], clock.now())
        await release_of(venue)
        citizen = await a_card_holder(3_000)

        async def found(**wanted: str) -> list[str | None]:
            told = Wanted(MATTER, venue=venue.code, **wanted)  # type: ignore[arg-type]
            return [one.offer for one in (await reading.slots(citizen, told, None, 10)).items]

        assert await found() == ["A", "B", "C"]
        assert await found(specialty="内科") == ["A", "B"]
        assert await found(doctor="李医生") == ["C"]
        assert await found(offer="B") == ["B"]
        assert await found(specialty="占星科") == []
        address = f"/v1/appointments/slots?matter={MATTER}&venue={venue.code}&specialty=内科&doctor=王医生"
        sent = await headers(citizen)
        (shown,) = (await http.get(address, headers=sent)).json()["items"]
        assert (shown["title"], shown["fee_fen"], shown["payee"]["zh"]) == ("主任医师", 2_500, "福海中心医院")
        assert shown["refund_until"] < shown["starts_at"]
        one = await booked(citizen, UUID(shown["id"]), amount_fen=2_500)
        assert (one.specialty, one.doctor, one.title) == ("内科", "王医生", "主任医师")
        assert one.receipt_id is not None

    @pytest.mark.parametrize("what", ["specialty=" + "x" * 201, "doctor=%00", "offer=" + "x" * 61, "specialty="])
    async def test_are_asked_for_in_few_words(self, http: httpx.AsyncClient, what: str) -> None:
        address = f"/v1/appointments/slots?matter={MATTER}&{what}"

        answer = await http.get(address, headers=await headers(await a_citizen()))

        assert (answer.status_code, answer.json()["code"]) in {(400, "parameter_wrong"), (422, "parameter_wrong")}
