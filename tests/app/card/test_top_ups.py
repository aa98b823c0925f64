"""Topping up: ordered once, credited once, whatever is lost, repeated, late or wrong on the way."""

import asyncio
import secrets
from datetime import datetime, timedelta
from uuid import UUID

import httpx
import msgspec
import pytest

from app.card.receipts import SYSTEM
from app.card.settling import settle
from app.card.states import TopUpState
from app.card.watching import HOURLY, PAUSES, WatchTopUp, pause_before, watch_top_up
from app.kernel import clock
from app.kernel.database import fetch_all, transaction
from integrations.wechat_pay.client import WeChatPay
from integrations.wechat_pay.errors import PaymentOrderPaid
from integrations.wechat_pay.port import OrderState, TradeState
from tests.makers.callers import headers
from tests.makers.cards import (
    a_card_holder,
    an_order,
    balance_fen,
    paid,
    the_order,
    told_of,
    unpaid,
)
from tests.makers.channel import Platform, ordered
from tests.makers.people import a_citizen


async def watches_of(top_up_id: object) -> int:
    """How many times an order is still to be asked about."""
    async with transaction(SYSTEM):
        rows = await fetch_all("SELECT payload FROM pgqueuer WHERE entrypoint = 'card.watch_top_up'")
    return sum(str(top_up_id) in (row["payload"] or b"").decode() for row in rows)


class TestOrder:
    async def test_gives_what_the_client_needs_to_pay(self, shop: httpx.AsyncClient, platform: Platform) -> None:
        answer = (await ordered(shop, await a_card_holder())).json()

        assert (answer["state"], answer["amount_fen"]) == ("awaiting", 500)
        assert set(answer["prepay"]) == {"timeStamp", "nonceStr", "package", "signType", "paySign"}
        assert answer["prepay"]["package"].startswith("prepay_id=wx")
        assert (await platform.client.query(answer["order_number"])).state is TradeState.NOTPAY

    async def test_is_one_order_for_fifty_parallel_repeats(self, shop: httpx.AsyncClient) -> None:
        citizen, key = await a_card_holder(), secrets.token_hex(16)

        answers = await asyncio.gather(*(ordered(shop, citizen, key) for _ in range(50)))

        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.text for answer in answers}) == 1

    async def test_orders_that_wait_for_their_payer_count_towards_the_limit(self, shop: httpx.AsyncClient) -> None:
        citizen = await a_card_holder()

        answers = await asyncio.gather(*(ordered(shop, citizen, amount_fen=200_000) for _ in range(4)))

        assert sorted(answer.status_code for answer in answers) == [201, 201, 422, 422]
        assert {a.json()["code"] for a in answers if a.status_code == 422} == {"balance_over_limit"}

    async def test_is_watched_from_the_beginning(self, shop: httpx.AsyncClient) -> None:
        answer = (await ordered(shop, await a_card_holder())).json()

        assert await watches_of(answer["id"]) == 1

    async def test_refuses_the_key_of_another_order(self, shop: httpx.AsyncClient) -> None:
        citizen, key = await a_card_holder(), secrets.token_hex(16)
        await ordered(shop, citizen, key)

        again = await ordered(shop, citizen, key, amount_fen=600)

        assert (again.status_code, again.json()["code"]) == (422, "idempotency_key_reused")

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"amount_fen": 99}, "top_up_amount_out_of_limits"),
            ({"amount_fen": 200_001}, "top_up_amount_out_of_limits"),
            ({"payer_openid": None}, "payer_openid_missing"),
            ({"amount_fen": 0}, "body_wrong"),
            ({"amount_fen": -5}, "body_wrong"),
            ({"amount_fen": "500"}, "body_wrong"),
            ({"amount_fen": 500.0}, "body_wrong"),
            ({"channel": "cash"}, "body_wrong"),
            ({"currency": "USD"}, "body_wrong"),
        ],
    )
    async def test_refuses_by_name(self, shop: httpx.AsyncClient, changed: dict[str, object], code: str) -> None:
        answer = await ordered(shop, await a_card_holder(), None, **changed)

        assert (answer.status_code, answer.json()["code"]) == (422, code)

    async def test_refuses_to_fill_a_card_above_its_limit(self, shop: httpx.AsyncClient) -> None:
        answer = await ordered(shop, await a_card_holder(499_900))

        assert answer.json()["code"] == "balance_over_limit"

    async def test_needs_a_card(self, shop: httpx.AsyncClient) -> None:
        answer = await ordered(shop, await a_citizen())

        assert (answer.status_code, answer.json()["code"]) == (404, "card_not_opened")

    async def test_is_nobody_elses(self, shop: httpx.AsyncClient) -> None:
        answer = (await ordered(shop, await a_card_holder())).json()

        stranger = await headers(await a_card_holder())
        seen = await shop.get(f"/v1/card/top-ups/{answer['id']}", headers=stranger)

        assert (seen.status_code, seen.json()["code"]) == (404, "top_up_unknown")


