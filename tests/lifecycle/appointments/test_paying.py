"""A fee is paid exactly when a place is booked, and given back as was said before."""

import asyncio
import uuid
from datetime import timedelta

import asyncpg
import httpx
import pytest

from app.card import cards
from app.card.errors import BalanceTooLow, CardLost, CardNotOpened
from app.card.receipts import receipt_of
from app.card.states import CardStep
from app.kernel.actors import Citizen
from app.kernel.database import execute, transaction
from lifecycle.appointments import booking, reading
from lifecycle.appointments.calendars import OFFICE
from lifecycle.appointments.errors import (
    BookedAlready,
    FeeChanged,
    SlotFull,
)
from lifecycle.appointments.structs import AppointmentView
from tests.makers.appointments import FEE, a_slot, a_slot_with_a_fee, booked, the_slot
from tests.makers.callers import headers
from tests.makers.cards import a_card_holder, balance_fen, ledger, top_up
from tests.makers.people import a_citizen, a_guardian_of, a_newborn

pytestmark = pytest.mark.usefixtures("app")
SECOND = timedelta(seconds=1)


async def a_paid_booking(citizen: Citizen, **changes: object) -> AppointmentView:
    return await booked(citizen, await a_slot_with_a_fee(**changes), amount_fen=FEE)  # type: ignore[arg-type]


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
