"""What a payment leaves behind: movements, a day's parameters, and books that add up."""

import asyncio

import msgspec
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app.card import payments, queries
from app.card.errors import (
    TransactionUnknown,
)
from app.card.receipts import receipt_of
from app.card.terminal_structs import SignOn, TerminalPayment
from app.kernel import clock
from app.kernel.errors import Refusal
from tests.makers.cards import (
    a_card_holder,
    a_till,
    balance_fen,
    ledger,
    pay,
)


class TestSignOn:
    async def test_says_where_the_sequence_stands_declines_included(self) -> None:
        citizen, till = await a_card_holder(1_000), a_till()
        await pay(till, citizen, 300, sequence=41)
        with pytest.raises(Refusal):
            await pay(till, citizen, 5_000, sequence=42)

        day = await payments.sign_on(till, SignOn(), clock.now())

        assert (day.last_sequence, day.payment_max_fen, day.currency) == (42, 100_000, "CNY")
        assert day.answer_certificates.count("BEGIN CERTIFICATE") == 3

    async def test_starts_a_new_terminal_at_nothing(self) -> None:
        assert (await payments.sign_on(a_till(), SignOn(software="test 1"), clock.now())).last_sequence == 0


class TestTransactions:
    async def test_come_newest_first_in_pages(self) -> None:
        citizen, till = await a_card_holder(1_000), a_till()
        for sequence in range(1, 6):
            await pay(till, citizen, sequence, sequence=sequence)

        first = await queries.transactions(citizen, None, 4)
        rest = await queries.transactions(citizen, first.next, 4)

        assert [item.amount_fen for item in (*first.items, *rest.items)] == [5, 4, 3, 2, 1, 1_000]
        assert [item.direction for item in rest.items] == ["out", "in"]
        assert rest.next is None

    async def test_are_nobody_elses(self) -> None:
        citizen, stranger = await a_card_holder(1_000), await a_card_holder()
        paid = await pay(a_till(), citizen, 300)

        assert (await queries.transactions(stranger, None, 20)).items == []
        with pytest.raises(TransactionUnknown):
            await receipt_of(stranger, paid.receipt.id)

    async def test_have_the_receipt_that_the_terminal_got(self) -> None:
        citizen = await a_card_holder(1_000)
        paid = await pay(a_till(), citizen, 300)

        assert await receipt_of(citizen, paid.receipt.id) == paid

    async def test_can_be_told_of_by_other_rooms(self) -> None:
        citizen = await a_card_holder(1_000)
        paid = await pay(a_till(), citizen, 300)

        movement = await queries.payment(paid.receipt.id)

        assert movement is not None
        assert (movement.citizen_id, movement.amount_fen, movement.kind) == (citizen.id, 300, "payment")
        assert await queries.payment(citizen.id) is None


class TestWire:
    @pytest.mark.parametrize(
        "amount", ['"5"', "1.0", "1e3", "-1", "0", "100000001", "9223372036854775808", "null", "true", "[5]"]
    )
    def test_takes_whole_fen_only(self, amount: str) -> None:
        raw = f'{{"sequence":1,"amount_fen":{amount},"payer_code":"A"}}'.encode()

        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(raw, type=TerminalPayment, strict=True)

    def test_takes_no_other_field(self) -> None:
        with pytest.raises(msgspec.ValidationError, match="currency"):
            msgspec.json.decode(
                b'{"sequence":1,"amount_fen":5,"payer_code":"A","currency":"USD"}', type=TerminalPayment
            )


Step = tuple[int, int, int]


class TestLedger:
    @given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 900), st.integers(1, 6)), min_size=4, max_size=14))
    @hypothesis_settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    async def test_adds_up_after_any_payments_by_many_at_once(self, steps: list[Step]) -> None:
        people = [await a_card_holder(1_000) for _ in range(3)]
        till = a_till()

        async def attempt(step: Step) -> int:
            try:
                return (await pay(till, people[step[0]], step[1], sequence=step[2])).receipt.amount_fen
            except Refusal:
                return 0

        spent = await asyncio.gather(*(attempt(step) for step in steps))

        proof = await ledger()
        assert proof.holds, proof
        assert sum([await balance_fen(person) for person in people]) == 3_000 - sum(spent)
