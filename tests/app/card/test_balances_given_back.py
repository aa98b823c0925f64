"""What becomes of a cancelled card's balance when the channel fails, when a process is killed, and what its owner is told."""

import asyncio
from uuid import UUID

import httpx
import pytest

from app.card import payouts
from app.card.channel_checking import waiting_for_a_person
from app.card.channel_refunds import WatchRefund, settle_refund
from app.card.receipts import SYSTEM
from app.card.refund_watching import GIVEN_UP_AFTER, watch_refund
from app.card.settling import settle
from app.kernel.database import fetch_all, transaction
from app.notices.inbox import inbox
from integrations.wechat_pay.client import WeChatPay
from integrations.wechat_pay.port import RefundOrder, RefundState, RefundTold, TradeState
from tests.makers.cancelling import QUICK, begun, give_all_back, seen
from tests.makers.cards import (
    a_card_holder,
    an_order,
    ledger,
    paid,
    told_of,
    top_up,
    unpaid,
)
from tests.makers.channel import Platform, a_paid_order, refunds_of
from tests.makers.streams import deliver_of


@pytest.fixture(autouse=True)
async def quick(platform: Platform) -> None:
    await platform.refunds(**QUICK)


class TestChannelFails:
    @pytest.mark.parametrize("ending", ["ABNORMAL", "CLOSED"])
    async def test_leads_to_the_counter(self, shop: httpx.AsyncClient, platform: Platform, ending: str) -> None:
        citizen = await a_card_holder()
        order = await a_paid_order(shop, platform, citizen)
        await platform.refunds(**QUICK | {"ending": ending})

        cancellation = await begun(shop, citizen)
        await give_all_back(platform, cancellation)
        shown = await seen(shop, citizen)

        assert (shown["state"], shown["refunds"][0]["state"]) == ("at_counter", "failed")  # type: ignore[index]
        assert (shown["payouts"][0]["amount_fen"], shown["payouts"][0]["reason"]) == (500, "refund_failed")  # type: ignore[index]
        failed = (await refunds_of("top_up_id", order))[0]["id"]
        assert (f"refund_{ending.lower()}", failed) in {(one.what, one.id) for one in await waiting_for_a_person()}
        assert (await ledger()).holds

    @pytest.mark.parametrize("paid_out", [False, True])
    async def test_takes_the_payout_back_when_the_refund_arrives_after_all(
        self, shop: httpx.AsyncClient, platform: Platform, *, paid_out: bool
    ) -> None:
        citizen = await a_card_holder()
        await a_paid_order(shop, platform, citizen)
        await platform.refunds(**QUICK | {"ending": "ABNORMAL"})
        cancellation = await begun(shop, citizen)
        await give_all_back(platform, cancellation)
        row = (await refunds_of("cancellation_id", cancellation))[0]
        if paid_out:
            await payouts.pay_out(UUID((await seen(shop, citizen))["payouts"][0]["id"]), "V-1")  # type: ignore[index]
        await platform.end_refund(row["id"].hex)
        body, signed = platform.refund_callback(row)

        answers = [await shop.post("/v1/callbacks/wechat-pay/refunds", content=body, headers=signed) for _ in range(2)]

        assert {answer.status_code for answer in answers} == {204}
        state = (await refunds_of("cancellation_id", cancellation))[0]["state"]
        assert state == ("refunded_twice" if paid_out else "refunded")
        assert (await seen(shop, citizen))["payouts"][0]["state"] == ("paid" if paid_out else "withdrawn")  # type: ignore[index]
        assert (
            "refunded_twice" in {one.what for one in await waiting_for_a_person() if one.id == row["id"]}
        ) == paid_out
        assert (await ledger()).holds

    async def test_leads_to_the_counter_after_a_day_of_refusals(
        self, shop: httpx.AsyncClient, platform: Platform
    ) -> None:
        citizen = await a_card_holder()
        order = await top_up(citizen, 500)
        cancellation = await begun(shop, citizen)
        row = (await refunds_of("top_up_id", order))[0]["id"]

        await watch_refund(platform.client, WatchRefund(row, GIVEN_UP_AFTER - 1))
        waiting = (await refunds_of("top_up_id", order))[0]
        await watch_refund(platform.client, WatchRefund(row, GIVEN_UP_AFTER))

        assert (waiting["state"], waiting["refused"]) == ("waiting", "payment_order_unknown")
        assert (await refunds_of("cancellation_id", cancellation))[0]["state"] == "closed"
        assert (await seen(shop, citizen))["state"] == "at_counter"


