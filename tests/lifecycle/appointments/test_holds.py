"""Who moves up from the line gets a held place, pays in time, or loses it to the next."""

import asyncio
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

import httpx
import pytest

from app.card import cards
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import fetch_all, transaction
from app.kernel.events import deliver_pending
from lifecycle.appointments import booking, passing_time, paying, reading
from lifecycle.appointments.calendars import OFFICE
from lifecycle.appointments.errors import (
    AppointmentOver,
    AppointmentUnknown,
    FeeChanged,
    NothingToPay,
    SlotFull,
    SlotHasPlaces,
    TimeToPayOver,
)
from lifecycle.appointments.limits import limit_today
from lifecycle.appointments.structs import AppointmentView, PayFee
from tests.makers.appointments import FEE, a_slot_with_a_fee, booked, the_row, the_slot, the_state
from tests.makers.callers import headers
from tests.makers.cards import a_card_holder, balance_fen, ledger, top_up
from tests.makers.people import a_guardian_of, a_newborn

pytestmark = pytest.mark.usefixtures("app")
SECOND = timedelta(seconds=1)


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

    @pytest.mark.parametrize(
        "body", ["", "{}", '{"amount_fen": null}', '{"amount_fen": "600"}', '{"amount_fen": 600.0}', "[600]"]
    )
    async def test_takes_whole_fen_only(self, http: httpx.AsyncClient, body: str) -> None:
        _, waiting, held = await moved_up()
        sent = await headers(waiting) | {"Content-Type": "application/json"}

        answer = await http.post(f"/v1/appointments/{held.id}/pay", content=body, headers=sent)

        assert answer.status_code in {400, 422}, answer.text
        assert (await the_state(held.id), await balance_fen(waiting)) == ("awaiting_payment", 1_000)

    async def test_a_guardian_pays_for_a_wards_place_and_the_other_one_too_late(self) -> None:
        child, slot, holder = await a_newborn(), await a_slot_with_a_fee(), await a_card_holder(1_000)
        mother, father = await a_guardian_of(child), await a_guardian_of(child)
        for parent in (mother, father):
            await cards.open_card(parent)
            await top_up(parent, 1_000)
        taken = await booked(holder, slot, amount_fen=FEE)
        line = await booked(mother, slot, wait=True, person_id=child)
        await booking.cancel(holder, taken.id)
        await deliver_pending()
        await paying.prepare_for(father, line.id)

        done = await asyncio.gather(*(paying.pay(parent, line.id, PayFee(FEE)) for parent in (mother, father)))

        assert [one.state for one in done] == ["booked", "booked"]
        assert sorted([await balance_fen(parent) for parent in (mother, father)]) == [1_000 - FEE, 1_000]
        assert sum(one.receipt_id is not None for one in done) == 1

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


class TestEverybodyAtOnce:
    async def test_places_lines_and_money_add_up_after_a_busy_hour(self) -> None:
        slot, people = await a_slot_with_a_fee(places=2), [await a_card_holder(1_000) for _ in range(8)]
        await asyncio.gather(*(a_busy_hour(citizen, slot) for citizen in people), *(delivering() for _ in range(2)))
        while await deliver_pending():
            pass

        async with transaction(OFFICE):
            rows = await fetch_all("SELECT * FROM appointment WHERE slot_id = $1", slot)
            lined = await fetch_all("SELECT * FROM slot_waiting WHERE slot_id = $1", slot)
        states = Counter(row["state"] for row in rows)
        row = await the_slot(slot)
        assert row["taken"] == states["booked"] + states["awaiting_payment"] <= 2
        assert row["waiting"] == states["waiting"] == len(lined)
        assert row["waiting"] == 0 or row["taken"] == 2
        kept = {citizen.id: 0 for citizen in people}
        for one in rows:
            kept[one["citizen_id"]] += FEE - one["returned_fen"] if one["charge_id"] else 0
            assert (one["state"] == "booked") == (one["charge_id"] is not None and one["returned_fen"] == 0)
        assert {citizen.id: 1_000 - await balance_fen(citizen) for citizen in people} == kept
        assert (await ledger()).holds


async def a_busy_hour(citizen: Citizen, slot: UUID) -> None:
    """Book or wait, pay if a place is held, and cancel, several times over."""
    for turn in range(4):
        try:
            one = await booked(citizen, slot, amount_fen=FEE)
        except SlotFull:
            with suppress(SlotHasPlaces):
                one = await booked(citizen, slot, wait=True)
                await asyncio.sleep(0.05)
                await paying.prepare_for(citizen, one.id)
                with suppress(NothingToPay):
                    await paying.pay(citizen, one.id, PayFee(FEE))
        mine = (await reading.mine(citizen, None, None, 20)).items
        if turn < 3:
            for each in mine:
                with suppress(AppointmentOver):
                    await booking.cancel(citizen, each.id)


async def delivering() -> None:
    """A worker."""
    for _ in range(30):
        await deliver_pending()
        await asyncio.sleep(0.02)
