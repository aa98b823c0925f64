"""Our real client and the city's WeChat Pay understand each other; amounts, states and signatures hold."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import msgspec
import pytest

from app.kernel import clock
from integrations.city.keys import read_accounts
from integrations.wechat_pay.client import WeChatPay, WeChatPayAccount
from integrations.wechat_pay.errors import (
    PaymentAnswerUntrusted,
    PaymentChannelUnavailable,
    PaymentOrderClosed,
    PaymentOrderNumberUsed,
    PaymentOrderPaid,
    PaymentOrderUnknown,
    PaymentRequestWrong,
    PaymentSignatureRefused,
)
from integrations.wechat_pay.port import PrepayOrder, TradeState
from tests.makers.channel import no_pause, our_account
from tests.makers.city import Town, a_town


def an_account(town: Town, **changes: object) -> WeChatPayAccount:
    return msgspec.structs.replace(our_account(town), **changes)


def a_channel(town: Town, **changes: object) -> WeChatPay:
    return WeChatPay(town.http, an_account(town, **changes), no_pause)


def an_order(**changes: object) -> PrepayOrder:
    order = PrepayOrder(f"YT{uuid.uuid4().hex[:20]}", "市民卡充值", 5_000, "oUpF8u", clock.now() + timedelta(hours=2))
    return msgspec.structs.replace(order, **changes)


async def pay(town: Town, order: PrepayOrder) -> httpx.Response:
    return await town.control("POST", "wechat-pay/pay", out_trade_no=order.out_trade_no)


class TestOrders:
    async def test_waits_for_the_payer(self, town: Town) -> None:
        order = an_order()

        answer = await a_channel(town).prepay(order)

        assert answer.prepay_id.startswith("wx")
        assert (await a_channel(town).query(order.out_trade_no)).state is TradeState.NOTPAY

    async def test_is_paid_once_the_payer_confirms(self, town: Town) -> None:
        order = an_order()
        await a_channel(town).prepay(order)

        paid = (await pay(town, order)).json()

        state = await a_channel(town).query(order.out_trade_no)
        assert (state.state, state.amount_fen) == (TradeState.SUCCESS, 5_000)
        assert state.transaction_id == paid["transaction_id"]
        assert len(str(state.transaction_id)) == 28
        assert state.success_time is not None

    async def test_gives_a_fresh_prepay_id_for_the_same_order(self, town: Town) -> None:
        order = an_order()

        first = await a_channel(town).prepay(order)
        again = await a_channel(town).prepay(order)

        assert first.prepay_id != again.prepay_id

    @pytest.mark.parametrize("change", [{"amount_fen": 5_001}, {"description": "别的"}, {"openid": "other"}])
    async def test_refuses_the_same_number_for_something_else(self, town: Town, change: dict[str, object]) -> None:
        order = an_order()
        await a_channel(town).prepay(order)

        with pytest.raises(PaymentOrderNumberUsed):
            await a_channel(town).prepay(msgspec.structs.replace(order, **change))

    async def test_does_not_know_other_orders(self, town: Town) -> None:
        with pytest.raises(PaymentOrderUnknown):
            await a_channel(town).query("NEVER-OPENED")
        with pytest.raises(PaymentOrderUnknown):
            await a_channel(town).close("NEVER-OPENED")
        assert (await pay(town, an_order())).status_code == 404

    async def test_cannot_be_paid_once_closed(self, town: Town) -> None:
        order = an_order()
        await a_channel(town).prepay(order)

        await a_channel(town).close(order.out_trade_no)

        assert (await pay(town, order)).status_code == 409
        assert (await a_channel(town).query(order.out_trade_no)).state is TradeState.CLOSED
        with pytest.raises(PaymentOrderClosed):
            await a_channel(town).prepay(order)

    async def test_cannot_be_closed_or_paid_again_once_paid(self, town: Town) -> None:
        order = an_order()
        await a_channel(town).prepay(order)
        await pay(town, order)

        assert (await pay(town, order)).status_code == 409
        with pytest.raises(PaymentOrderPaid):
            await a_channel(town).close(order.out_trade_no)

    @pytest.mark.parametrize(
        "change",
        [
            {"expires_at": clock.now() - timedelta(minutes=1)},
            {"expires_at": clock.now() + timedelta(days=91)},
            {"description": "长" * 128},
            {"amount_fen": 0},
            {"out_trade_no": "short"},
            {"out_trade_no": "x" * 33},
        ],
    )
    async def test_refuses_wrong_parameters(self, town: Town, change: dict[str, object]) -> None:
        with pytest.raises(PaymentRequestWrong):
            await a_channel(town).prepay(an_order(**change))

    @pytest.mark.parametrize(
        "changes",
        [
            {"appid": "wx0"},
            {"notify_url": "http://portal.example/notify"},
            {"notify_url": "https://portal.example/notify?x=1"},
            {"notify_url": "http://8.8.8.8/notify"},
            {"notify_url": "ftp://127.0.0.1/notify"},
            {"notify_url": "http://[::1/notify"},
            {"notify_url": "https:///notify"},
        ],
    )
    async def test_refuses_another_set_up(self, town: Town, changes: dict[str, str]) -> None:
        with pytest.raises(PaymentRequestWrong):
            await a_channel(town, **changes).prepay(an_order())

    @pytest.mark.parametrize(
        "notify_url",
        ["https://portal.example/notify", "http://localhost:8000/notify", "http://192.168.1.5:8000/notify"],
    )
    async def test_takes_a_safe_address_for_callbacks(self, town: Town, notify_url: str) -> None:
        answer = await a_channel(town, notify_url=notify_url).prepay(an_order())

        assert answer.prepay_id


class TestSignatures:
    async def test_of_another_key_are_refused(self, town: Town) -> None:
        account = an_account(town)
        from cryptography.hazmat.primitives.asymmetric import rsa

        other = msgspec.structs.replace(account.merchant, key=rsa.generate_private_key(65537, 2048))

        with pytest.raises(PaymentSignatureRefused):
            await WeChatPay(town.http, msgspec.structs.replace(account, merchant=other)).prepay(an_order())

    async def test_missing_are_refused(self, town: Town) -> None:
        response = await town.http.post("/wechat-pay/v3/pay/transactions/jsapi", json={})

        assert (response.status_code, response.json()["code"]) == (401, "SIGN_ERROR")

    async def test_that_do_not_hold_are_not_believed(self, town: Town) -> None:
        await town.control("PUT", "faults", party="wechat_pay", tamper=True)
        try:
            with pytest.raises(PaymentAnswerUntrusted):
                await a_channel(town).prepay(an_order())
        finally:
            await town.control("PUT", "faults", party="wechat_pay")

    async def test_an_outage_is_named(self, town: Town) -> None:
        await town.control("PUT", "faults", party="wechat_pay", outage=True)
        try:
            with pytest.raises(PaymentChannelUnavailable):
                await a_channel(town).prepay(an_order())
        finally:
            await town.control("PUT", "faults", party="wechat_pay")


class Portal:
    """A portal's callback door that refuses the first few calls."""

    def __init__(self, refusing: int) -> None:
        self.refusing = refusing
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self.url = ""

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
        length = next(int(value) for name, value in headers.items() if name.lower() == "content-length")
        self.calls.append((headers, await reader.readexactly(length)))
        status = "500 No" if len(self.calls) <= self.refusing else "204 Yes"
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    async def called(self, times: int) -> None:
        for _ in range(1_000):
            if len(self.calls) >= times:
                return
            await asyncio.sleep(0.02)
        raise TimeoutError


