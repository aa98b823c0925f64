"""Paying by a merchant's code: once for a bill, as often as asked without one, and never more than allowed."""

import asyncio

import msgspec
import pytest

from app.card import cards, merchant_codes, scanning
from app.card.errors import (
    BalanceTooLow,
    CardLost,
    CardNotOpened,
    NewDevicePaymentOverLimit,
    PayerFrozen,
    PaymentOverLimit,
)
from app.card.limits import limit_on
from app.card.queries import transactions
from app.card.receipts import receipt_of
from app.card.scan_errors import (
    AmountDiffers,
    AmountMissing,
    MerchantCodeForeign,
    MerchantCodePaid,
    MerchantCodeStopped,
)
from app.card.scan_structs import MerchantPaid, ScannedCode
from app.card.states import CardStep
from app.card.verifying import ReceiptVerifier
from app.kernel import clock
from app.kernel.actors import AssuranceTooLow, Citizen
from app.kernel.database import execute, transaction
from app.kernel.idempotency import IdempotencyKeyMissing, IdempotencyKeyReused, Once
from app.kernel.ids import shard_of
from app.residents.people import RESIDENTS
from tests.app.card.test_emvco import STATIC
from tests.makers.cards import a_card_holder, balance_fen, ledger, told_of, top_up
from tests.makers.merchants import GROCER, MERCHANT, a_bill_code, a_code, a_scan_request, scanned
from tests.makers.people import a_citizen

STEP_UP_FEN = limit_on(clock.today(), "scan_step_up_fen")


async def a_rich_one(level: int = 2) -> Citizen:
    """A citizen with 5,000 yuan on the card."""
    citizen = await a_card_holder(200_000)
    for amount_fen in (200_000, 100_000):
        await top_up(citizen, amount_fen)
    return msgspec.structs.replace(citizen, level=level)


