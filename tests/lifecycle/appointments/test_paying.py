"""A fee is paid exactly when a place is booked, and given back as was said before."""

import asyncio
import uuid
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import httpx
import msgspec
import pytest

from app.card import cards
from app.card.errors import BalanceTooLow, CardLost, CardNotOpened
from app.card.receipts import receipt_of
from app.card.states import CardStep
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import execute, transaction
from app.kernel.events import deliver_pending
from lifecycle.appointments import booking, passing_time, paying, reading
from lifecycle.appointments.calendars import OFFICE
from lifecycle.appointments.errors import (
    AppointmentUnknown,
    BookedAlready,
    FeeChanged,
    NothingToPay,
    RefundChanged,
    SlotFull,
    TimeToPayOver,
)
from lifecycle.appointments.limits import limit_today
from lifecycle.appointments.structs import AppointmentView, PayFee
from tests.makers.appointments import FEE, a_slot, a_slot_with_a_fee, a_venue, booked, the_row, the_slot, the_state
from tests.makers.callers import headers
from tests.makers.cards import a_card_holder, balance_fen, ledger, told_of, top_up
from tests.makers.erasure import with_a_code
from tests.makers.people import a_citizen, a_guardian_of, a_newborn

pytestmark = pytest.mark.usefixtures("app")
SECOND = timedelta(seconds=1)


async def a_paid_booking(citizen: Citizen, **changes: object) -> AppointmentView:
    return await booked(citizen, await a_slot_with_a_fee(**changes), amount_fen=FEE)  # type: ignore[arg-type]


