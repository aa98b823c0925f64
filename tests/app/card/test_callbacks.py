"""The channel's callback: believed once, and only when the channel itself says the same."""

import asyncio

import httpx
import msgspec
import pytest

from app.card import callbacks, queries
from app.card.receipts import receipt_of
from integrations.wechat_pay.port import OrderState
from tests.makers.cards import (
    a_card_holder,
    balance_fen,
    ledger,
    told_of,
)
from tests.makers.channel import CALLBACK, Platform, an_open_order


class TestCallback:
    async def test_credits_the_card_once_and_tells_of_it(self, shop: httpx.AsyncClient, platform: Platform) -> None:
        citizen = await a_card_holder()
        number = await an_open_order(shop, citizen)
        await platform.pay(number)
        body, signed = platform.callback(number, 500)

        answers = [await shop.post(CALLBACK, content=body, headers=signed) for _ in range(3)]

        assert [(answer.status_code, answer.content) for answer in answers] == [(204, b"")] * 3
        assert await balance_fen(citizen) == 500
        assert (await told_of(citizen)).count("card.topped_up") == 1
        assert (await ledger()).holds

    async def test_credits_once_for_twenty_at_once_under_different_ids(
        self, shop: httpx.AsyncClient, platform: Platform
    ) -> None:
        citizen = await a_card_holder()
        number = await an_open_order(shop, citizen)
        await platform.pay(number)
        sent = [platform.callback(number, 500) for _ in range(20)]

        await asyncio.gather(*(shop.post(CALLBACK, content=body, headers=signed) for body, signed in sent))

        assert await balance_fen(citizen) == 500

    async def test_gives_the_payer_a_receipt(self, shop: httpx.AsyncClient, platform: Platform) -> None:
        citizen = await a_card_holder()
        number = await an_open_order(shop, citizen)
        transaction_id = await platform.pay(number)
        body, signed = platform.callback(number, 500)
        await shop.post(CALLBACK, content=body, headers=signed)

        moved = (await queries.transactions(citizen, None, 1)).items[0]

        receipt = (await receipt_of(citizen, moved.id)).receipt
        assert (moved.direction, receipt.kind, receipt.order_number) == ("in", "top_up", number)
        assert receipt.channel_transaction_id == transaction_id

    async def test_believes_no_callback_before_the_channel_confirms_it(
        self, shop: httpx.AsyncClient, platform: Platform
    ) -> None:
        citizen = await a_card_holder()
        number = await an_open_order(shop, citizen)
        body, signed = platform.callback(number, 500)

        answer = await shop.post(CALLBACK, content=body, headers=signed)

        assert (answer.status_code, answer.json()) == (409, {"code": "FAIL", "message": "callback_not_confirmed"})
        assert await balance_fen(citizen) == 0

    async def test_is_taken_on_a_later_try(self, shop: httpx.AsyncClient, platform: Platform) -> None:
        citizen = await a_card_holder()
        number = await an_open_order(shop, citizen)
        body, signed = platform.callback(number, 500, id="EV-LATER")
        await shop.post(CALLBACK, content=body, headers=signed)
        await platform.pay(number)

        answer = await shop.post(CALLBACK, content=body, headers=signed)

        assert answer.status_code == 204
        assert await balance_fen(citizen) == 500

    @pytest.mark.parametrize(
        "changed",
        [
            {"amount": msgspec.json.decode(b'{"total":501}')},
            {"appid": "wx0000000000000009"},
            {"mchid": "1699999999"},
        ],
    )
    async def test_refuses_one_that_does_not_fit_its_order(
        self, shop: httpx.AsyncClient, platform: Platform, changed: dict[str, object]
    ) -> None:
        citizen = await a_card_holder()
        number = await an_open_order(shop, citizen)
        await platform.pay(number)
        body, signed = platform.callback(number, 500, **changed)

        answer = await shop.post(CALLBACK, content=body, headers=signed)

        assert (answer.status_code, answer.json()) == (422, {"code": "FAIL", "message": "callback_differs"})
        assert await balance_fen(citizen) == 0

    async def test_refuses_a_forged_one(self, shop: httpx.AsyncClient, platform: Platform) -> None:
        citizen = await a_card_holder()
        number = await an_open_order(shop, citizen)
        await platform.pay(number)
        body, signed = platform.callback(number, 500)
        wrong = [
            (body.replace(b"EV-", b"EV_"), signed),
            (body, signed | {"Wechatpay-Serial": "ANOTHER"}),
            (body, platform.signature(body, seconds_ago=301)),
            (body, {"Content-Type": "application/json"}),
            (b"", platform.signature(b"")),
            (b"\x00", platform.signature(b"\x00")),
        ]

        answers = [await shop.post(CALLBACK, content=content, headers=given) for content, given in wrong]

        assert [answer.status_code for answer in answers] == [401, 401, 401, 401, 422, 422]
        assert all(answer.json()["code"] == "FAIL" for answer in answers)
        assert await balance_fen(citizen) == 0

    async def test_fails_in_time_when_the_channel_is_slow_to_confirm(
        self, shop: httpx.AsyncClient, platform: Platform, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        citizen = await a_card_holder()
        number = await an_open_order(shop, citizen)
        body, signed = platform.callback(number, 500)
        monkeypatch.setattr(callbacks, "ANSWER_SECONDS", 0.05)
        monkeypatch.setattr(platform.client, "query", _never)

        answer = await shop.post(CALLBACK, content=body, headers=signed)

        assert (answer.status_code, answer.json()["code"]) == (503, "FAIL")
        assert await balance_fen(citizen) == 0

    async def test_refuses_more_than_a_callback_can_be(self, http: httpx.AsyncClient) -> None:
        answer = await http.post(CALLBACK, content=b"x" * 1_100_000)

        assert (answer.status_code, answer.json()) == (413, {"code": "FAIL", "message": "unreadable"})

    @pytest.mark.parametrize("number", ["YTE202611220001", "0" * 32])
    async def test_refuses_one_of_an_order_that_is_not_ours(
        self, shop: httpx.AsyncClient, platform: Platform, number: str
    ) -> None:
        body, signed = platform.callback(number, 500)

        answer = await shop.post(CALLBACK, content=body, headers=signed)

        assert (answer.status_code, answer.json()["message"]) == (404, "top_up_unknown")


async def _never(_out_trade_no: str) -> OrderState:
    await asyncio.Event().wait()
    raise AssertionError
