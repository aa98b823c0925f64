"""Refunds, their callbacks and the bills of the city's WeChat Pay, rightly and as wrong as it is told to."""

import sqlite3
import uuid
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta

import pytest

from app.kernel import clock
from integrations.city.world import DATABASE
from integrations.wechat_pay.client import WeChatPay
from integrations.wechat_pay.errors import (
    CallbackUntrusted,
    PaymentBillNotReady,
    PaymentBillWrong,
    PaymentRequestWrong,
    PaymentTooFrequent,
)
from integrations.wechat_pay.port import PrepayOrder, RefundOrder, RefundState, TradeState
from tests.integrations.city.test_pay_platform import a_channel, a_portal, an_order, pay
from tests.makers.city import Town


async def a_paid_order(town: Town, channel: WeChatPay | None = None) -> PrepayOrder:
    order = an_order()
    await (channel or a_channel(town)).prepay(order)
    assert (await pay(town, order)).is_success
    return order


def a_refund(order: PrepayOrder, fen: int = 5_000, total: int = 5_000) -> RefundOrder:
    return RefundOrder(f"R{uuid.uuid4().hex}", order.out_trade_no, fen, total, "退款")


async def put(town: Town, what: str, **manner: object) -> None:
    assert (await town.http.put(f"/control/wechat-pay/{what}", json=manner)).is_success


@pytest.fixture(autouse=True)
async def healed(town: Town) -> AsyncIterator[None]:
    await put(town, "refunds", interval_seconds=0)
    yield
    await put(town, "refunds")
    await put(town, "bills")


class TestRefunds:
    @pytest.mark.parametrize(
        ("ending", "state"),
        [
            ("SUCCESS", RefundState.REFUNDED),
            ("ABNORMAL", RefundState.ABNORMAL),
            ("CLOSED", RefundState.CLOSED),
            ("PROCESSING", RefundState.PROCESSING),
        ],
    )
    async def test_end_as_they_are_told_to(self, town: Town, ending: str, state: RefundState) -> None:
        await put(town, "refunds", ending=ending, interval_seconds=0)
        refund = a_refund(await a_paid_order(town))
        await a_channel(town).refund(refund)

        assert (await a_channel(town).query_refund(refund.refund_number)).state is state

    async def test_go_on_until_their_time_or_are_ended_by_hand(self, town: Town) -> None:
        await put(town, "refunds", after_seconds=600, interval_seconds=0)
        refund = a_refund(await a_paid_order(town))
        first = await a_channel(town).refund(refund)
        await town.control("POST", "wechat-pay/refunds/end", out_refund_no=refund.refund_number)

        second = await a_channel(town).query_refund(refund.refund_number)

        assert (first.state, second.state) == (RefundState.PROCESSING, RefundState.REFUNDED)
        assert second.success_time is not None

    async def test_are_a_minute_apart(self, town: Town) -> None:
        await put(town, "refunds")
        order = await a_paid_order(town)
        await a_channel(town).refund(a_refund(order, 100))

        with pytest.raises(PaymentTooFrequent):
            await a_channel(town).refund(a_refund(order, 100))

    async def test_are_fifty_at_most_and_within_a_year(self, town: Town) -> None:
        often, old = await a_paid_order(town), await a_paid_order(town)
        await a_channel(town).refund(a_refund(often, 1))
        paid_at = (clock.now() - timedelta(days=366)).isoformat(timespec="seconds")
        with closing(sqlite3.connect(town.options.folder / DATABASE, timeout=10)) as store, store:
            store.execute(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 49) INSERT INTO pay_refund "
                "SELECT out_refund_no || '-' || i, out_trade_no, request, refund_id, created_at, ending, ends_at FROM pay_refund, n "
                "WHERE out_trade_no = ?",
                (often.out_trade_no,),
            )
            store.execute("UPDATE pay_order SET success_time = ? WHERE out_trade_no = ?", (paid_at, old.out_trade_no))

        for order in (often, old):
            with pytest.raises(PaymentRequestWrong):
                await a_channel(town).refund(a_refund(order, 1))

    async def test_of_another_total_are_refused(self, town: Town) -> None:
        with pytest.raises(PaymentRequestWrong):
            await a_channel(town).refund(a_refund(await a_paid_order(town), 1, 4_999))

    async def test_that_were_closed_leave_the_money_where_it_was(self, town: Town) -> None:
        await put(town, "refunds", ending="CLOSED", interval_seconds=0)
        order = await a_paid_order(town)
        await a_channel(town).refund(a_refund(order))

        assert (await a_channel(town).refund(a_refund(order))).amount_fen == 5_000

    async def test_may_be_of_an_order_that_was_paid_late(self, town: Town) -> None:
        order = an_order()
        await a_channel(town).prepay(order)
        await a_channel(town).close(order.out_trade_no)

        late = await town.control("POST", "wechat-pay/pay", out_trade_no=order.out_trade_no, late=True)

        assert late.is_success
        assert (await a_channel(town).query(order.out_trade_no)).state is TradeState.SUCCESS
        assert (await a_channel(town).refund(a_refund(order))).amount_fen == 5_000


