"""Paying at a terminal: once, whatever is repeated, and never more than there is."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from app.card import cards, codes, payments, queries, terminal_requests
from app.card.errors import (
    BalanceTooLow,
    CardLost,
    PayerCodeExpired,
    PayerCodeSpent,
    PayerCodeWrong,
    PaymentOverLimit,
    SequenceReused,
)
from app.card.merchants import register_merchant
from app.card.receipts import SYSTEM
from app.card.states import CardStep
from app.card.structs import SignedReceipt
from app.card.terminal_structs import TerminalPayment
from app.kernel import clock
from app.kernel.database import execute, fetch_value, transaction
from app.kernel.idempotency import IdempotencyKeyMissing, IdempotencyKeyReused, Once
from app.kernel.words import Words
from tests.makers.cards import (
    a_card_holder,
    a_payment,
    a_request,
    a_till,
    balance_fen,
    ledger,
    pay,
    the_card,
    told_of,
)


class TestPay:
    async def test_takes_the_amount_and_gives_a_receipt(self) -> None:
        citizen, till = await a_card_holder(1_000), a_till()

        paid = await pay(till, citizen, 300, sequence=7)

        assert await balance_fen(citizen) == 700
        assert (paid.receipt.amount_fen, paid.receipt.sequence, paid.receipt.terminal_code) == (300, 7, till.code)
        assert paid.receipt.card == f"**** {(await the_card(citizen))['number'][-4:]}"
        assert "card.paid" in await told_of(citizen)

    async def test_pays_once_when_repeated(self) -> None:
        citizen, till = await a_card_holder(1_000), a_till()
        payment = await a_payment(citizen, 300)
        once = a_request(payment)

        first = await payments.pay(till, payment, once)
        again = await payments.pay(till, payment, once)

        assert again == first
        assert await balance_fen(citizen) == 700

    async def test_pays_once_when_repeated_under_another_key(self) -> None:
        citizen, till = await a_card_holder(1_000), a_till()
        payment = await a_payment(citizen, 300)

        first = await payments.pay(till, payment, a_request(payment))
        again = await payments.pay(till, payment, a_request(payment))

        assert again == first
        assert await balance_fen(citizen) == 700

    async def test_gives_fifty_parallel_repeats_one_effect_and_one_answer(self) -> None:
        citizen, till = await a_card_holder(1_000), a_till()
        payment = await a_payment(citizen, 300)
        once = a_request(payment)

        answers = await asyncio.gather(*(payments.pay(till, payment, once) for _ in range(50)))

        assert all(answer == answers[0] for answer in answers)
        assert await balance_fen(citizen) == 700
        assert (await told_of(citizen)).count("card.paid") == 1

    async def test_lets_one_of_fifty_spend_the_whole_balance(self) -> None:
        citizen = await a_card_holder(1_000)

        async def spend() -> object:
            try:
                return await pay(a_till(), citizen, 1_000)
            except BalanceTooLow as refusal:
                return refusal

        outcomes = await asyncio.gather(*(spend() for _ in range(50)))

        assert sum(isinstance(outcome, SignedReceipt) for outcome in outcomes) == 1
        assert await balance_fen(citizen) == 0
        assert (await ledger()).holds

    async def test_needs_an_idempotency_key(self) -> None:
        citizen = await a_card_holder(1_000)
        payment = await a_payment(citizen, 300)

        with pytest.raises(IdempotencyKeyMissing):
            await payments.pay(a_till(), payment, Once(None, "POST", "/v1/terminal/payments", b""))

    async def test_refuses_a_key_used_for_another_payment(self) -> None:
        citizen, till = await a_card_holder(1_000), a_till()
        await pay(till, citizen, 300, sequence=1, key="one-and-the-same-key")

        with pytest.raises(IdempotencyKeyReused):
            await pay(till, citizen, 400, sequence=2, key="one-and-the-same-key")

        assert await balance_fen(citizen) == 700

    async def test_refuses_a_sequence_number_used_for_another_payment(self) -> None:
        citizen, till = await a_card_holder(1_000), a_till()
        await pay(till, citizen, 300, sequence=1)

        with pytest.raises(SequenceReused):
            await pay(till, citizen, 300, sequence=1)

        assert await balance_fen(citizen) == 700

    async def test_refuses_a_key_or_number_used_with_another_card(self) -> None:
        people, till = [await a_card_holder(1_000) for _ in range(8)], a_till()
        await pay(till, people[0], 300, sequence=1, key="one-and-the-same-key")

        for other in people[1:]:
            with pytest.raises(SequenceReused):
                await pay(till, other, 300, sequence=1)
            with pytest.raises(IdempotencyKeyReused):
                await pay(till, other, 300, sequence=2, key="one-and-the-same-key")

        assert [await balance_fen(other) for other in people[1:]] == [1_000] * 7

    async def test_lets_one_of_many_cards_be_charged_under_one_number(self) -> None:
        people, till = [await a_card_holder(1_000) for _ in range(16)], a_till()

        outcomes = await asyncio.gather(*(pay(till, person, 300) for person in people), return_exceptions=True)

        assert sum(isinstance(outcome, SignedReceipt) for outcome in outcomes) == 1
        assert sum(isinstance(outcome, SequenceReused) for outcome in outcomes) == 15

    async def test_keeps_its_number_within_a_shard_after_the_claims_were_forgotten(self) -> None:
        citizen, till = await a_card_holder(1_000), a_till()
        await pay(till, citizen, 300, sequence=1, key="one-and-the-same-key")
        async with transaction(SYSTEM):
            await execute("DELETE FROM terminal_request")

        with pytest.raises(SequenceReused):
            await pay(till, citizen, 300, sequence=1)
        await pay(till, citizen, 200, sequence=2, key="one-and-the-same-key")

        assert await balance_fen(citizen) == 500

    async def test_is_answered_by_its_receipt_after_the_claims_were_forgotten(self) -> None:
        citizen, till = await a_card_holder(1_000), a_till()
        payment = await a_payment(citizen, 300, 1)
        first = await payments.pay(till, payment, once := a_request(payment))
        async with transaction(SYSTEM):
            await execute("DELETE FROM terminal_request")

        assert await payments.pay(till, payment, once) == first
        assert await balance_fen(citizen) == 700

    async def test_forgets_old_requests_in_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        citizen, till = await a_card_holder(1_000), a_till()
        await pay(till, citizen, 300)
        later = clock.now() + terminal_requests.KEPT + timedelta(minutes=1)
        monkeypatch.setattr(clock, "now", lambda: later)

        await terminal_requests.sweep()

        async with transaction(SYSTEM):
            assert await fetch_value("SELECT count(*) FROM terminal_request") == 0

    async def test_lets_two_terminals_use_one_number_and_one_key(self) -> None:
        citizen = await a_card_holder(1_000)

        await pay(a_till("t-1"), citizen, 300, sequence=1, key="one-and-the-same-key")
        await pay(a_till("t-2"), citizen, 300, sequence=1, key="one-and-the-same-key")

        assert await balance_fen(citizen) == 400

    async def test_declines_a_code_used_twice(self) -> None:
        citizen, till = await a_card_holder(1_000), a_till()
        first = await a_payment(citizen, 300, sequence=1)
        await payments.pay(till, first, a_request(first))
        second = msgspec.structs.replace(first, sequence=2)

        with pytest.raises(PayerCodeSpent):
            await payments.pay(till, second, a_request(second))

        assert await balance_fen(citizen) == 700

    async def test_lets_one_of_many_terminals_use_a_code(self) -> None:
        citizen = await a_card_holder(10_000)
        payment = await a_payment(citizen, 300)

        outcomes = await asyncio.gather(
            *(payments.pay(a_till(), payment, a_request(payment)) for _ in range(20)), return_exceptions=True
        )

        assert sum(isinstance(outcome, SignedReceipt) for outcome in outcomes) == 1
        assert sum(isinstance(outcome, PayerCodeSpent) for outcome in outcomes) == 19
        assert await balance_fen(citizen) == 9_700

    async def test_declines_an_expired_code(self) -> None:
        citizen = await a_card_holder(1_000)
        old = codes.new_code((await the_card(citizen))["id"], clock.now() - codes.LIVES - timedelta(seconds=1))
        payment = TerminalPayment(sequence=1, amount_fen=300, payer_code=codes.write_code(old))

        with pytest.raises(PayerCodeExpired):
            await payments.pay(a_till(), payment, a_request(payment))

        assert await balance_fen(citizen) == 1_000

    async def test_still_answers_a_repeat_when_the_code_has_expired(self, monkeypatch: pytest.MonkeyPatch) -> None:
        citizen, till = await a_card_holder(1_000), a_till()
        payment = await a_payment(citizen, 300)
        once = a_request(payment)
        first = await payments.pay(till, payment, once)
        later = clock.now() + timedelta(minutes=5)
        monkeypatch.setattr(clock, "now", lambda: later)

        assert await payments.pay(till, payment, once) == first

    @pytest.mark.parametrize("code", ["A" * 111, "nonsense", "0"])
    async def test_refuses_a_forged_code(self, code: str) -> None:
        payment = TerminalPayment(sequence=1, amount_fen=300, payer_code=code)

        with pytest.raises(PayerCodeWrong):
            await payments.pay(a_till(), payment, a_request(payment))

    async def test_refuses_a_code_of_a_card_that_is_not_there(self) -> None:
        citizen = await a_card_holder()
        code = codes.write_code(codes.new_code(citizen.id, clock.now()))
        payment = TerminalPayment(sequence=1, amount_fen=300, payer_code=code)

        with pytest.raises(PayerCodeWrong):
            await payments.pay(a_till(), payment, a_request(payment))

    async def test_declines_a_card_lost_after_the_code_was_shown(self) -> None:
        citizen = await a_card_holder(1_000)
        payment = await a_payment(citizen, 300)
        await cards.take_step(citizen, CardStep.REPORT_LOSS)

        with pytest.raises(CardLost):
            await payments.pay(a_till(), payment, a_request(payment))

        assert await balance_fen(citizen) == 1_000

    async def test_declines_more_than_one_payment_may_be(self) -> None:
        citizen = await a_card_holder(1_000)

        with pytest.raises(PaymentOverLimit):
            await pay(a_till(), citizen, 100_001)

    async def test_keeps_a_decline_a_decline(self) -> None:
        citizen, till = await a_card_holder(100), a_till()
        payment = await a_payment(citizen, 300)
        once = a_request(payment)
        with pytest.raises(BalanceTooLow):
            await payments.pay(till, payment, once)
        await cards.take_step(citizen, CardStep.REPORT_LOSS)

        with pytest.raises(BalanceTooLow):
            await payments.pay(till, payment, once)

    async def test_tells_the_till_nothing_about_the_balance(self) -> None:
        citizen = await a_card_holder(123)

        with pytest.raises(BalanceTooLow) as refusal:
            await pay(a_till(), citizen, 300, sequence=5)

        assert refusal.value.facts == {"sequence": 5}

    async def test_names_a_merchant_that_is_known(self) -> None:
        await register_merchant("M77", Words(zh="振华量贩", en="Zhenhua Supermarket"))
        citizen = await a_card_holder(1_000)

        paid = await pay(a_till(merchant_code="M77"), citizen, 300)

        assert paid.receipt.merchant == Words(zh="振华量贩", en="Zhenhua Supermarket")
        assert (await queries.transactions(citizen, None, 1)).items[0].merchant == paid.receipt.merchant