class TestPay:
    async def test_takes_the_amount_and_gives_a_receipt(self) -> None:
        citizen = await a_card_holder(50_000)

        paid = await scanned(citizen, await a_code(19_842, "202611-77"))

        assert (paid.merchant_code, paid.merchant, paid.amount_fen, paid.reference) == (
            MERCHANT,
            GROCER,
            19_842,
            "202611-77",
        )
        assert await balance_fen(citizen) == 30_158
        shown = (await receipt_of(citizen, paid.transaction_id)).receipt
        assert (shown.kind, shown.merchant, shown.reference) == ("charge", GROCER, "202611-77")
        found = await ReceiptVerifier().find(str(paid.transaction_id))
        assert found is not None
        assert found.holds
        assert (await transactions(citizen, None, 1)).items[0].merchant == GROCER
        assert (await told_of(citizen))[-1] == "card.charged"
        assert (await ledger()).holds

    async def test_pays_what_the_payer_says_where_the_code_leaves_it_open(self) -> None:
        citizen, code = await a_card_holder(1_000), await a_code()

        for _ in range(2):
            await scanned(citizen, code, 300)

        assert await balance_fen(citizen) == 400

    async def test_pays_a_fixed_price_again_and_again(self) -> None:
        citizen, code = await a_card_holder(1_000), await a_code(200)

        for amount_fen in (None, 200):
            await scanned(citizen, code, amount_fen)

        assert await balance_fen(citizen) == 600

    async def test_pays_once_when_repeated_even_after_the_code_was_withdrawn(self) -> None:
        citizen, code = await a_card_holder(1_000), await a_code()
        first = await scanned(citizen, code, 300, "one-and-the-same-key")
        await merchant_codes.stop(code)

        assert await scanned(citizen, code, 300, "one-and-the-same-key") == first
        assert await balance_fen(citizen) == 700

    async def test_gives_fifty_parallel_repeats_one_effect_and_one_answer(self) -> None:
        citizen, asked = await a_card_holder(1_000), ScannedCode(await a_code(), 300)
        once = a_scan_request(asked)

        answers = await asyncio.gather(*(scanning.pay(citizen, asked, once) for _ in range(50)))

        assert all(answer == answers[0] for answer in answers)
        assert await balance_fen(citizen) == 700
        assert (await told_of(citizen)).count("card.charged") == 1
        assert (await ledger()).holds

    async def test_lets_one_of_fifty_spend_the_whole_balance(self) -> None:
        citizen, code = await a_card_holder(1_000), await a_code()

        outcomes = await asyncio.gather(*(scanned(citizen, code, 1_000) for _ in range(50)), return_exceptions=True)

        assert sum(isinstance(outcome, MerchantPaid) for outcome in outcomes) == 1
        assert sum(isinstance(outcome, BalanceTooLow) for outcome in outcomes) == 49
        assert await balance_fen(citizen) == 0

    async def test_pays_a_bill_once_whoever_scans_it(self) -> None:
        first, second, code = await a_card_holder(50_000), await a_card_holder(50_000), await a_bill_code()
        await scanned(first, code)

        for citizen in (first, second):
            with pytest.raises(MerchantCodePaid):
                await scanned(citizen, code)

        assert [await balance_fen(one) for one in (first, second)] == [30_158, 50_000]

    async def test_lets_one_of_many_people_pay_a_bill(self) -> None:
        people, code = [await a_card_holder(50_000) for _ in range(10)], await a_bill_code()

        outcomes = await asyncio.gather(*(scanned(one, code) for one in people), return_exceptions=True)

        assert sum(isinstance(outcome, MerchantPaid) for outcome in outcomes) == 1
        assert sum(isinstance(outcome, MerchantCodePaid) for outcome in outcomes) == 9
        assert sorted([await balance_fen(one) for one in people]) == [30_158, *[50_000] * 9]

    async def test_leaves_a_bill_open_whose_payer_had_too_little(self) -> None:
        poor, rich, code = await a_card_holder(100), await a_card_holder(50_000), await a_bill_code()
        with pytest.raises(BalanceTooLow):
            await scanned(poor, code)

        assert (await scanned(rich, code)).amount_fen == 19_842

    async def test_needs_an_idempotency_key(self) -> None:
        with pytest.raises(IdempotencyKeyMissing):
            await scanning.pay(
                await a_card_holder(1_000), ScannedCode(await a_code(), 300), Once(None, "POST", "/v1/card/pay", b"")
            )

    async def test_refuses_a_key_used_for_another_payment(self) -> None:
        citizen, code = await a_card_holder(1_000), await a_code()
        await scanned(citizen, code, 300, "one-and-the-same-key")

        with pytest.raises(IdempotencyKeyReused):
            await scanned(citizen, code, 400, "one-and-the-same-key")

        assert await balance_fen(citizen) == 700

    @pytest.mark.parametrize("told_fen", [1, 19_841, 1_984_200])
    async def test_refuses_another_amount_than_the_codes(self, told_fen: int) -> None:
        citizen = await a_card_holder(50_000)

        with pytest.raises(AmountDiffers) as refusal:
            await scanned(citizen, await a_bill_code(), told_fen)

        assert refusal.value.facts == {"amount_fen": 19_842}
        assert await balance_fen(citizen) == 50_000

    async def test_refuses_a_code_without_amount_that_nobody_names_one_for(self) -> None:
        with pytest.raises(AmountMissing):
            await scanned(await a_card_holder(1_000), await a_code())

    async def test_refuses_foreign_and_withdrawn_codes(self) -> None:
        citizen, stopped = await a_card_holder(1_000), await a_code()
        await merchant_codes.stop(stopped)

        for code, refusal in ((STATIC, MerchantCodeForeign), (stopped, MerchantCodeStopped)):
            with pytest.raises(refusal):
                await scanned(citizen, code, 100)

    async def test_refuses_by_name_what_the_card_may_not(self) -> None:
        loser, rich = await a_card_holder(1_000), await a_rich_one(level=3)
        await cards.take_step(loser, CardStep.REPORT_LOSS)
        newcomer = msgspec.structs.replace(rich, device_since=clock.now())
        code = await a_code()

        for citizen, amount_fen, refusal in (
            (await a_card_holder(299), 300, BalanceTooLow),
            (loser, 300, CardLost),
            (await a_citizen(), 300, CardNotOpened),
            (rich, limit_on(clock.today(), "charge_max_fen") + 1, PaymentOverLimit),
            (newcomer, limit_on(clock.today(), "new_device_payment_fen") + 1, NewDevicePaymentOverLimit),
        ):
            with pytest.raises(refusal):
                await scanned(citizen, code, amount_fen)

        assert await balance_fen(rich) == 500_000

    async def test_refuses_whose_identity_is_frozen(self) -> None:
        citizen = await a_card_holder(1_000)
        async with transaction(RESIDENTS):
            await execute(
                "UPDATE resident SET frozen_at = $3 WHERE shard = $1 AND id = $2",
                shard_of(citizen.id),
                citizen.id,
                clock.now(),
            )

        with pytest.raises(PayerFrozen):
            await scanned(citizen, await a_code(), 300)

    async def test_asks_for_the_device_above_the_limit_only(self) -> None:
        citizen, code = await a_rich_one(), await a_code()

        await scanned(citizen, code, STEP_UP_FEN)
        with pytest.raises(AssuranceTooLow) as refusal:
            await scanned(citizen, code, STEP_UP_FEN + 1)
        await scanned(msgspec.structs.replace(citizen, level=3), code, STEP_UP_FEN + 1)

        assert refusal.value.facts["required_level"] == 3
        assert await balance_fen(citizen) == 500_000 - 2 * STEP_UP_FEN - 1


