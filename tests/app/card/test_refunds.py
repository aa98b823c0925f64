"""Refunding a payment: in parts, by its merchant only, and never more than was paid."""

import asyncio
from datetime import timedelta

import pytest

from app.card import payments, queries, reversals
from app.card.cards import take_step
from app.card.charges import Charge, Payee, charge, prepare
from app.card.errors import (
    NotAPayment,
    PayerGone,
    PaymentRefunded,
    PaymentReversed,
    PaymentUnknown,
    RefundOverPayment,
    RefundTooLate,
    SequenceReused,
)
from app.card.receipts import SYSTEM, receipt_of
from app.card.states import CardStep
from app.card.structs import SignedReceipt
from app.card.terminal_structs import KnownReversal, SignOn
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import execute, fetch_value, transaction
from app.kernel.idempotency import IdempotencyKeyReused
from app.kernel.ids import new_id, shard_of
from app.kernel.words import Words
from app.privacy import erasing
from app.privacy.erasure import has_begun
from app.residents.people import record_death
from tests.makers.cards import (
    a_card_holder,
    a_paid,
    a_payment,
    a_request,
    a_till,
    balance_fen,
    ledger,
    pay,
    refund,
    reverse,
    told_of,
)
from tests.makers.erasure import due, erased, ordered


