"""Reversing a payment that got no answer: before it, after it, in a race with it, and as often as one likes."""

import asyncio
import contextvars
from datetime import timedelta

import msgspec
import pytest

from app.card import codes, payments, queries, reversals, terminal_requests
from app.card.cards import take_step
from app.card.errors import (
    BalanceTooLow,
    NotAPayment,
    PayerCodeSpent,
    PayerCodeWrong,
    PaymentReversed,
    PaymentUnknown,
    ReversalDiffers,
    ReversalTooLate,
)
from app.card.ledger import post
from app.card.receipts import SYSTEM
from app.card.states import CardStep
from app.card.structs import SignedReceipt
from app.card.terminal_structs import (
    KnownReversal,
    Reversed,
    SignOn,
    TerminalPayment,
)
from app.kernel import clock
from app.kernel.actors import Citizen, Terminal
from app.kernel.database import execute, fetch_value, transaction
from app.kernel.ids import new_id
from tests.app.card.test_group_posting import asked_for, by_itself
from tests.makers.cards import (
    a_card_holder,
    a_payment,
    a_request,
    a_till,
    balance_fen,
    ledger,
    pay,
    refund,
    reverse,
    the_card,
    told_of,
)


async def paid(till: Terminal, payment: TerminalPayment) -> SignedReceipt:
    return await payments.pay(till, payment, a_request(payment))


async def a_payment_of_300(sequence: int = 1) -> tuple[Citizen, Terminal, TerminalPayment]:
    citizen = await a_card_holder(1_000)
    return citizen, a_till(), await a_payment(citizen, 300, sequence)


class TestAfterThePayment:
    async def test_gives_the_money_back_under_the_payments_own_number(self) -> None:
        citizen, till, payment = await a_payment_of_300(7)
        first = await paid(till, payment)

        back = await reverse(till, payment)

        assert back.outcome == "reversed"
        assert back.receipt is not None
        said = back.receipt.receipt
        assert (said.kind, said.amount_fen, said.sequence) == ("reversal", 300, 7)
        assert said.reference == str(first.receipt.id)
        assert await balance_fen(citizen) == 1_000
        moved = (await queries.transactions(citizen, None, 1)).items[0]
        assert (moved.kind, moved.direction, moved.of_transaction_id) == ("reversal", "in", first.receipt.id)
        assert (await told_of(citizen))[-1] == "card.payment_reversed"
        assert (await ledger()).holds

    async def test_reverses_once_and_answers_the_same_however_often_and_by_whichever_way(self) -> None:
        citizen, till, payment = await a_payment_of_300()
        payment_id = (await paid(till, payment)).receipt.id

        answers = await asyncio.gather(
            *(reverse(till, payment) for _ in range(10)),
            *(reversals.reverse(till, payment_id, KnownReversal("cancelled")) for _ in range(10)),
        )

        assert all(answer == answers[0] for answer in answers)
        assert await balance_fen(citizen) == 1_000
        assert (await told_of(citizen)).count("card.payment_reversed") == 1

    async def test_declines_the_payment_when_it_is_asked_for_again(self) -> None:
        citizen, till, payment = await a_payment_of_300()
        once = a_request(payment)
        await payments.pay(till, payment, once)
        await reverse(till, payment)

        for again in (once, a_request(payment)):
            with pytest.raises(PaymentReversed):
                await payments.pay(till, payment, again)

        assert await balance_fen(citizen) == 1_000

    async def test_leaves_the_code_spent(self) -> None:
        _, till, payment = await a_payment_of_300()
        await paid(till, payment)
        await reverse(till, payment)

        with pytest.raises(PayerCodeSpent):
            await paid(till, msgspec.structs.replace(payment, sequence=2))

    async def test_gives_back_to_a_lost_card(self) -> None:
        citizen, till, payment = await a_payment_of_300()
        await paid(till, payment)
        await take_step(citizen, CardStep.REPORT_LOSS)

        await reverse(till, payment)

        assert await balance_fen(citizen) == 1_000

    async def test_is_of_the_same_terminal_only(self) -> None:
        citizen, till, payment = await a_payment_of_300()
        payment_id = (await paid(till, payment)).receipt.id

        for other in (a_till("t-2"), a_till("t-3", merchant_code="M9")):
            assert (await reverse(other, payment)).outcome == "not_paid"
            with pytest.raises(PaymentUnknown):
                await reversals.reverse(other, payment_id, KnownReversal("cancelled"))

        assert await balance_fen(citizen) == 700

    @pytest.mark.parametrize("instead", [{"amount_fen": 301}, {"amount_fen": 299}])
    async def test_refuses_another_amount(self, instead: dict[str, int]) -> None:
        citizen, till, payment = await a_payment_of_300()
        await paid(till, payment)

        with pytest.raises(ReversalDiffers):
            await reverse(till, payment, **instead)

        assert await balance_fen(citizen) == 700

    async def test_refuses_another_code_of_the_card_and_a_foreign_card(self) -> None:
        citizen, till, payment = await a_payment_of_300()
        await paid(till, payment)

        for other in (citizen, *[await a_card_holder(1_000) for _ in range(4)]):
            code = (await a_payment(other, 300)).payer_code
            with pytest.raises(ReversalDiffers):
                await reverse(till, payment, payer_code=code)

        assert await balance_fen(citizen) == 700

    async def test_refuses_to_reverse_a_refund_and_a_reversal(self) -> None:
        citizen, till, payment = await a_payment_of_300()
        payment_id = (await paid(till, payment)).receipt.id
        back = (await refund(till, payment_id, 100, 2)).receipt.id

        with pytest.raises(NotAPayment):
            await reversals.reverse(till, back, KnownReversal("cancelled"))
        with pytest.raises(ReversalDiffers):
            await reverse(till, payment, of_sequence=2)

        assert await balance_fen(citizen) == 800

    async def test_ends_with_its_hours_and_is_repeated_after_them(self, monkeypatch: pytest.MonkeyPatch) -> None:
        citizen, till, payment = await a_payment_of_300()
        other = await a_payment(citizen, 100, 2)
        first_at = (await paid(till, payment)).receipt.at
        await paid(till, other)
        now, day = clock.now, timedelta(hours=24)

        monkeypatch.setattr(clock, "now", lambda: first_at + day)
        last = await reverse(till, payment)
        monkeypatch.setattr(clock, "now", lambda: first_at + day + timedelta(minutes=1))
        with pytest.raises(ReversalTooLate):
            await reverse(till, other)
        again = await reverse(till, payment)
        monkeypatch.setattr(clock, "now", now)

        assert last == again
        assert await balance_fen(citizen) == 900