def let_it_be(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


async def a_line(holding_fen: int = 1_000) -> tuple[UUID, Citizen, AppointmentView, Citizen, AppointmentView]:
    """A full slot with its holder, and one who waits."""
    slot, holder, waiting = await a_slot_with_a_fee(), await a_card_holder(1_000), await a_card_holder(holding_fen)
    held = await booked(holder, slot, amount_fen=FEE)
    return slot, holder, held, waiting, await booked(waiting, slot, wait=True)


async def moved_up() -> tuple[UUID, Citizen, AppointmentView]:
    """Somebody who moved up from the line and has a place to pay for."""
    slot, holder, held, waiting, line = await a_line()
    await booking.cancel(holder, held.id)
    await deliver_pending()
    return slot, waiting, await reading.one(waiting, line.id)


class TestBook:
    async def test_pays_with_the_place_and_names_the_receipt(self) -> None:
        citizen = await a_card_holder(1_000)

        one = await a_paid_booking(citizen)

        assert (one.state, one.fee_fen, one.fee_state, one.refund_fen_now) == ("booked", FEE, "paid", FEE)
        assert one.refund_until == one.starts_at - timedelta(hours=12)
        assert one.receipt_id is not None
        receipt = (await receipt_of(citizen, one.receipt_id)).receipt
        assert (receipt.kind, receipt.amount_fen, receipt.reference) == ("charge", FEE, str(one.id))
        assert receipt.merchant_code == "MZJ"
        assert await balance_fen(citizen) == 1_000 - FEE
        assert (await ledger()).holds

    @pytest.mark.parametrize("named", [None, 0, FEE - 1, FEE + 1])
    async def test_refuses_another_amount_than_the_fee(self, named: int | None) -> None:
        citizen, slot = await a_card_holder(1_000), await a_slot_with_a_fee()

        with pytest.raises(FeeChanged) as refused:
            await booked(citizen, slot, amount_fen=named)

        assert refused.value.facts["fee_fen"] == FEE
        assert (await balance_fen(citizen), (await the_slot(slot))["taken"]) == (1_000, 0)

    async def test_of_what_is_free_takes_no_amount(self) -> None:
        citizen, slot = await a_citizen(), await a_slot()

        with pytest.raises(FeeChanged):
            await booked(citizen, slot, amount_fen=1)

        assert (await booked(citizen, slot, amount_fen=0)).fee_state == "free"

    async def test_books_nothing_where_the_card_doesnt_pay(self) -> None:
        poor, loser, without = await a_card_holder(FEE - 1), await a_card_holder(1_000), await a_citizen()
        await cards.take_step(loser, CardStep.REPORT_LOSS)
        slot = await a_slot_with_a_fee()

        for citizen, refusal in ((poor, BalanceTooLow), (loser, CardLost), (without, CardNotOpened)):
            with pytest.raises(refusal):
                await booked(citizen, slot, amount_fen=FEE)
            assert (await reading.mine(citizen, None, None, 20)).items == []

        assert (await the_slot(slot))["taken"] == 0
        assert await balance_fen(poor) == FEE - 1

    async def test_who_finds_it_full_or_has_one_already_pays_nothing(self) -> None:
        slot, holder, late = await a_slot_with_a_fee(), await a_card_holder(2_000), await a_card_holder(1_000)
        await booked(holder, slot, amount_fen=FEE)

        with pytest.raises(SlotFull):
            await booked(late, slot, amount_fen=FEE)
        with pytest.raises(BookedAlready):
            await booked(holder, await a_slot_with_a_fee(), amount_fen=FEE)

        assert (await balance_fen(late), await balance_fen(holder)) == (1_000, 2_000 - FEE)

    async def test_of_many_at_once_exactly_those_pay_who_get_a_place(self) -> None:
        slot, citizens = await a_slot_with_a_fee(places=3), [await a_card_holder(1_000) for _ in range(9)]

        await asyncio.gather(*(booked(one, slot, amount_fen=FEE) for one in citizens), return_exceptions=True)

        balances = [await balance_fen(one) for one in citizens]
        assert (balances.count(1_000 - FEE), balances.count(1_000)) == (3, 6)
        assert (await the_slot(slot))["taken"] == 3
        assert (await ledger()).holds

    async def test_answers_a_repeat_alike_and_pays_once(self, http: httpx.AsyncClient) -> None:
        citizen, slot = await a_card_holder(2_000), await a_slot_with_a_fee(places=5)
        sent = await headers(citizen) | {"Idempotency-Key": uuid.uuid4().hex}
        body = {"slot_id": str(slot), "amount_fen": FEE}

        answers = [await http.post("/v1/appointments", json=body, headers=sent) for _ in range(3)]

        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.content for answer in answers}) == 1
        assert await balance_fen(citizen) == 2_000 - FEE

    async def test_a_guardian_pays_for_a_ward_from_their_own_card_and_alone_sees_the_receipt(self) -> None:
        child = await a_newborn()
        mother, father = await a_guardian_of(child), await a_guardian_of(child)
        await cards.open_card(mother)
        await top_up(mother, 1_000)

        one = await booked(mother, await a_slot_with_a_fee(), person_id=child, amount_fen=FEE)
        seen = await reading.one(father, one.id)
        await booking.cancel(father, one.id)

        assert one.receipt_id is not None
        assert (seen.fee_state, seen.receipt_id) == ("paid", None)
        assert await balance_fen(mother) == 1_000

    @pytest.mark.parametrize(
        "amount", ['"600"', "600.0", "6e2", "-1", "1000001", "9223372036854775808", "true", "[600]"]
    )
    async def test_takes_whole_fen_only(self, http: httpx.AsyncClient, amount: str) -> None:
        citizen, slot = await a_card_holder(1_000), await a_slot_with_a_fee()
        content = f'{{"slot_id": "{slot}", "amount_fen": {amount}}}'
        sent = await headers(citizen) | {"Content-Type": "application/json"}

        answer = await http.post("/v1/appointments", content=content, headers=sent)

        assert answer.status_code in {400, 422}, answer.text
        assert await balance_fen(citizen) == 1_000

    async def test_the_database_keeps_no_booked_place_unpaid(self) -> None:
        slot = await a_slot_with_a_fee()
        await booked(await a_card_holder(1_000), slot, amount_fen=FEE)
        line = await booked(await a_citizen(), slot, wait=True)

        with pytest.raises(asyncpg.CheckViolationError, match="appointment_paid_for"):
            async with transaction(OFFICE):
                await execute("UPDATE appointment SET state = 'booked' WHERE id = $1", line.id)


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


