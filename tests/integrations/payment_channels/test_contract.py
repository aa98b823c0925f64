"""What every payment channel behind the port promises, tried on each: WeChat Pay in the sandbox city, and one in memory."""

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import msgspec
import pytest
import pytest_asyncio

from app.kernel import clock
from integrations.wechat_pay.errors import (
    CallbackUntrusted,
    PaymentOrderClosed,
    PaymentOrderNumberUsed,
    PaymentOrderPaid,
    PaymentOrderUnknown,
    PaymentRefundUnknown,
    PaymentRequestWrong,
)
from integrations.wechat_pay.port import (
    PaymentChannel,
    PrepayOrder,
    RefundOrder,
    RefundState,
    TradeState,
)
from tests.makers.channel import Platform, no_pause
from tests.makers.city import a_town
from tests.makers.plain_channel import PlainChannel

Signed = tuple[bytes, dict[str, str]]


class Tried(msgspec.Struct, frozen=True):
    """A channel as the tests drive it: how its payer confirms, and how it calls back."""

    channel: PaymentChannel
    pay: Callable[[str], Awaitable[object]]
    callback: Callable[[PrepayOrder], Signed]
    refund_callback: Callable[[RefundOrder], Signed]


def _in_memory() -> Tried:
    plain = PlainChannel()

    async def pay(number: str) -> None:
        plain.pay(number)

    return Tried(
        plain,
        pay,
        lambda order: plain.callback(order=order.out_trade_no),
        lambda refund: plain.callback(refund=refund.refund_number),
    )


def _of(platform: Platform) -> Tried:
    def refund_callback(refund: RefundOrder) -> Signed:
        row = {
            "id": uuid.UUID(refund.refund_number),
            "top_up_id": uuid.UUID(refund.order_number),
            "total_fen": refund.total_fen,
            "amount_fen": refund.amount_fen,
        }
        return platform.refund_callback(row)  # type: ignore[arg-type]

    return Tried(
        platform.client,
        platform.pay,
        lambda order: platform.callback(order.out_trade_no, order.amount_fen),
        refund_callback,
    )


@pytest_asyncio.fixture(scope="session", params=["wechat_pay", "in_memory"])
async def tried(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Tried]:
    if request.param == "in_memory":
        yield _in_memory()
        return
    async with a_town(tmp_path_factory.mktemp("city")) as town:
        platform = Platform(town, no_pause)
        await platform.refunds(interval_seconds=0)
        await platform.bills(early=True)
        yield _of(platform)


async def opened(tried: Tried, *, paid: bool = False) -> PrepayOrder:
    order = PrepayOrder(uuid.uuid4().hex, "市民卡充值", 5_000, "oUpF8u", clock.now() + timedelta(hours=2))
    await tried.channel.prepay(order)
    if paid:
        await tried.pay(order.out_trade_no)
    return order


def a_refund(order: PrepayOrder, fen: int) -> RefundOrder:
    return RefundOrder(uuid.uuid4().hex, order.out_trade_no, fen, order.amount_fen, "退款")


class TestOrders:
    async def test_mean_the_same_ever_after(self, tried: Tried) -> None:
        order = await opened(tried)
        await tried.channel.prepay(order)

        with pytest.raises(PaymentOrderNumberUsed):
            await tried.channel.prepay(msgspec.structs.replace(order, amount_fen=1))
        assert (await tried.channel.query(order.out_trade_no)).state is TradeState.NOTPAY

    async def test_are_paid_or_closed_and_not_both(self, tried: Tried) -> None:
        paid, closed = await opened(tried, paid=True), await opened(tried)
        await tried.channel.close(closed.out_trade_no)

        with pytest.raises(PaymentOrderPaid):
            await tried.channel.close(paid.out_trade_no)
        with pytest.raises(PaymentOrderClosed):
            await tried.channel.prepay(closed)
        told = await tried.channel.query(paid.out_trade_no)
        assert (told.state, told.amount_fen, told.transaction_id is not None) == (TradeState.SUCCESS, 5_000, True)

    async def test_that_are_unknown_are_refused_as_such(self, tried: Tried) -> None:
        for asked in (tried.channel.query("NEVER-1"), tried.channel.close("NEVER-1")):
            with pytest.raises(PaymentOrderUnknown):
                await asked
        with pytest.raises(PaymentRefundUnknown):
            await tried.channel.query_refund("NEVER-1")


class TestRefunds:
    async def test_are_made_once_for_each_number(self, tried: Tried) -> None:
        order = await opened(tried, paid=True)
        refund = a_refund(order, 3_000)

        told = [await tried.channel.refund(refund) for _ in range(3)]
        with pytest.raises(PaymentRequestWrong):
            await tried.channel.refund(msgspec.structs.replace(refund, amount_fen=2_999))

        assert {(one.refund_id, one.amount_fen, one.order_number) for one in told} == {
            (told[0].refund_id, 3_000, order.out_trade_no)
        }
        assert (await tried.channel.query_refund(refund.refund_number)).state is RefundState.REFUNDED
        assert (await tried.channel.query(order.out_trade_no)).state is TradeState.REFUND

    async def test_are_never_more_than_was_paid(self, tried: Tried) -> None:
        order = await opened(tried, paid=True)
        await tried.channel.refund(a_refund(order, 3_000))

        with pytest.raises(PaymentRequestWrong):
            await tried.channel.refund(a_refund(order, 2_001))
        await tried.channel.refund(a_refund(order, 2_000))

    async def test_are_of_what_was_paid(self, tried: Tried) -> None:
        with pytest.raises(PaymentRequestWrong):
            await tried.channel.refund(a_refund(await opened(tried), 1))


class TestCallbacks:
    async def test_are_believed_from_their_untouched_bytes_only(self, tried: Tried) -> None:
        order = await opened(tried, paid=True)
        refund = a_refund(order, 3_000)
        await tried.channel.refund(refund)
        body, headers = tried.callback(order)
        refund_body, refund_headers = tried.refund_callback(refund)

        paid = tried.channel.read_callback(headers, body)
        refunded = tried.channel.read_refund_callback(refund_headers, refund_body)

        assert (paid.out_trade_no, paid.amount_fen) == (order.out_trade_no, 5_000)
        assert (refunded.refund_number, refunded.order_number) == (refund.refund_number, order.out_trade_no)
        assert (refunded.amount_fen, refunded.total_fen) == (3_000, 5_000)
        with pytest.raises(CallbackUntrusted):
            tried.channel.read_callback(headers, body + b" ")
        with pytest.raises(CallbackUntrusted):
            tried.channel.read_refund_callback(refund_headers, refund_body + b" ")


class TestBills:
    async def test_list_every_payment_and_refund_of_the_day(self, tried: Tried) -> None:
        order = await opened(tried, paid=True)
        refund = a_refund(order, 3_000)
        await tried.channel.refund(refund)

        bill = await tried.channel.trade_bill(clock.today())

        ours = [line for line in bill.lines if line.order_number == order.out_trade_no]
        assert [(line.kind, line.amount_fen, line.refund_number) for line in ours] == [
            ("payment", 5_000, None),
            ("refund", 3_000, refund.refund_number),
        ]
        assert bill.day == clock.today()
