"""A day is settled: to the fen, once, whatever races or is killed, and what is given back later is netted."""

import asyncio
from datetime import time, timedelta
from typing import Any

import pytest

from app.card import payments
from app.kernel.calendar import is_working_day
from app.settlement import files, payouts, posting, running
from app.settlement.checking import check_settlement
from app.settlement.errors import DayNotOver, DaySettled
from tests.makers.cards import a_card_holder, a_payment, a_request, ledger, pay, refund, reverse
from tests.makers.days import let_it_be
from tests.makers.files import a_store
from tests.makers.settlement import a_new_day, a_shop, close, entries, holders_apart, settle_after, settled, totals


class TestWorkedExamples:
    async def test_pays_what_was_taken_less_what_was_given_back_and_the_fee(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        day, till = a_new_day(monkeypatch), await a_shop()
        for sequence, fen in enumerate((12_345, 200, 65), 1):
            await pay(till, await a_card_holder(20_000), fen, sequence)
        buyer = await a_card_holder(20_000)
        paid = await pay(till, buyer, 10_000, 4)
        await refund(till, paid.receipt.id, 2_500, sequence=5)
        undone = await a_payment(buyer, 777, 6)
        await payments.pay(till, undone, a_request(undone))
        await reverse(till, undone)

        await settle_after(monkeypatch, day)

        row = await settled(till.merchant_code, day)
        # 0.38 %, half up for each: 46.911 -> 47, 0.76 -> 1, 0.247 -> 0, 38, 2.9526 -> 3; back: 38 - 28.5 (29) = 9, and 3.
        assert row["fee_fen"] == 47 + 1 + 0 + 38 + 3 - 9 - 3
        assert (row["payments_count"], row["payments_fen"]) == (5, 12_345 + 200 + 65 + 10_000 + 777)
        assert (row["refunds_count"], row["refunds_fen"], row["reversals_count"]) == (1, 2_500, 1)
        assert row["payout_fen"] == 12_345 + 200 + 65 + 10_000 - 2_500 - 77
        assert (await ledger()).holds
        assert (await check_settlement()).holds

    async def test_takes_the_fee_of_what_a_merchant_sells(self, monkeypatch: pytest.MonkeyPatch) -> None:
        day, bus, clinic = a_new_day(monkeypatch), await a_shop("4111"), await a_shop("8062")
        citizen = await a_card_holder(20_000)
        await pay(bus, citizen, 10_000)
        await pay(clinic, citizen, 10_000)

        await settle_after(monkeypatch, day)

        assert (await settled(bus.merchant_code, day))["fee_fen"] == 10
        assert (await settled(clinic.merchant_code, day))["fee_fen"] == 0

    async def test_nets_a_late_refund_and_carries_what_a_merchant_owes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        day, till, citizen = a_new_day(monkeypatch), await a_shop(), await a_card_holder(20_000)
        paid = await pay(till, citizen, 10_000, 1)
        await settle_after(monkeypatch, day)
        second = a_new_day(monkeypatch)
        await refund(till, paid.receipt.id, 10_000, 2)
        await settle_after(monkeypatch, second)
        third = a_new_day(monkeypatch)
        await pay(till, citizen, 15_000, 3)
        await settle_after(monkeypatch, third)

        first, owing, last = [await settled(till.merchant_code, one) for one in (day, second, third)]
        assert (first["payout_fen"], first["carried_out_fen"]) == (9_962, 0)
        assert (owing["payout_fen"], owing["carried_out_fen"], owing["fee_fen"]) == (0, -9_962, -38)
        assert (last["carried_in_fen"], last["payout_fen"]) == (-9_962, 15_000 - 57 - 9_962)
        assert (await check_settlement()).holds
        assert (await ledger()).holds

    async def test_pays_out_on_the_next_working_day(self, monkeypatch: pytest.MonkeyPatch) -> None:
        day = a_new_day(monkeypatch)
        while day.weekday() != 4 or not is_working_day(day + timedelta(days=3)):
            day = a_new_day(monkeypatch)
        till = await a_shop()
        await pay(till, await a_card_holder(1_000), 100)

        await settle_after(monkeypatch, day)

        assert (await settled(till.merchant_code, day))["pay_on"] == day + timedelta(days=3)


class TestCutOff:
    async def test_takes_what_came_before_it_and_leaves_what_came_after(self, monkeypatch: pytest.MonkeyPatch) -> None:
        day, till, citizen = a_new_day(monkeypatch), await a_shop(), await a_card_holder(1_000)
        for sequence, at in enumerate((time(22, 59, 59, 999_999), time(23), time(23, 0, 0, 1)), 1):
            let_it_be(monkeypatch, day, at)
            await pay(till, citizen, 10**sequence % 999, sequence)

        await settle_after(monkeypatch, day)
        first = await settled(till.merchant_code, day)
        await settle_after(monkeypatch, a_new_day(monkeypatch))

        assert (first["payments_count"], first["payments_fen"]) == (1, 10)
        later = await settled(till.merchant_code, day + timedelta(days=1))
        assert (later["payments_count"], later["payments_fen"]) == (2, 101)

    async def test_is_over_only_after_the_time_of_grace(self, monkeypatch: pytest.MonkeyPatch) -> None:
        day = a_new_day(monkeypatch)
        let_it_be(monkeypatch, day, time(23, 59, 59))

        with pytest.raises(DayNotOver) as refused:
            await running.settle(a_store(), day)

        assert refused.value.facts["last_over"] == day - timedelta(days=1)

    async def test_goes_forward_only(self, monkeypatch: pytest.MonkeyPatch) -> None:
        day = a_new_day(monkeypatch)
        a_new_day(monkeypatch)
        await settle_after(monkeypatch, day + timedelta(days=1))

        with pytest.raises(DaySettled):
            await running.settle(a_store(), day)
        assert await running.days_to_settle() == []

    async def test_is_gone_through_day_by_day_where_days_were_missed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        days = [a_new_day(monkeypatch) for _ in range(3)]
        await settle_after(monkeypatch, days[0])
        let_it_be(monkeypatch, days[2], time(1))

        assert await running.days_to_settle() == [days[1]]
        await running.settle_due(a_store())

        assert await running.days_to_settle() == []


class TestOnce:
    async def test_though_it_is_run_again_and_by_several_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        day, till, citizen = a_new_day(monkeypatch), await a_shop(), await a_card_holder(1_000)
        await pay(till, citizen, 500)
        let_it_be(monkeypatch, day + timedelta(days=1), time(2))

        await asyncio.gather(*(running.settle(a_store(), day) for _ in range(4)))
        once = await entries(till.merchant_code)
        await running.settle(a_store(), day)

        assert await entries(till.merchant_code) == once
        assert sorted(one["purpose"] for one in once) == ["fee", "payout", "terminal_sales"]
        assert (await check_settlement()).holds
        assert (await ledger()).holds

    @pytest.mark.parametrize(
        ("module", "step"), [(posting, "post_in_shard"), (payouts, "pay_out_in_shard"), (files, "make")]
    )
    async def test_and_goes_on_where_it_was_killed(
        self, monkeypatch: pytest.MonkeyPatch, module: Any, step: str
    ) -> None:
        day, till = a_new_day(monkeypatch), await a_shop()
        for sequence, citizen in enumerate(await holders_apart(), 1):
            await pay(till, citizen, 500, sequence)
        real, calls = getattr(module, step), []

        async def killed(*told: Any) -> Any:
            calls.append(told)
            if len(calls) == 2 or step == "make":
                raise KeyboardInterrupt
            return await real(*told)

        with monkeypatch.context() as broken:
            broken.setattr(module, step, killed)
            with pytest.raises(KeyboardInterrupt):
                await settle_after(broken, day)

        await settle_after(monkeypatch, day)

        assert (await settled(till.merchant_code, day))["payout_fen"] == 1_000 - 4
        assert await running.days_to_settle() == []
        assert (await check_settlement()).holds
        assert (await ledger()).holds

    async def test_takes_no_other_totals_for_a_day_that_is_settled(self, monkeypatch: pytest.MonkeyPatch) -> None:
        day, till = a_new_day(monkeypatch), await a_shop()
        first = await close(till, totals())
        await settle_after(monkeypatch, day)

        with pytest.raises(DaySettled):
            await close(till, totals(day=day, attempt=2))
        assert await close(till, totals(day=day)) == first