class TestHold:
    async def test_who_moves_up_is_charged_nothing_and_told_until_when_to_pay(self, http: httpx.AsyncClient) -> None:
        slot, waiting, held = await moved_up()

        assert (held.state, held.fee_state, held.refund_fen_now) == ("awaiting_payment", "unpaid", 0)
        assert held.pay_until is not None
        assert timedelta(minutes=119) < held.pay_until - clock.now() <= timedelta(minutes=limit_today("hold_minutes"))
        assert await balance_fen(waiting) == 1_000
        assert ((await the_slot(slot))["taken"], (await the_slot(slot))["waiting"]) == (1, 0)
        await deliver_pending()
        sent = await headers(waiting)
        (notice, *_) = (await http.get("/v1/inbox", headers=sent)).json()["items"]
        assert notice["title"]["zh"] == "候补到名额，请缴费：结婚登记"
        assert "6.00" in notice["text"]["zh"]
        (item,) = (await http.get("/v1/me/agenda", headers=sent)).json()["items"]
        assert (item["standing"], item["appointment_id"]) == ("due", str(held.id))

    async def test_is_booked_by_paying_once(self, http: httpx.AsyncClient) -> None:
        _, waiting, held = await moved_up()
        sent, address = await headers(waiting), f"/v1/appointments/{held.id}/pay"

        answers = [await http.post(address, json={"amount_fen": FEE}, headers=sent) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [200, 200], answers[0].text
        assert answers[0].json() == answers[1].json()
        assert (answers[0].json()["state"], answers[0].json()["fee_state"]) == ("booked", "paid")
        assert await balance_fen(waiting) == 1_000 - FEE
        assert (await ledger()).holds

    async def test_of_many_at_once_one_pays(self) -> None:
        _, waiting, held = await moved_up()

        await paying.prepare_for(waiting, held.id)
        await asyncio.gather(*(paying.pay(waiting, held.id, PayFee(FEE)) for _ in range(5)))

        assert await balance_fen(waiting) == 1_000 - FEE

    async def test_refuses_another_amount_a_stranger_and_what_waits_for_no_payment(self) -> None:
        _, waiting, held = await moved_up()
        stranger = await a_card_holder(1_000)

        with pytest.raises(FeeChanged):
            await paying.pay(waiting, held.id, PayFee(FEE - 1))
        with pytest.raises(AppointmentUnknown):
            await paying.pay(stranger, held.id, PayFee(FEE))
        with pytest.raises(AppointmentUnknown):
            await reading.one(stranger, held.id)
        *_, lined, line = await a_line()
        with pytest.raises(NothingToPay):
            await paying.pay(lined, line.id, PayFee(FEE))

        assert await balance_fen(waiting) == 1_000

    async def test_lapses_unpaid_and_the_next_one_moves_up(
        self, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        slot, first, held = await moved_up()
        second = await a_card_holder(1_000)
        line = await booked(second, slot, wait=True)
        assert held.pay_until is not None
        real = clock.now

        let_it_be(monkeypatch, held.pay_until - SECOND)
        await passing_time.end_holds()
        assert await the_state(held.id) == "awaiting_payment"
        let_it_be(monkeypatch, held.pay_until)
        with pytest.raises(TimeToPayOver):
            await paying.pay(first, held.id, PayFee(FEE))
        await passing_time.end_holds()
        await passing_time.end_holds()
        await deliver_pending()
        monkeypatch.setattr(clock, "now", real)

        assert (await the_state(held.id), await the_state(line.id)) == ("lapsed", "awaiting_payment")
        assert ((await the_slot(slot))["taken"], (await the_slot(slot))["waiting"]) == (1, 0)
        assert await balance_fen(first) == 1_000
        await deliver_pending()
        items = (await http.get("/v1/inbox", headers=await headers(first))).json()["items"]
        assert items[0]["title"]["zh"] == "未按时缴费，名额已让出：结婚登记"

    async def test_is_given_back_by_cancelling(self) -> None:
        slot, waiting, held = await moved_up()

        gone = await booking.cancel(waiting, held.id, 0)

        assert (gone.state, gone.fee_state, gone.returned_fen) == ("cancelled", "unpaid", 0)
        assert (await the_slot(slot))["taken"] == 0

    async def test_paying_and_lapsing_at_once_never_charge_for_a_lost_place(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        slot, waiting, held = await moved_up()
        assert held.pay_until is not None
        await paying.prepare_for(waiting, held.id)
        moments = iter([held.pay_until - SECOND] * 2 + [held.pay_until] * 10_000)
        monkeypatch.setattr(clock, "now", lambda: next(moments))

        await asyncio.gather(
            paying.pay(waiting, held.id, PayFee(FEE)), passing_time.end_holds(), return_exceptions=True
        )

        row = await the_row(held.id)
        is_paid = row["charge_id"] is not None
        assert (row["state"], await balance_fen(waiting)) == (("booked", 400) if is_paid else ("lapsed", 1_000))
        assert (await the_slot(slot))["taken"] == is_paid


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