class TestPreview:
    async def test_says_who_is_paid_what_for_and_pays_nothing(self) -> None:
        citizen, code = await a_card_holder(50_000), await a_code(19_842, "202611-78", terminal="T-1")

        for _ in range(2):
            seen = await scanning.preview(citizen, ScannedCode(code))

        assert (seen.merchant, seen.amount_fen, seen.amount_is_fixed, seen.reference) == (
            GROCER,
            19_842,
            True,
            "202611-78",
        )
        assert (seen.terminal_code, seen.obstacle) == ("T-1", None)
        assert await balance_fen(citizen) == 50_000

    async def test_leaves_the_amount_open_where_nobody_named_it(self) -> None:
        citizen, code = await a_card_holder(), await a_code()

        unnamed, named = [await scanning.preview(citizen, ScannedCode(code, fen)) for fen in (None, 5)]

        assert (unnamed.amount_fen, unnamed.amount_is_fixed, unnamed.obstacle) == (None, False, None)
        assert named.obstacle is not None
        assert (named.amount_fen, named.obstacle.code) == (5, "balance_too_low")

    async def test_names_what_stands_in_the_way(self) -> None:
        loser, rich, code = await a_card_holder(1_000), await a_rich_one(), await a_code()
        await cards.take_step(loser, CardStep.REPORT_LOSS)

        for citizen, amount_fen, obstacle, level in (
            (await a_citizen(), None, "card_not_opened", None),
            (loser, 300, "card_lost", None),
            (rich, STEP_UP_FEN + 1, "assurance_too_low", 3),
            (rich, limit_on(clock.today(), "charge_max_fen") + 1, "payment_over_limit", None),
        ):
            seen = await scanning.preview(citizen, ScannedCode(code, amount_fen))
            assert seen.obstacle is not None
            assert (seen.obstacle.code, seen.obstacle.required_level) == (obstacle, level)

    async def test_refuses_what_paying_refuses_of_the_code(self) -> None:
        citizen, bill = await a_card_holder(50_000), await a_bill_code()
        await scanned(citizen, bill)

        for code, refusal in ((bill, MerchantCodePaid), (STATIC, MerchantCodeForeign)):
            with pytest.raises(refusal):
                await scanning.preview(citizen, ScannedCode(code))
