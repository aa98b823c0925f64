"""Booking a vaccination by its dose: what is due on the day of the visit, and nothing that is given, too early, or too near."""

import asyncio
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import clock
from app.kernel.database import execute, fetch_value, transaction
from app.kernel.events import deliver_pending
from app.kernel.identity_numbers import Sex
from app.privacy.purposes import SOURCE_HEALTH
from lifecycle.agenda.reading import upcoming
from lifecycle.appointments import booking, passing_time, purposes, reading
from lifecycle.appointments.calendars import OFFICE
from lifecycle.appointments.errors import BookedAlready, NoSuchPurpose, PurposeNeeded, PurposeNotDue, PurposesNotTaken
from lifecycle.appointments.own_rights import AppointmentExporter
from lifecycle.birth.agenda import dose_code
from lifecycle.birth.dose_bookings import due_in, refuse_unless_due
from lifecycle.rules.ages import add_months
from lifecycle.rules.immunisation import Given, Schedule, schedule
from lifecycle.rules.parameters import shipped
from tests.makers.appointments import a_slot, a_venue, booked
from tests.makers.callers import headers
from tests.makers.cases import CityPorts, Family, a_fault
from tests.makers.city import Town
from tests.makers.consents import allow
from tests.makers.people import a_citizen

MATTER = "infant_immunization"
BORN = date(2026, 7, 1)
BIRTH = (Given(BORN, "HepB"), Given(BORN, "BCG"))


def plan(day: date, *more: Given) -> Schedule:
    return schedule(BORN, Sex.FEMALE, (*BIRTH, *more), day, shipped())


def due(day: date, *more: Given) -> set[str]:
    return {dose_code(dose) for dose in due_in(plan(day, *more))}


def refused(day: date, code: str, *more: Given) -> PurposeNotDue:
    with pytest.raises(PurposeNotDue) as refusal:
        refuse_unless_due(plan(day, *more), code)
    return refusal.value


async def a_clinic(days: int) -> Any:
    """A slot of a vaccination clinic, so many days from now."""
    return await a_slot(places=9, starts_in=timedelta(days=days), venue=a_venue(matter=MATTER), department="WJW")


def a_month_on() -> int:
    """So many days until a child of today is a month old."""
    return (add_months(clock.today(), 1) - clock.today()).days


class TestRule:
    def test_takes_a_dose_from_its_first_day_on_and_not_the_day_before(self) -> None:
        first = add_months(BORN, 1)

        refuse_unless_due(plan(first), "hepatitis_b.2")
        refusal = refused(first - timedelta(days=1), "hepatitis_b.2")
        assert refusal.facts["from_on"] == first.isoformat()
        assert refusal.facts["purpose"] == "hepatitis_b.2"

    def test_refuses_what_is_given(self) -> None:
        assert "2026-07-01" in str(refused(date(2026, 9, 1), "hepatitis_b.1").facts["why"])

    def test_refuses_the_next_dose_of_a_series_before_this_one(self) -> None:
        day = add_months(BORN, 3)

        assert "hepatitis_b.2" in due(day)
        refused(day, "hepatitis_b.3")

    def test_keeps_live_vaccines_apart_but_takes_them_on_one_day(self) -> None:
        day = add_months(BORN, 8)
        mmr = Given(day, "MMR")

        assert {"mmr.1", "je_live.1"} <= due(day)
        assert "je_live.1" in due(day, mmr)
        assert "je_live.1" not in due(day + timedelta(days=1), mmr)
        assert "je_live.1" not in due(day + timedelta(days=27), mmr)
        assert "je_live.1" in due(day + timedelta(days=28), mmr)
        refused(day + timedelta(days=27), "je_live.1", mmr)

    def test_refuses_what_is_not_in_this_childs_schedule(self) -> None:
        refusal = refused(add_months(BORN, 8), "je_inactivated.1")

        assert refusal.facts["from_on"] is None

    @given(st.integers(0, 2_200))
    def test_takes_exactly_what_is_due_on_a_day(self, days: int) -> None:
        found = plan(BORN + timedelta(days=days))
        open_now = {dose_code(dose) for dose in due_in(found)}

        for dose in found.doses:
            if dose_code(dose) in open_now:
                refuse_unless_due(found, dose_code(dose))
            else:
                with pytest.raises(PurposeNotDue):
                    refuse_unless_due(found, dose_code(dose))