class TestCallbacks:
    async def test_tell_how_a_refund_ended(self, town: Town) -> None:
        async with a_portal() as portal:
            channel = a_channel(town, notify_url=f"{portal.url}/callbacks")
            order = await a_paid_order(town, channel)
            refund = a_refund(order, 3_000)
            await channel.refund(refund)
            await portal.called(2)

        notices = [channel.read_refund_callback(*call) for call in portal.calls[1:]]
        assert [(one.refund_number, one.state, one.amount_fen, one.total_fen) for one in notices] == [
            (refund.refund_number, RefundState.REFUNDED, 3_000, 5_000)
        ]

    async def test_are_as_wrong_as_they_are_ordered(self, town: Town) -> None:
        async with a_portal() as portal:
            channel = a_channel(town, notify_url=f"{portal.url}/callbacks")
            order = await a_paid_order(town, channel)
            await portal.called(1)
            number = order.out_trade_no
            for wrong in ({"forged": True}, {"seconds_ago": 400}, {"amount_fen": 4_999}, {"notice_id": "EV-AGAIN"}):
                asked = {"out_trade_no": number} | wrong
                assert (await town.http.post("/control/wechat-pay/callbacks", json=asked)).status_code == 202
            await portal.called(5)

        read = []
        for call in portal.calls[1:]:
            try:
                notice = channel.read_callback(*call)
            except CallbackUntrusted as untrusted:
                read.append(untrusted.facts["reason"])
            else:
                read.append((notice.amount_fen, notice.id == "EV-AGAIN"))
        assert sorted(map(str, read)) == sorted(map(str, ["signature", "time", (4_999, False), (5_000, True)]))

    async def test_of_what_never_was_are_refused(self, town: Town) -> None:
        asked = {"out_trade_no": "NEVER-1"}

        assert (await town.http.post("/control/wechat-pay/callbacks", json=asked)).status_code == 404
        assert (await town.control("POST", "wechat-pay/refunds/end", out_refund_no="NEVER-1")).status_code == 404


class TestBills:
    async def test_lack_change_and_invent_rows(self, town: Town) -> None:
        kept, missing, changed = [await a_paid_order(town) for _ in range(3)]
        refund = a_refund(kept, 3_000)
        await a_channel(town).refund(refund)
        await put(town, "refunds", after_seconds=600, interval_seconds=0)
        under_way = a_refund(kept, 1_000)
        await a_channel(town).refund(under_way)
        await put(
            town,
            "bills",
            early=True,
            missing=[missing.out_trade_no],
            changed_fen={changed.out_trade_no: 4_999, refund.refund_number: 2_999},
            extra=[{"out_trade_no": "YT-EXTRA-1", "amount_fen": 7}],
        )

        bill = await a_channel(town).trade_bill(clock.today())

        told = {(line.refund_number or line.order_number): line.amount_fen for line in bill.lines}
        assert (told[kept.out_trade_no], told[changed.out_trade_no], told[refund.refund_number]) == (
            5_000,
            4_999,
            2_999,
        )
        assert (told["YT-EXTRA-1"], missing.out_trade_no in told, under_way.refund_number in told) == (7, False, False)

    @pytest.mark.parametrize("broken", ["digest", "count", "sum"])
    async def test_that_are_broken_are_refused(self, town: Town, broken: str) -> None:
        await a_paid_order(town)
        await put(town, "bills", early=True, broken=broken)

        with pytest.raises(PaymentBillWrong) as refused:
            await a_channel(town).trade_bill(clock.today())
        assert refused.value.facts["reason"] == broken

    async def test_are_made_the_next_day_and_empty_without_trades(self, town: Town) -> None:
        with pytest.raises(PaymentBillNotReady):
            await a_channel(town).trade_bill(clock.today())
        with pytest.raises(PaymentRequestWrong):
            await a_channel(town).trade_bill(clock.today() + timedelta(days=1))

        assert (await a_channel(town).trade_bill(clock.today() - timedelta(days=9))).lines == ()

    async def test_lie_there_for_whoever_signs_and_has_the_token(self, town: Town) -> None:
        unsigned = await town.http.get("/wechat-pay/v3/billdownload/file?token=x")
        elsewhere = a_channel(town)

        assert (unsigned.status_code, unsigned.json()["code"]) == (401, "SIGN_ERROR")
        with pytest.raises(PaymentRequestWrong):
            await elsewhere.download(f"{town.options.origin}/wechat-pay/v3/billdownload/file?token=x")
        with pytest.raises(PaymentBillWrong):
            await elsewhere.download("http://127.0.0.1:9/file")
