"""What a venue withdraws is called off: told to who booked it, and paid back, whenever that is."""

from datetime import date, timedelta
from uuid import UUID

import httpx
import msgspec
import pytest

from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import execute, fetch_all, fetch_value, transaction
from app.kernel.events import deliver_pending
from app.kernel.ids import shard_of
from integrations.departments.booking import Hours, Venue
from lifecycle.appointments import booking, calendars, calling_off, lines, paying, reading
from lifecycle.appointments.calendars import OFFICE
from lifecycle.appointments.errors import SlotClosed
from lifecycle.appointments.events import PlaceGivenBack
from lifecycle.appointments.structs import AppointmentView, PayFee
from tests.makers.appointments import DEPARTMENT, FEE, a_venue, booked, release_of, the_slot, the_state
from tests.makers.callers import headers
from tests.makers.cards import a_card_holder, balance_fen, ledger

pytestmark = pytest.mark.usefixtures("app")
CLINIC = "C-20991231-m"


def the_day() -> date:
    return clock.today() + timedelta(days=1)


def a_hospital(**changes: object) -> Venue:
    """A hospital with one doctor's morning of tomorrow and another's; both too soon for a refund by cancelling."""
    clinics = tuple(
        Hours((), "09:00", "10:00", 60, 1, on=the_day(), code=code, specialty=name, fee_fen=FEE)
        for code, name in ((CLINIC, "内科"), ("OTHER", "儿科"))
    )
    told = {"hours": clinics, "releases_at": "00:00", "refund_until_hours": 200, "one_per": "specialty_and_day"}
    return a_venue(**(told | changes))


async def told(venue: Venue) -> None:
    """What the hospital tells from now on."""
    await calendars.keep(DEPARTMENT, [venue], clock.now())
    await release_of(venue)
    await calling_off.call_off()


async def slot_of(venue: Venue, offer: str = CLINIC) -> UUID:
    async with transaction(OFFICE):
        (row,) = await fetch_all("SELECT id FROM slot WHERE venue_code = $1 AND offer = $2", venue.code, offer)
    found: UUID = row["id"]
    return found


async def a_paid_one(venue: Venue) -> tuple[Citizen, AppointmentView]:
    await told(venue)
    citizen = await a_card_holder(1_000)
    one = await booked(citizen, await slot_of(venue), amount_fen=FEE)
    assert one.refund_fen_now == 0
    return citizen, one


def without_the_clinic(venue: Venue) -> Venue:
    return msgspec.structs.replace(venue, hours=venue.hours[1:])


def with_it_cancelled(venue: Venue) -> Venue:
    first = msgspec.structs.replace(venue.hours[0], cancelled=True)
    return msgspec.structs.replace(venue, hours=(first, *venue.hours[1:]))


def closed_on_that_day(venue: Venue) -> Venue:
    return msgspec.structs.replace(venue, closed_on=(the_day(),))


async def returned(citizen: Citizen) -> int:
    """How often the citizen was given something back."""
    async with transaction(OFFICE):
        count: int = await fetch_value(
            "SELECT count(*) FROM transfer WHERE shard = $1 AND citizen_id = $2 AND kind = 'return'",
            *(shard_of(citizen.id), citizen.id),
        )
    return count