class TestBooking:
    async def test_names_its_doses(self, family: Family) -> None:
        one = await booked(
            family.mother, await a_clinic(a_month_on() + 1), person_id=family.child, purposes=("hepatitis_b.2",)
        )

        assert [(purpose.code, purpose.title.zh) for purpose in one.purposes] == [("hepatitis_b.2", "乙肝疫苗第2剂")]
        [listed] = (await reading.mine(family.mother, family.child, None, 20)).items
        assert listed.purposes == one.purposes

    async def test_is_kept_sealed_and_exported_in_words(self, family: Family) -> None:
        one = await booked(
            family.mother, await a_clinic(a_month_on() + 1), person_id=family.child, purposes=("hepatitis_b.2",)
        )

        async with transaction(OFFICE):
            kept = await fetch_value("SELECT purposes FROM appointment WHERE id = $1", one.id)
        assert b"hepatitis" not in kept
        [row] = (await AppointmentExporter().export(family.child))["appointment"]
        assert row["purposes"] == ["hepatitis_b.2"]

    async def test_is_refused_on_a_day_before_the_dose_is_due(self, family: Family) -> None:
        slot = await a_clinic(1)

        with pytest.raises(PurposeNotDue) as refusal:
            await booked(family.mother, slot, person_id=family.child, purposes=("hepatitis_b.2",))
        assert refusal.value.facts["from_on"] == add_months(family.born_on, 1).isoformat()

    async def test_is_refused_of_a_dose_that_was_given(self, family: Family) -> None:
        slot = await a_clinic(2)

        with pytest.raises(PurposeNotDue):
            await booked(family.mother, slot, person_id=family.child, purposes=("hepatitis_b.1",))

    async def test_is_refused_without_a_dose_and_names_those_that_are_due(self, family: Family) -> None:
        slot = await a_clinic(a_month_on() + 1)

        with pytest.raises(PurposeNeeded) as refusal:
            await booked(family.mother, slot, person_id=family.child)
        offered = refusal.value.facts["offered"]
        assert isinstance(offered, list)
        assert {"hepatitis_b.2", "other"} <= set(offered)

    @pytest.mark.parametrize("code", ["measles.1", "hepatitis_b", "hepatitis_b.9", "hepatitis_b.22"])
    async def test_is_refused_of_a_dose_that_no_programme_has(self, family: Family, code: str) -> None:
        slot = await a_clinic(a_month_on() + 1)

        with pytest.raises(NoSuchPurpose):
            await booked(family.mother, slot, person_id=family.child, purposes=("hepatitis_b.2", code))

    async def test_of_a_vaccine_outside_the_programme_asks_nobody(self, family: Family, town: Town) -> None:
        async with a_fault(town, party="wjw", outage=True):
            one = await booked(family.mother, await a_clinic(1), person_id=family.child, purposes=("other",))

        assert one.state == "booked"

    async def test_of_other_matters_takes_no_purposes(self, family: Family) -> None:
        with pytest.raises(PurposesNotTaken):
            await booked(family.mother, await a_slot(), purposes=("hepatitis_b.2",))

    async def test_gives_a_child_one_visit_also_at_once(self, family: Family) -> None:
        slots = [await a_clinic(a_month_on() + 1) for _ in range(3)]

        done = await asyncio.gather(
            *(booked(family.mother, one, person_id=family.child, purposes=("hepatitis_b.2",)) for one in slots),
            return_exceptions=True,
        )

        assert sorted(type(one).__name__ for one in done) == ["AppointmentView", *["BookedAlready"] * 2]
        assert BookedAlready in {type(one) for one in done}


class TestReminder:
    async def test_names_the_dose(self, http: httpx.AsyncClient, family: Family) -> None:
        one = await booked(
            family.mother, await a_clinic(a_month_on() + 1), person_id=family.child, purposes=("hepatitis_b.2",)
        )
        async with transaction(OFFICE):
            soon, before = clock.now() + timedelta(hours=2), clock.now() - timedelta(days=2)
            await execute("UPDATE appointment SET starts_at = $2, made_at = $3 WHERE id = $1", one.id, soon, before)
        await passing_time.remind()
        await booking.cancel(family.mother, one.id)
        await deliver_pending()

        items = (await http.get("/v1/inbox", headers=await headers(family.mother))).json()["items"]
        titles = [item["title"]["zh"] for item in items]
        assert "预约成功：儿童疫苗接种（乙肝疫苗第2剂）" in titles
        assert "预约提醒：儿童疫苗接种（乙肝疫苗第2剂）" in titles
        assert "预约已取消：儿童疫苗接种（乙肝疫苗第2剂）" in titles


