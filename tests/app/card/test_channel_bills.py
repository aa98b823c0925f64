"""The channel's bill of a day: kept once, whole, line by line; what it tells that we missed is asked about."""

from datetime import date, timedelta
from uuid import UUID

import httpx
import pytest

from app.card.channel_bills import fetch_bill, fetch_missing_bills
from app.card.channel_errors import ChannelBillChanged
from app.card.channel_refunds import WatchRefund
from app.card.receipts import SYSTEM
from app.card.refund_watching import watch_refund
from app.card.settling import settle
from app.kernel import clock
from app.kernel.database import Row, fetch_all, fetch_value, transaction
from integrations.wechat_pay.errors import PaymentBillNotReady
from integrations.wechat_pay.port import TradeBill, TradeState
from tests.makers.cards import a_card_holder, balance_fen, the_order, unpaid
from tests.makers.channel import Platform, a_late_order, a_paid_order, ordered, refunds_of

_days = iter(range(1, 400))


class BilledOn:
    """A channel whose bill of today is told as another day's, so that each test has a day of its own; it keeps only some orders."""

    def __init__(self, platform: Platform, *orders: UUID) -> None:
        self.platform = platform
        self.day = date(2024, 1, 1) + timedelta(days=next(_days))
        self.numbers = {order.hex for order in orders}
        self.digest = "0" * 40

    def __getattr__(self, name: str) -> object:
        return getattr(self.platform.client, name)

    async def trade_bill(self, _day: date) -> TradeBill:
        bill = await self.platform.client.trade_bill(clock.today())
        lines = tuple(line for line in bill.lines if line.order_number in self.numbers)
        return TradeBill(self.day, self.digest, lines)


async def lines_of(day: date) -> list[Row]:
    async with transaction(SYSTEM):
        return await fetch_all("SELECT * FROM channel_bill_line WHERE bill_day = $1 ORDER BY line", day)


@pytest.fixture(autouse=True)
async def early(platform: Platform) -> None:
    await platform.bills(early=True)
    await platform.refunds(ending="SUCCESS", interval_seconds=0)


class TestFetch:
    async def test_keeps_payments_and_refunds_once(self, shop: httpx.AsyncClient, platform: Platform) -> None:
        citizen = await a_card_holder()
        paid = await a_paid_order(shop, platform, citizen, 700)
        late = await a_late_order(shop, platform, citizen)
        await settle(late, await platform.client.query(late.hex))
        refund = (await refunds_of("top_up_id", late))[0]["id"]
        await watch_refund(platform.client, WatchRefund(refund))
        channel = BilledOn(platform, paid, late)

        kept = [await fetch_bill(channel, channel.day) for _ in range(2)]  # type: ignore[arg-type]

        assert kept[0] == kept[1]
        assert (kept[0].payments, kept[0].paid_fen, kept[0].refunds, kept[0].refunded_fen) == (2, 1_200, 1, 500)
        shown = [
            (row["line"], row["kind"], row["order_number"], row["refund_number"], row["amount_fen"], row["state"])
            for row in await lines_of(channel.day)
        ]
        assert shown == [
            (1, "payment", paid.hex, None, 700, "SUCCESS"),
            (2, "payment", late.hex, None, 500, "SUCCESS"),
            (3, "refund", late.hex, refund.hex, 500, "SUCCESS"),
        ]

    async def test_refuses_another_bill_of_the_same_day(self, shop: httpx.AsyncClient, platform: Platform) -> None:
        channel = BilledOn(platform, await a_paid_order(shop, platform, await a_card_holder()))
        await fetch_bill(channel, channel.day)  # type: ignore[arg-type]
        channel.digest = "1" * 40

        with pytest.raises(ChannelBillChanged):
            await fetch_bill(channel, channel.day)  # type: ignore[arg-type]
        assert len(await lines_of(channel.day)) == 1

    async def test_asks_about_what_was_paid_and_is_not_here(self, shop: httpx.AsyncClient, platform: Platform) -> None:
        citizen = await a_card_holder()
        waiting = UUID((await ordered(shop, citizen)).json()["id"])
        await platform.pay(waiting.hex)
        late = await a_late_order(shop, platform, citizen)
        channel = BilledOn(platform, waiting, late)

        kept = await fetch_bill(channel, channel.day)  # type: ignore[arg-type]

        assert (kept.asked, await balance_fen(citizen)) == (2, 500)
        assert (await the_order(late))["state"] == "paid_after_close"

    async def test_is_of_a_day_that_is_over(self, platform: Platform) -> None:
        await platform.bills()

        with pytest.raises(PaymentBillNotReady):
            await fetch_bill(platform.client, clock.today())


class TestDaily:
    async def test_fetches_what_is_missing_and_is_harmless_when_repeated(self, platform: Platform) -> None:
        await fetch_missing_bills(platform.client)
        await fetch_missing_bills(platform.client)

        async with transaction(SYSTEM):
            kept = await fetch_value(
                "SELECT count(*) FROM channel_bill WHERE bill_day > $1", clock.today() - timedelta(days=9)
            )
        assert kept == 7

    async def test_goes_on_when_the_channel_is_down(self, platform: Platform) -> None:
        await platform.town.control("PUT", "faults", party="wechat_pay", outage=True)
        try:
            await fetch_missing_bills(platform.client)
        finally:
            await platform.town.control("PUT", "faults", party="wechat_pay")


async def test_an_order_that_was_closed_and_never_paid_stays_closed() -> None:
    from tests.makers.cards import an_order

    order = await an_order(await a_card_holder(), 500)

    assert await settle(order, unpaid(order, TradeState.CLOSED)) == "closed"
    assert await settle(order, unpaid(order, TradeState.REFUND)) == "closed"