class Killed(BaseException):
    """The process ends here."""


class DiesAfterRefund(WeChatPay):
    """A client whose process is killed when the channel has taken a refund and the answer is on its way."""

    async def refund(self, order: RefundOrder) -> RefundTold:
        await super().refund(order)
        raise Killed


class TestKilled:
    async def test_between_refund_and_books_refunds_once(self, shop: httpx.AsyncClient, platform: Platform) -> None:
        citizen = await a_card_holder()
        order = await a_paid_order(shop, platform, citizen)
        cancellation = await begun(shop, citizen)
        watch = WatchRefund((await refunds_of("top_up_id", order))[0]["id"])

        with pytest.raises(Killed):
            await watch_refund(DiesAfterRefund(platform.town.http, platform.account), watch)
        between = await seen(shop, citizen)
        await give_all_back(platform, cancellation)

        assert (between["state"], (await seen(shop, citizen))["state"]) == ("giving_back", "done")
        assert len(await refunds_of("top_up_id", order)) == 1
        assert (await ledger()).holds

    async def test_several_watch_at_once_and_end_it_once(self, shop: httpx.AsyncClient, platform: Platform) -> None:
        citizen = await a_card_holder()
        order = await a_paid_order(shop, platform, citizen)
        await begun(shop, citizen)
        row = (await refunds_of("top_up_id", order))[0]
        await watch_refund(platform.client, WatchRefund(row["id"]))
        sent = [platform.refund_callback(row) for _ in range(4)]

        await asyncio.gather(
            *(watch_refund(platform.client, WatchRefund(row["id"], 1)) for _ in range(4)),
            *(shop.post("/v1/callbacks/wechat-pay/refunds", content=body, headers=signed) for body, signed in sent),
        )

        async with transaction(SYSTEM):
            ends = await fetch_all(
                "SELECT kind FROM transfer WHERE shard = $1 AND returns = $2", row["shard"], row["pending_id"]
            )
        assert [one["kind"] for one in ends] == ["pending_posted"]
        assert (await told_of(citizen)).count("card.top_up_refunded") == 1
        assert (await ledger()).holds


class TestTelling:
    async def test_says_where_the_money_is(self, shop: httpx.AsyncClient, platform: Platform) -> None:
        citizen = await a_card_holder()
        await a_paid_order(shop, platform, citizen)
        await platform.refunds(**QUICK | {"ending": "ABNORMAL"})
        await give_all_back(platform, await begun(shop, citizen))
        await payouts.pay_out(UUID((await seen(shop, citizen))["payouts"][0]["id"]), "V-1")  # type: ignore[index]
        late = await a_card_holder()
        order = await an_order(late, 305)
        await settle(order, unpaid(order, TradeState.CLOSED))
        await settle(order, paid(order, 305))
        refund = (await refunds_of("top_up_id", order))[0]["id"]
        await settle_refund(refund, RefundTold(refund.hex, order.hex, RefundState.REFUNDED, 305))

        for one in (citizen, late):
            await deliver_of(one.id)

        assert [one.title.zh for one in (await inbox(citizen, None, 10)).items if "充值" not in one.title.zh] == [
            "市民卡余额已全部退还",
            "5.00元未能原路退回",
            "5.00元待您到窗口领取",
            "市民卡已注销",
            "市民卡已开通",
        ]
        assert [one.title.zh for one in (await inbox(late, None, 10)).items][:2] == [
            "3.05元已原路退回",
            "收到一笔未能入账的充值款",
        ]