class TestBeforeThePayment:
    async def test_stands_so_that_the_late_payment_is_declined(self) -> None:
        citizen, till, payment = await a_payment_of_300()

        first, again = await reverse(till, payment), await reverse(till, payment)
        for _ in range(2):
            with pytest.raises(PaymentReversed):
                await paid(till, payment)

        assert first == again == Reversed("not_paid", None) == await reverse(till, payment)
        assert await balance_fen(citizen) == 1_000
        assert await declines_of(citizen) == 1
        assert (await ledger()).holds

    async def test_leaves_the_code_to_be_used_under_another_number(self) -> None:
        citizen, till, payment = await a_payment_of_300()
        await reverse(till, payment)

        await paid(till, msgspec.structs.replace(payment, sequence=2))

        assert await balance_fen(citizen) == 700

    async def test_concerns_no_other_terminal(self) -> None:
        citizen, till, payment = await a_payment_of_300()
        await reverse(till, payment)

        await paid(a_till("t-2"), payment)

        assert await balance_fen(citizen) == 700

    async def test_declines_whatever_comes_from_the_card_under_the_number(self) -> None:
        citizen, till, payment = await a_payment_of_300()
        await reverse(till, payment)

        with pytest.raises(PaymentReversed):
            await pay(till, citizen, 5, payment.sequence)
        single = (await asked_for(citizen, 5, payment.sequence))._replace(principal=till.principal)
        async with transaction(SYSTEM):
            outcome = await post(await by_itself(citizen, single))

        assert outcome.code == "payment_reversed"
        assert await balance_fen(citizen) == 1_000

    async def test_stands_when_claims_are_forgotten(self, monkeypatch: pytest.MonkeyPatch) -> None:
        citizen, till, payment = await a_payment_of_300()
        await reverse(till, payment)
        monkeypatch.setattr(terminal_requests, "KEPT", -timedelta(days=1))
        await terminal_requests.sweep()

        with pytest.raises(PaymentReversed):
            await paid(till, payment)

        assert await balance_fen(citizen) == 1_000

    async def test_says_that_a_declined_payment_was_not_paid_and_leaves_it_declined(self) -> None:
        citizen, till, payment = await a_payment_of_300()
        dear = msgspec.structs.replace(payment, amount_fen=1_001)
        once = a_request(dear)
        with pytest.raises(BalanceTooLow):
            await payments.pay(till, dear, once)

        assert (await reverse(till, dear)).outcome == "not_paid"
        with pytest.raises(BalanceTooLow):
            await payments.pay(till, dear, once)
        assert await declines_of(citizen) == 1

    async def test_counts_in_the_terminals_sequence(self) -> None:
        _, till, payment = await a_payment_of_300(42)

        await reverse(till, payment)

        assert (await payments.sign_on(till, SignOn(), clock.now())).last_sequence == 42

    @pytest.mark.parametrize("code", ["A" * 111, "nonsense", "0"])
    async def test_refuses_what_is_no_code(self, code: str) -> None:
        _, till, payment = await a_payment_of_300()

        with pytest.raises(PayerCodeWrong):
            await reverse(till, payment, payer_code=code)

    async def test_refuses_a_code_of_a_card_that_is_not_there(self) -> None:
        citizen, till, payment = await a_payment_of_300()
        code = codes.write_code(codes.new_code(citizen.id, clock.now()))

        with pytest.raises(PayerCodeWrong):
            await reverse(till, payment, payer_code=code)

    async def test_refuses_a_code_so_old_that_nothing_by_it_is_reversed(self) -> None:
        citizen, till, payment = await a_payment_of_300()
        old = codes.new_code(
            (await the_card(citizen))["id"], clock.now() - codes.LIVES - timedelta(hours=24, seconds=1)
        )

        with pytest.raises(ReversalTooLate):
            await reverse(till, payment, payer_code=codes.write_code(old))

        assert await declines_of(citizen) == 0

    async def test_knows_no_receipt_that_there_isnt(self) -> None:
        citizen, till, _ = await a_payment_of_300()

        with pytest.raises(PaymentUnknown):
            await reversals.reverse(till, new_id(citizen.id), KnownReversal("no_answer"))