class TestRefund:
    async def test_gives_a_part_back_under_a_number_and_receipt_of_its_own(self) -> None:
        citizen, till, payment = await a_paid()

        back = await refund(till, payment, 120, sequence=2)

        assert await balance_fen(citizen) == 820
        said = back.receipt
        assert (said.kind, said.amount_fen, said.sequence, said.reference) == ("refund", 120, 2, str(payment))
        assert await receipt_of(citizen, said.id) == back
        moved = (await queries.transactions(citizen, None, 1)).items[0]
        assert (moved.kind, moved.direction, moved.of_transaction_id) == ("refund", "in", payment)
        assert (await told_of(citizen))[-1] == "card.refunded"
        assert (await ledger()).holds

    async def test_gives_several_parts_back_until_nothing_is_left(self) -> None:
        citizen, till, payment = await a_paid()
        for sequence, fen in enumerate((100, 150, 50), 2):
            await refund(till, payment, fen, sequence)

        with pytest.raises(RefundOverPayment) as refusal:
            await refund(till, payment, 1, 5)

        assert refusal.value.facts == {"sequence": 5, "left_fen": 0}
        assert await balance_fen(citizen) == 1_000

    async def test_refuses_more_than_is_left_and_says_how_much_that_is(self) -> None:
        citizen, till, payment = await a_paid()
        await refund(till, payment, 100, 2)

        with pytest.raises(RefundOverPayment) as refusal:
            await refund(till, payment, 201, 3)

        assert refusal.value.facts["left_fen"] == 200
        assert await balance_fen(citizen) == 800

    async def test_gives_the_first_receipt_again_when_repeated(self) -> None:
        citizen, till, payment = await a_paid()

        first = await refund(till, payment, 300, 2, "one-and-the-same-key")
        again = await refund(till, payment, 300, 2, "one-and-the-same-key")
        under_another_key = await refund(till, payment, 300, 2)

        assert first == again == under_another_key
        assert await balance_fen(citizen) == 1_000
        assert (await told_of(citizen)).count("card.refunded") == 1

    async def test_gives_twenty_parallel_repeats_one_effect(self) -> None:
        citizen, till, payment = await a_paid()

        answers = await asyncio.gather(*(refund(till, payment, 300, 2, "one-and-the-same-key") for _ in range(20)))

        assert all(answer == answers[0] for answer in answers)
        assert await balance_fen(citizen) == 1_000

    async def test_never_gives_back_more_than_was_paid_in_a_race_of_twenty(self) -> None:
        citizen, _, payment = await a_paid(300)
        tills = [a_till(f"t-{number}") for number in range(20)]

        outcomes = await asyncio.gather(*(refund(till, payment, 90) for till in tills), return_exceptions=True)

        assert sum(isinstance(one, SignedReceipt) for one in outcomes) == 3
        assert sum(isinstance(one, RefundOverPayment) for one in outcomes) == 17
        assert await balance_fen(citizen) == 700 + 270
        assert (await ledger()).holds

    async def test_goes_to_a_lost_card(self) -> None:
        citizen, till, payment = await a_paid()
        await take_step(citizen, CardStep.REPORT_LOSS)

        await refund(till, payment, 300)

        assert await balance_fen(citizen) == 1_000

    async def test_goes_to_the_card_of_somebody_who_is_frozen(self) -> None:
        citizen, till, payment = await a_paid()
        async with transaction(SYSTEM):
            await execute("UPDATE resident SET frozen_at = now() WHERE id = $1", citizen.id)

        await refund(till, payment, 300)

        assert await the_balance(citizen) == 1_000

    async def test_goes_to_the_estate_of_the_dead(self) -> None:
        citizen, till, payment = await a_paid()
        async with transaction(SYSTEM):
            await record_death(citizen.id, clock.today())

        await refund(till, payment, 300)

        assert await the_balance(citizen) == 1_000

    async def test_is_refused_where_the_payer_was_erased_and_repeated_where_it_was_before(self) -> None:
        citizen, till, payment = await a_paid(1_000)
        first = await refund(till, payment, 100, 2, "one-and-the-same-key")
        await pay(till, citizen, 100, 3)
        await erased(citizen)

        with pytest.raises(PayerGone):
            await refund(till, payment, 100, 4)
        assert await refund(till, payment, 100, 2, "one-and-the-same-key") == first
        assert await the_balance(citizen) == 0

    async def test_is_never_given_to_somebody_who_is_erased_meanwhile(self) -> None:
        citizen, till, payment = await a_paid(1_000)
        job = await due(await ordered(citizen))

        outcomes = await asyncio.gather(erasing.erase(job), refund(till, payment, 100), return_exceptions=True)

        async with transaction(SYSTEM):
            gone = await has_begun(citizen.id)
        assert outcomes[0] is None
        assert isinstance(outcomes[1], PayerGone if gone else SignedReceipt)
        assert await the_balance(citizen) == (0 if gone else 100)

    async def test_is_given_at_another_till_of_the_merchant_only(self) -> None:
        citizen, _, payment = await a_paid()

        with pytest.raises(PaymentUnknown):
            await refund(a_till("t-9", merchant_code="M9"), payment, 100)
        await refund(a_till("t-2"), payment, 100)

        assert await balance_fen(citizen) == 800

    async def test_knows_no_payment_that_there_isnt(self) -> None:
        with pytest.raises(PaymentUnknown):
            await refund(a_till(), new_id((await a_card_holder()).id), 100)

    async def test_refuses_a_refund_of_a_refund_and_of_a_reversal(self) -> None:
        citizen, till, payment = await a_paid()
        back = (await refund(till, payment, 100, 2)).receipt.id
        other = await a_payment(citizen, 100, 3)
        await payments.pay(till, other, a_request(other))
        undone = (await reverse(till, other)).receipt
        assert undone is not None

        for wrong in (back, undone.receipt.id):
            with pytest.raises(NotAPayment):
                await refund(till, wrong, 50, 9)
            async with transaction(SYSTEM):
                await execute("DELETE FROM terminal_request")

        assert await balance_fen(citizen) == 800

    async def test_refuses_a_refund_of_a_charge_and_of_a_top_up(self) -> None:
        citizen = await a_card_holder(1_000)
        payee = Payee("M000001", Words(zh="振华量贩", en="Zhenhua Supermarket"))
        await prepare(payee)
        async with transaction(citizen):
            charged = await charge(citizen, Charge(new_id(citizen.id), payee, 200, "1"))
        top_up = (await queries.transactions(citizen, None, 2)).items[1]

        with pytest.raises(NotAPayment):
            await refund(a_till(), charged, 100)
        with pytest.raises(PaymentUnknown):
            await refund(a_till(), top_up.id, 100, 102)

        assert await balance_fen(citizen) == 800

    async def test_is_refused_after_a_reversal_and_then_theres_no_reversal_after_a_refund(self) -> None:
        citizen, till = await a_card_holder(1_000), a_till()
        first, second = await a_payment(citizen, 100, 1), await a_payment(citizen, 100, 2)
        receipts = [await payments.pay(till, one, a_request(one)) for one in (first, second)]
        await reverse(till, first)
        await refund(till, receipts[1].receipt.id, 1, 3)

        with pytest.raises(PaymentReversed):
            await refund(till, receipts[0].receipt.id, 1, 4)
        with pytest.raises(PaymentRefunded):
            await reverse(till, second)
        with pytest.raises(PaymentRefunded):
            await reversals.reverse(till, receipts[1].receipt.id, KnownReversal("cancelled"))

        assert await balance_fen(citizen) == 901

    async def test_ends_with_its_days_and_is_repeated_after_them(self, monkeypatch: pytest.MonkeyPatch) -> None:
        citizen, till, payment = await a_paid()
        paid_at, now = (await receipt_of(citizen, payment)).receipt.at, clock.now
        days = timedelta(days=365)

        monkeypatch.setattr(clock, "now", lambda: paid_at + days)
        last = await refund(till, payment, 100, 2, "one-and-the-same-key")
        monkeypatch.setattr(clock, "now", lambda: paid_at + days + timedelta(seconds=1))
        with pytest.raises(RefundTooLate):
            await refund(till, payment, 100, 3)
        again = await refund(till, payment, 100, 2, "one-and-the-same-key")
        monkeypatch.setattr(clock, "now", now)

        assert last == again
        assert await balance_fen(citizen) == 800

    async def test_refuses_a_number_or_key_that_stands_for_something_else(self) -> None:
        citizen, till, payment = await a_paid(sequence=1)
        await refund(till, payment, 100, 2, "one-and-the-same-key")

        for _ in range(2):
            with pytest.raises(SequenceReused):
                await refund(till, payment, 100, 1)
            with pytest.raises(SequenceReused):
                await refund(till, payment, 101, 2)
            with pytest.raises(IdempotencyKeyReused):
                await refund(till, payment, 100, 3, "one-and-the-same-key")
            with pytest.raises(SequenceReused):
                await pay(till, citizen, 100, 2)
            async with transaction(SYSTEM):
                await execute("DELETE FROM terminal_request")

        assert await balance_fen(citizen) == 800

    async def test_counts_in_the_terminals_sequence_also_when_refused(self) -> None:
        _, till, payment = await a_paid()
        await refund(till, payment, 100, 41)
        with pytest.raises(RefundOverPayment):
            await refund(till, payment, 900, 42)

        assert (await payments.sign_on(till, SignOn(), clock.now())).last_sequence == 42


async def the_balance(citizen: Citizen) -> int:
    """What is on a card whose owner can't ask any more."""
    async with transaction(SYSTEM):
        fen: int = await fetch_value(
            "SELECT balance_fen FROM account WHERE shard = $1 AND citizen_id = $2", shard_of(citizen.id), citizen.id
        )
    return fen