class TestAgenda:
    async def test_shows_the_visit_at_the_dose_and_not_twice(self, family: Family) -> None:
        await allow(family.child, SOURCE_HEALTH)
        one = await booked(
            family.mother, await a_clinic(a_month_on() + 1), person_id=family.child, purposes=("hepatitis_b.2",)
        )

        items = await upcoming(family.mother)

        [item] = [found for found in items if found.appointment_id == one.id]
        assert item.code == "infant_immunization.hepatitis_b.2"
        assert item.standing == "in_progress"
        assert one.code in item.why.zh

    async def test_shows_the_visit_alone_where_doses_are_not_shown(self, family: Family) -> None:
        one = await booked(family.mother, await a_clinic(1), person_id=family.child, purposes=("other",))

        assert f"appointment.{one.id}" in [item.code for item in await upcoming(family.mother)]

    async def test_lets_the_dose_be_open_again_once_the_visit_is_cancelled(self, family: Family) -> None:
        await allow(family.child, SOURCE_HEALTH)
        one = await booked(
            family.mother, await a_clinic(a_month_on() + 1), person_id=family.child, purposes=("hepatitis_b.2",)
        )
        await booking.cancel(family.mother, one.id)

        [item] = [found for found in await upcoming(family.mother) if found.code == "infant_immunization.hepatitis_b.2"]
        assert item.appointment_id is None


class TestOverHttp:
    async def test_lists_what_is_due_on_a_day_and_books_it_once(self, http: httpx.AsyncClient, family: Family) -> None:
        slot, mother = await a_clinic(a_month_on() + 1), await headers(family.mother)
        day = clock.local(clock.now() + timedelta(days=a_month_on() + 1)).date().isoformat()
        asked = {"matter": MATTER, "person_id": str(family.child), "day": day}

        offered = (await http.get("/v1/appointments/purposes", params=asked, headers=mother)).json()["items"]
        assert offered[-1]["code"] == "other"
        assert "hepatitis_b.2" in [one["code"] for one in offered]

        body = {"slot_id": str(slot), "person_id": str(family.child), "purposes": ["hepatitis_b.2"]}
        sent = mother | {"Idempotency-Key": "dose-of-" + str(slot)}
        answers = [await http.post("/v1/appointments", json=body, headers=sent) for _ in range(2)]
        assert [one.status_code for one in answers] == [201, 201]
        assert answers[0].json()["purposes"] == answers[1].json()["purposes"] != []

    async def test_refuses_a_stranger_an_unknown_matter_and_nobody(
        self, http: httpx.AsyncClient, family: Family
    ) -> None:
        stranger = await headers(await a_citizen(2))
        asked = {"matter": MATTER, "person_id": str(family.child)}

        answers = [
            await http.get("/v1/appointments/purposes", params=asked, headers=stranger),
            await http.get("/v1/appointments/purposes", params={"matter": "none"}, headers=stranger),
            await http.get("/v1/appointments/purposes", params=asked),
            await http.get("/v1/appointments/purposes", params=asked | {"day": "soon"}, headers=stranger),
        ]

        assert [one.status_code for one in answers] == [404, 404, 401, 400]

    @pytest.mark.parametrize("named", [["Hepatitis.2"], ["a" * 65], [1], "hepatitis_b.2", ["x"] * 7])
    async def test_refuses_what_is_malformed(self, http: httpx.AsyncClient, family: Family, named: object) -> None:
        body = {"slot_id": str(await a_clinic(1)), "person_id": str(family.child), "purposes": named}

        answer = await http.post("/v1/appointments", json=body, headers=await headers(family.mother))

        assert answer.status_code == 422

    async def test_says_that_the_department_is_away_and_takes_no_place(
        self, http: httpx.AsyncClient, family: Family, town: Town
    ) -> None:
        slot = await a_clinic(a_month_on() + 1)
        body = {"slot_id": str(slot), "person_id": str(family.child), "purposes": ["hepatitis_b.2"]}
        async with a_fault(town, party="wjw", outage=True):
            answer = await http.post("/v1/appointments", json=body, headers=await headers(family.mother))

        assert (answer.status_code, answer.json()["code"]) == (503, "department_unavailable")
        async with transaction(OFFICE):
            assert await fetch_value("SELECT taken FROM slot WHERE id = $1", slot) == 0

    async def test_offers_nothing_for_matters_that_do_not_ask(self, ports: CityPorts) -> None:
        assert await purposes.offered(await a_citizen(2), "marriage_registration", None, None) == ()