class TestSettle:
    async def test_pays_in_what_came_late_only_before_the_end(self) -> None:
        citizen = await a_card_holder()
        order = await an_order(citizen, 500)
        await settle(order, unpaid(order, TradeState.CLOSED))

        state = await settle(order, paid(order, 500))

        assert state is TopUpState.PAID_AFTER_CLOSE
        assert await balance_fen(citizen) == 0
        assert "card.top_up_disputed" in await told_of(citizen)

    async def test_sets_another_amount_aside(self) -> None:
        citizen = await a_card_holder()
        order = await an_order(citizen, 500)

        assert await settle(order, paid(order, 499)) is TopUpState.AMOUNT_DIFFERS
        assert await settle(order, paid(order, 500)) is TopUpState.AMOUNT_DIFFERS
        assert await balance_fen(citizen) == 0

    async def test_credits_once_for_twenty_at_once(self) -> None:
        citizen = await a_card_holder()
        order = await an_order(citizen, 500)
        told = paid(order, 500)

        states = await asyncio.gather(*(settle(order, told) for _ in range(20)))

        assert set(states) == {TopUpState.PAID}
        assert await balance_fen(citizen) == 500

    @pytest.mark.parametrize("state", [TradeState.NOTPAY, TradeState.USERPAYING, TradeState.PAYERROR])
    async def test_waits_while_nothing_has_ended(self, state: TradeState) -> None:
        order = await an_order(await a_card_holder(), 500)

        assert await settle(order, unpaid(order, state)) is TopUpState.AWAITING


class TestWatch:
    async def test_credits_when_the_callback_was_lost(self, shop: httpx.AsyncClient, platform: Platform) -> None:
        citizen = await a_card_holder()
        answer = (await ordered(shop, citizen)).json()
        await platform.pay(answer["order_number"])

        await watch_top_up(platform.client, msgspec.convert({"top_up_id": answer["id"]}, WatchTopUp))

        assert await balance_fen(citizen) == 500

    async def test_comes_back_while_the_order_waits(self, shop: httpx.AsyncClient, platform: Platform) -> None:
        answer = (await ordered(shop, await a_card_holder())).json()
        watch = msgspec.convert({"top_up_id": answer["id"], "attempt": 3}, WatchTopUp)

        await watch_top_up(platform.client, watch)

        assert await watches_of(answer["id"]) == 2
        assert (await the_order(watch.top_up_id))["state"] == "awaiting"

    async def test_comes_back_when_the_channel_is_down(self, platform: Platform) -> None:
        order = await an_order(await a_card_holder(), 500)
        platform.client._account = msgspec.structs.replace(platform.account, base_url="http://127.0.0.1:9")

        await watch_top_up(platform.client, WatchTopUp(order))

        assert await watches_of(order) == 1

    async def test_closes_at_the_channel_what_is_past_its_end(
        self, shop: httpx.AsyncClient, platform: Platform, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answer = (await ordered(shop, await a_card_holder())).json()
        watch = msgspec.convert({"top_up_id": answer["id"]}, WatchTopUp)
        later = clock.now() + timedelta(minutes=16)
        monkeypatch.setattr("app.card.watching.clock.now", lambda: later)

        monkeypatch.setattr(platform.client, "query", _not_paid)
        monkeypatch.setattr("app.kernel.clock.epoch_seconds", lambda: int((later - timedelta(minutes=16)).timestamp()))
        await watch_top_up(platform.client, watch)

        assert (await the_order(watch.top_up_id))["state"] == "closed"
        monkeypatch.undo()
        assert (await platform.client.query(answer["order_number"])).state is TradeState.CLOSED

    async def test_closes_what_the_channel_never_heard_of(self, platform: Platform) -> None:
        order = await an_order(await a_card_holder(), 500, minutes=-1, state="created")

        await watch_top_up(platform.client, WatchTopUp(order))

        assert (await the_order(order))["state"] == "closed"
        assert await watches_of(order) == 0

    async def test_credits_what_was_paid_just_before_the_end(self, shop: httpx.AsyncClient, platform: Platform) -> None:
        citizen = await a_card_holder()
        order = await an_order(citizen, 500, minutes=-1)

        await watch_top_up(PaidMeanwhile(platform.town.http, platform.account), WatchTopUp(order))

        assert (await the_order(order))["state"] == "paid"
        assert await balance_fen(citizen) == 500

    async def test_leaves_an_ended_order_alone(self, platform: Platform) -> None:
        order = await an_order(await a_card_holder(), 500, state="closed")

        await watch_top_up(platform.client, WatchTopUp(order))

        assert await watches_of(order) == 0


class PaidMeanwhile(WeChatPay):
    """A client between whose two questions somebody pays."""

    asked = 0

    async def query(self, out_trade_no: str) -> OrderState:
        self.asked += 1
        order = UUID(hex=out_trade_no)
        return unpaid(order) if self.asked == 1 else paid(order, 500)

    async def close(self, out_trade_no: str) -> None:
        raise PaymentOrderPaid


async def _not_paid(out_trade_no: str) -> OrderState:
    return OrderState(out_trade_no, TradeState.NOTPAY, None, None, None)


class TestPause:
    AT = datetime(2026, 11, 22, 12, tzinfo=clock.SHANGHAI)

    def test_grows_to_an_hour(self) -> None:
        ends = self.AT + timedelta(days=7)

        assert [pause_before(n, self.AT, ends) for n in range(7)] == [*PAUSES, HOURLY, HOURLY]

    def test_ends_with_the_order(self) -> None:
        assert pause_before(9, self.AT, self.AT + timedelta(minutes=2)) == timedelta(minutes=2)

    def test_is_a_minute_at_the_most_after_the_end(self) -> None:
        assert pause_before(9, self.AT, self.AT - timedelta(minutes=2)) == timedelta(minutes=1)