class TestCallOff:
    @pytest.mark.parametrize("change", [without_the_clinic, with_it_cancelled, closed_on_that_day])
    async def test_gives_everything_back_also_after_the_cut_off(
        self, http: httpx.AsyncClient, change: "type[object]"
    ) -> None:
        venue = a_hospital()
        citizen, one = await a_paid_one(venue)

        await told(change(venue))  # type: ignore[call-arg, arg-type]
        await calling_off.call_off()
        await deliver_pending()

        seen = await reading.one(citizen, one.id)
        assert (seen.state, seen.fee_state, seen.returned_fen) == ("called_off", "returned", FEE)
        assert await balance_fen(citizen) == 1_000
        assert await returned(citizen) == 1
        items = (await http.get("/v1/inbox", headers=await headers(citizen))).json()["items"]
        (text,) = [each["text"]["zh"] for each in items if each["title"]["zh"] == "办理点取消了您的预约：结婚登记"]
        assert "已缴的6.00元全部退回" in text
        assert (await the_slot(await slot_of(venue)))["taken"] == 0
        assert (await booking.cancel(citizen, one.id)).state == "called_off"
        assert (await ledger()).holds

    async def test_is_done_by_the_job_that_releases(self) -> None:
        venue = a_hospital()
        _, one = await a_paid_one(venue)
        await calendars.keep(DEPARTMENT, [without_the_clinic(venue)], clock.now())

        await calling_off.release()

        assert await the_state(one.id) == "called_off"

    async def test_leaves_alone_what_is_still_told(self) -> None:
        venue = a_hospital()
        await told(venue)
        citizen = await a_card_holder(1_000)
        other = await booked(citizen, await slot_of(venue, "OTHER"), amount_fen=FEE)

        await told(without_the_clinic(venue))

        assert await the_state(other.id) == "booked"
        assert await balance_fen(citizen) == 1_000 - FEE

    async def test_nobody_books_or_moves_up_to_what_was_withdrawn(self) -> None:
        venue = a_hospital()
        _, one = await a_paid_one(venue)
        slot, waiting = await slot_of(venue), await a_card_holder(1_000)
        line = await booked(waiting, slot, wait=True)

        await calendars.keep(DEPARTMENT, [without_the_clinic(venue)], clock.now())
        await release_of(venue)
        with pytest.raises(SlotClosed):
            await booked(await a_card_holder(1_000), slot, amount_fen=FEE)
        async with transaction(OFFICE):
            await execute("UPDATE slot SET taken = 0 WHERE id = $1", slot)
            await lines.on_place_given_back(PlaceGivenBack(subject_id=slot))
            await execute("UPDATE slot SET taken = 1 WHERE id = $1", slot)
        await calling_off.call_off()

        assert (await the_state(one.id), await the_state(line.id)) == ("called_off", "called_off")
        row = await the_slot(slot)
        assert (row["taken"], row["waiting"]) == (0, 0)
        assert await balance_fen(waiting) == 1_000

    async def test_nobody_pays_for_a_held_place_that_was_withdrawn(self) -> None:
        venue = a_hospital()
        holder, one = await a_paid_one(venue)
        waiting = await a_card_holder(1_000)
        line = await booked(waiting, await slot_of(venue), wait=True)
        await booking.cancel(holder, one.id)
        await deliver_pending()
        assert await the_state(line.id) == "awaiting_payment"

        await calendars.keep(DEPARTMENT, [without_the_clinic(venue)], clock.now())
        await release_of(venue)
        with pytest.raises(SlotClosed):
            await paying.pay(waiting, line.id, PayFee(FEE))
        await calling_off.call_off()

        assert await the_state(line.id) == "called_off"
        assert (await balance_fen(waiting), await balance_fen(holder)) == (1_000, 1_000 - FEE)

    async def test_what_is_told_again_can_be_booked_again(self) -> None:
        venue = a_hospital()
        citizen, _ = await a_paid_one(venue)
        await told(without_the_clinic(venue))

        await told(venue)

        assert (await booked(citizen, await slot_of(venue), amount_fen=FEE)).state == "booked"

    async def test_a_venue_that_isnt_told_at_all_takes_nothing_from_who_booked(self) -> None:
        venue = a_hospital()
        citizen, one = await a_paid_one(venue)
        async with transaction(OFFICE):
            await execute("UPDATE venue SET as_of = $2 WHERE code = $1", venue.code, clock.now() - timedelta(minutes=1))

        await calendars.keep(DEPARTMENT, [], clock.now())
        await release_of(venue)
        await calling_off.call_off()

        assert await the_state(one.id) == "booked"
        assert await balance_fen(citizen) == 1_000 - FEE
