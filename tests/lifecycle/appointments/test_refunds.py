"""What cancelling gives back, to the second; what not coming gives back; and what an erasure waits for."""

import asyncio
import uuid
from datetime import datetime, timedelta

import httpx
import msgspec
import pytest

from app.card import cards
from app.card.states import CardStep
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import execute, transaction
from lifecycle.appointments import booking, passing_time, reading
from lifecycle.appointments.calendars import OFFICE
from lifecycle.appointments.errors import (
    RefundChanged,
)
from lifecycle.appointments.own_rights import AppointmentExporter, PaidAppointments
from lifecycle.appointments.structs import AppointmentView
from tests.makers.appointments import FEE, a_slot, a_slot_with_a_fee, a_venue, booked, the_row, the_slot, the_state
from tests.makers.callers import headers
from tests.makers.cards import a_card_holder, balance_fen, ledger, told_of, top_up
from tests.makers.erasure import with_a_code
from tests.makers.people import a_guardian_of, a_newborn

pytestmark = pytest.mark.usefixtures("app")
SECOND = timedelta(seconds=1)


async def a_paid_booking(citizen: Citizen, **changes: object) -> AppointmentView:
    return await booked(citizen, await a_slot_with_a_fee(**changes), amount_fen=FEE)  # type: ignore[arg-type]


def let_it_be(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


class TestCancel:
    @pytest.mark.parametrize(("after", "back"), [(-SECOND, FEE), (timedelta(0), 0), (SECOND, 0)])
    async def test_gives_back_until_the_cut_off_to_the_second(
        self, monkeypatch: pytest.MonkeyPatch, after: timedelta, back: int
    ) -> None:
        citizen = await a_card_holder(1_000)
        one = await a_paid_booking(citizen)
        assert one.refund_until is not None
        let_it_be(monkeypatch, one.refund_until + after)

        shown = await reading.one(citizen, one.id)
        gone = await booking.cancel(citizen, one.id, shown.refund_fen_now)

        assert (shown.refund_fen_now, gone.returned_fen, gone.refund_fen_now) == (back, back, 0)
        assert gone.fee_state == ("returned" if back else "paid")
        assert (gone.return_receipt_id is None) == (back == 0)
        assert await balance_fen(citizen) == 1_000 - FEE + back
        assert (await ledger()).holds

    async def test_of_many_at_once_gives_back_once(self) -> None:
        citizen = await a_card_holder(1_000)
        one = await a_paid_booking(citizen)

        several = await asyncio.gather(*(booking.cancel(citizen, one.id) for _ in range(5)))

        assert {each.returned_fen for each in several} == {FEE}
        assert await balance_fen(citizen) == 1_000
        assert (await told_of(citizen)).count("card.charge_returned") == 1

    async def test_is_refused_where_less_comes_back_than_was_shown(self, http: httpx.AsyncClient) -> None:
        citizen = await a_card_holder(1_000)
        one = await a_paid_booking(citizen, starts_in=timedelta(hours=3))
        assert one.refund_fen_now == 0

        with pytest.raises(RefundChanged):
            await booking.cancel(citizen, one.id, FEE)
        sent = await headers(citizen)
        refused = await http.delete(f"/v1/appointments/{one.id}?refund_fen={FEE}", headers=sent)
        wrong = await http.delete(f"/v1/appointments/{one.id}?refund_fen=-1", headers=sent)
        done = await http.delete(f"/v1/appointments/{one.id}?refund_fen=0", headers=sent)

        assert (refused.status_code, refused.json()["refund_fen"]) == (409, 0)
        assert wrong.json()["code"] == "parameter_wrong"
        assert (done.json()["state"], done.json()["returned_fen"]) == ("cancelled", 0)
        assert await balance_fen(citizen) == 1_000 - FEE

    async def test_gives_back_to_a_card_that_was_lost_since(self) -> None:
        citizen = await a_card_holder(1_000)
        one = await a_paid_booking(citizen)
        await cards.take_step(citizen, CardStep.REPORT_LOSS)

        await booking.cancel(citizen, one.id)

        assert await balance_fen(citizen) == 1_000

    async def test_and_booking_at_once_from_one_card_keep_the_books(self) -> None:
        citizen, slots = await a_card_holder(FEE), [await a_slot_with_a_fee(places=9) for _ in range(2)]
        one = await booked(citizen, slots[0], amount_fen=FEE)

        for _ in range(5):
            done = await asyncio.gather(
                booking.cancel(citizen, one.id), booked(citizen, slots[1], amount_fen=FEE), return_exceptions=True
            )
            new = [each for each in done if isinstance(each, AppointmentView) and each.state == "booked"]
            one = new[0] if new else await booked(citizen, slots[0], amount_fen=FEE)

        assert await balance_fen(citizen) == 0
        assert sum([(await the_slot(slot))["taken"] for slot in slots]) == 1
        assert (await ledger()).holds


class TestMissed:
    async def test_gives_nothing_back(self) -> None:
        venue = a_venue(fee_fen=FEE)
        citizen, other = await a_card_holder(1_000), await a_card_holder(1_000)
        slot = await a_slot(places=2, venue=venue)
        one, beside = [await booked(each, slot, amount_fen=FEE) for each in (citizen, other)]
        async with transaction(OFFICE):
            past = clock.now() - timedelta(days=2)
            await execute("UPDATE slot SET starts_at = $2, ends_at = $3 WHERE id = $1", slot, past, past + SECOND)
            await execute("UPDATE appointment SET starts_at = $2 WHERE slot_id = $1", slot, past)
            await execute("UPDATE appointment SET state = 'attended' WHERE id = $1", beside.id)

        await passing_time.look_back()

        row = await the_row(one.id)
        assert (row["state"], row["returned_fen"]) == ("missed", 0)
        assert await balance_fen(citizen) == 1_000 - FEE


class TestLeave:
    async def test_nobody_is_erased_while_they_have_paid_for_what_is_to_come(self, http: httpx.AsyncClient) -> None:
        citizen = await a_card_holder(FEE)
        one = await a_paid_booking(citizen)
        sent = await headers(citizen) | {"Idempotency-Key": uuid.uuid4().hex}
        code = msgspec.to_builtins(await with_a_code(citizen))

        refused = await http.post("/v1/me/erasure", json=code, headers=sent)

        assert refused.status_code == 409, refused.text
        assert "appointment_paid" in refused.text
        assert (await the_state(one.id)) == "booked"

    async def test_the_export_says_what_was_paid_and_names_no_other_persons_receipt(self) -> None:
        child = await a_newborn()
        mother = await a_guardian_of(child)
        await cards.open_card(mother)
        await top_up(mother, 2_000)
        own = await a_paid_booking(mother)
        await booked(mother, await a_slot_with_a_fee(), person_id=child, amount_fen=FEE)
        await booking.cancel(mother, own.id)
        exporter = AppointmentExporter()

        (hers,) = (await exporter.export(mother.id))["appointment"]
        (childs,) = (await exporter.export(child))["appointment"]

        assert (hers["fee_fen"], hers["returned_fen"], hers["charge_id"]) == (FEE, FEE, own.receipt_id)
        assert (childs["fee_fen"], childs["charge_id"], childs["return_id"]) == (FEE, None, None)
        blocker = PaidAppointments()
        async with transaction(OFFICE):
            assert [await blocker.count(person) for person in (mother.id, child)] == [1, 1]