@asynccontextmanager
async def a_portal(refusing: int = 0) -> AsyncIterator[Portal]:
    portal = Portal(refusing)
    server = await asyncio.start_server(portal.take, "127.0.0.1", 0)
    portal.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield portal


class TestCallbacks:
    async def test_tell_the_paid_order(self, town: Town) -> None:
        async with a_portal() as portal:
            order, channel = an_order(), a_channel(town, notify_url=f"{portal.url}/v1/callbacks/wechat-pay")
            await channel.prepay(order)
            await pay(town, order)
            await portal.called(1)

        notice = channel.read_callback(*portal.calls[0])
        accounts = read_accounts(town.keys)
        assert (notice.out_trade_no, notice.amount_fen, notice.state) == (order.out_trade_no, 5_000, TradeState.SUCCESS)
        assert (notice.appid, notice.mchid) == (accounts.appid, accounts.mchid)

    async def test_come_again_with_the_same_id_until_taken(self, prepared: Path) -> None:
        async with a_portal(refusing=2) as portal, a_town(prepared, callback_scale=0.001) as town:
            order, channel = an_order(), a_channel(town, notify_url=f"{portal.url}/v1/callbacks/wechat-pay")
            await channel.prepay(order)
            await pay(town, order)
            await portal.called(3)
            deliveries = await town.settled_post()

        notices = [channel.read_callback(*call) for call in portal.calls]
        assert len(notices) == 3
        assert len({notice.id for notice in notices}) == 1
        assert [(item["attempts"], item["state"]) for item in deliveries] == [(3, "arrived")]

    async def test_are_given_up_after_the_last_try(self, prepared: Path) -> None:
        async with a_portal(refusing=1_000) as portal, a_town(prepared, callback_scale=0.0) as town:
            order = an_order()
            await a_channel(town, notify_url=portal.url).prepay(order)
            await pay(town, order)
            await portal.called(16)
            deliveries = await town.settled_post()

        assert [(item["attempts"], item["state"]) for item in deliveries] == [(16, "given_up")]
        assert len(portal.calls) == 16

    async def test_outlive_a_restart_of_the_city(self, prepared: Path) -> None:
        order = an_order()
        async with a_portal(refusing=1) as portal:
            async with a_town(prepared, callback_scale=0.02) as town:
                channel = a_channel(town, notify_url=f"{portal.url}/v1/callbacks/wechat-pay")
                await channel.prepay(order)
                await pay(town, order)
                await portal.called(1)
            async with a_town(prepared, callback_scale=0.02) as town:
                await portal.called(2)
                state = await a_channel(town).query(order.out_trade_no)

        assert state.state is TradeState.SUCCESS
        assert json.loads(portal.calls[0][1])["id"] == json.loads(portal.calls[1][1])["id"]