async def test_a_reversal_that_races_its_payment_leaves_the_card_whole_thirty_times() -> None:
    citizen, till = await a_card_holder(1_000), a_till()
    first = {"reversed": 0, "not_paid": 0}
    for number in range(1, 31):
        payment = await a_payment(citizen, 300, number)
        asked, undone = await asyncio.gather(
            _after(number % 3, paid(till, payment)),
            _after(number % 5 * 4, reverse(till, payment)),
            return_exceptions=True,
        )
        assert isinstance(undone, Reversed), undone
        assert isinstance(asked, SignedReceipt | PaymentReversed), asked
        assert isinstance(asked, PaymentReversed) or undone.outcome == "reversed"
        first[undone.outcome] += 1
        assert await balance_fen(citizen) == 1_000
        with pytest.raises(PaymentReversed):
            await paid(till, payment)

    assert first["reversed"], first
    assert first["not_paid"], first
    assert (await ledger()).holds


async def _after(milliseconds: int, work: object) -> object:
    await asyncio.sleep(milliseconds / 1_000)
    return await work  # type: ignore[misc]


async def declines_of(citizen: Citizen) -> int:
    async with transaction(SYSTEM):
        count: int = await fetch_value("SELECT count(*) FROM declined_payment WHERE citizen_id = $1", citizen.id)
    return count


async def test_waits_for_whoever_changes_the_card_and_holds_nothing_that_they_want() -> None:
    citizen, till, payment = await a_payment_of_300()
    await paid(till, payment)
    card = await the_card(citizen)

    async with transaction(SYSTEM):
        await fetch_value("SELECT 1 FROM card WHERE shard = $1 AND id = $2 FOR UPDATE", card["shard"], card["id"])
        undoing = asyncio.create_task(reverse(till, payment), context=contextvars.Context())
        await asyncio.sleep(0.2)
        await execute("UPDATE card SET state = 'lost' WHERE shard = $1 AND id = $2", card["shard"], card["id"])

    assert (await undoing).outcome == "reversed"
    assert await balance_fen(citizen) == 1_000
