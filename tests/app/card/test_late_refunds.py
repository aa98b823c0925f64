"""What was paid after its order's end goes back to who paid it: once, under one number, and told to the citizen."""

import asyncio
import secrets
from uuid import UUID

import httpx
import pytest

from app.card.channel_checking import ChannelHangs, channel_finding, settle_by_hand, waiting_for_a_person
from app.card.channel_errors import RefundDiffers, RefundUnknown
from app.card.channel_refunds import WatchRefund, settle_refund
from app.card.receipts import SYSTEM
from app.card.refund_watching import look_through, pause_after, watch_refund
from app.card.settling import settle
from app.card.watching import HOURLY, PAUSES
from app.kernel.database import Row, execute, fetch_all, transaction
from app.kernel.ids import new_id, shard_of
from app.kernel.settings import Settings
from integrations.wechat_pay.port import RefundState, RefundTold, TradeState
from tests.makers.callers import headers
from tests.makers.cards import a_card_holder, an_order, balance_fen, ledger, paid, the_order, told_of, unpaid
from tests.makers.channel import (
    CALLBACK,
    REFUND_CALLBACK,
    Platform,
    a_late_order,
    a_paid_order,
    ordered,
    refunds_of,
)


async def the_refund(top_up_id: UUID) -> Row:
    rows = await refunds_of("top_up_id", top_up_id)
    assert len(rows) == 1
    return rows[0]


async def a_late_refund(shop: httpx.AsyncClient, platform: Platform) -> Row:
    """A refund of an order that was paid late, written down by the callback; its job hasn't run."""
    citizen = await a_card_holder()
    order = await a_late_order(shop, platform, citizen)
    body, signed = platform.callback(order.hex, 500)
    assert (await shop.post(CALLBACK, content=body, headers=signed)).status_code == 204
    return await the_refund(order)


def told(refund: Row, state: RefundState, **changed: object) -> RefundTold:
    facts = {"order_number": refund["top_up_id"].hex, "amount_fen": refund["amount_fen"]} | changed
    return RefundTold(refund["id"].hex, state=state, **facts)


async def watches_of(refund_id: UUID) -> int:
    async with transaction(SYSTEM):
        rows = await fetch_all("SELECT payload FROM pgqueuer WHERE entrypoint = 'card.watch_refund'")
    return sum(str(refund_id) in (row["payload"] or b"").decode() for row in rows)


@pytest.fixture(autouse=True)
async def quick(platform: Platform) -> None:
    await platform.refunds(ending="SUCCESS")


class TestLate:
    async def test_is_refunded_by_itself(self, shop: httpx.AsyncClient, platform: Platform) -> None:
        refund = await a_late_refund(shop, platform)
        order = refund["top_up_id"]
        seen = [(await the_order(order))["state"]]

        for attempt in range(2):
            await watch_refund(platform.client, WatchRefund(refund["id"], attempt))
            seen.append((await the_order(order))["state"])

        assert seen in (["paid_after_close", "refunded", "refunded"], ["paid_after_close", "refunding", "refunded"])
        assert (await platform.client.query_refund(refund["id"].hex)).amount_fen == 500
        assert (await ledger()).holds

    async def test_is_shown_to_its_owner(self, shop: httpx.AsyncClient, platform: Platform) -> None:
        citizen = await a_card_holder()
        order = await a_late_order(shop, platform, citizen)
        await settle(order, await platform.client.query(order.hex))
        await platform.refunds(ending="PROCESSING")
        refund = (await the_refund(order))["id"]
        states = []
        for ending in ("waiting", "processing", "refunded"):
            if ending == "refunded":
                await platform.end_refund(refund.hex)
            if ending != "waiting":
                await watch_refund(platform.client, WatchRefund(refund))
            answer = await shop.get(f"/v1/card/top-ups/{order}", headers=await headers(citizen))
            states.append((answer.json()["state"], answer.json()["refunds"][0]["state"]))

        assert states == [("paid_after_close", "waiting"), ("refunding", "processing"), ("refunded", "refunded")]
        assert await balance_fen(citizen) == 0
        assert [kind for kind in await told_of(citizen) if "top_up" in kind] == [
            "card.top_up_disputed",
            "card.top_up_refunded",
        ]

    async def test_is_refunded_once_for_callback_query_and_watcher_at_once(
        self, shop: httpx.AsyncClient, platform: Platform
    ) -> None:
        citizen = await a_card_holder()
        order = await a_late_order(shop, platform, citizen)
        state = await platform.client.query(order.hex)
        sent = [platform.callback(order.hex, 500) for _ in range(4)]

        await asyncio.gather(
            *(shop.post(CALLBACK, content=body, headers=signed) for body, signed in sent),
            *(settle(order, state) for _ in range(4)),
        )

        assert (await the_refund(order))["amount_fen"] == 500

    @pytest.mark.parametrize("ending", ["ABNORMAL", "CLOSED"])
    async def test_waits_for_a_person_where_it_fails(
        self, shop: httpx.AsyncClient, platform: Platform, settings: Settings, ending: str
    ) -> None:
        refund = await a_late_refund(shop, platform)
        await platform.refunds(ending=ending)
        for attempt in range(2):
            await watch_refund(platform.client, WatchRefund(refund["id"], attempt))

        assert (await the_order(refund["top_up_id"]))["state"] == "refund_failed"
        waiting = {(one.what, one.id, one.amount_fen) for one in await waiting_for_a_person()}
        assert (f"refund_{ending.lower()}", refund["id"], 500) in waiting
        with pytest.raises(ChannelHangs, match=f"refund {ending.lower()}"):
            await channel_finding(settings)

    async def test_of_another_amount_is_left_to_a_person(self) -> None:
        order = await an_order(await a_card_holder(), 500)
        await settle(order, unpaid(order, TradeState.CLOSED))

        assert (await settle(order, paid(order, 499))).value == "amount_differs"
        assert await refunds_of("top_up_id", order) == []
        assert ("amount_differs", order) in {(one.what, one.id) for one in await waiting_for_a_person()}


class TestWatch:
    async def test_asks_again_under_the_same_number_until_the_channel_answers(
        self, shop: httpx.AsyncClient, platform: Platform
    ) -> None:
        refund = await a_late_refund(shop, platform)
        await platform.town.control("PUT", "faults", party="wechat_pay", outage=True)
        try:
            await watch_refund(platform.client, WatchRefund(refund["id"]))
        finally:
            await platform.town.control("PUT", "faults", party="wechat_pay")
        between = await the_refund(refund["top_up_id"])
        await watch_refund(platform.client, WatchRefund(refund["id"], 1))
        await watch_refund(platform.client, WatchRefund(refund["id"], 2))

        assert (between["state"], between["refused"]) == ("waiting", "payment_channel_unavailable")
        assert (await the_refund(refund["top_up_id"]))["state"] == "refunded"
        assert await watches_of(refund["id"]) >= 2

    async def test_waits_a_minute_between_two_refunds_of_an_order(
        self, shop: httpx.AsyncClient, platform: Platform
    ) -> None:
        order = await a_paid_order(shop, platform, await a_card_holder())
        first, second = await a_refund_of(order, 200), await a_refund_of(order, 300)
        await platform.refunds(ending="PROCESSING")

        await watch_refund(platform.client, WatchRefund(first))
        await watch_refund(platform.client, WatchRefund(second))

        rows = await refunds_of("top_up_id", order)
        assert [row["asked_at"] is not None for row in rows] == [True, False]
        assert await watches_of(second) == 1

    def test_pauses_like_the_watch_of_orders(self) -> None:
        assert [pause_after(n) for n in range(1, 8)] == [*PAUSES, HOURLY, HOURLY]

    async def test_is_taken_up_again_where_its_job_was_lost(self) -> None:
        order = await an_order(await a_card_holder(), 500, minutes=-180)
        await settle(order, unpaid(order, TradeState.CLOSED))
        await settle(order, paid(order, 500))
        refund = (await the_refund(order))["id"]
        forgotten = await an_order(await a_card_holder(), 500, minutes=-180)
        async with transaction(SYSTEM):
            await execute("DELETE FROM pgqueuer WHERE position($1 in convert_from(payload, 'UTF8')) > 0", str(refund))
            await execute(
                "UPDATE channel_refund SET asked_at = at - interval '3 hours' WHERE shard = $1 AND id = $2",
                *(shard_of(refund), refund),
            )

        await look_through()
        await look_through()

        assert await watches_of(refund) == 1
        async with transaction(SYSTEM):
            rows = await fetch_all(
                "SELECT 1 FROM pgqueuer WHERE entrypoint = 'card.watch_top_up' AND position($1 in convert_from(payload, 'UTF8')) > 0",
                str(forgotten),
            )
        assert len(rows) == 1


async def a_refund_of(order: UUID, fen: int) -> UUID:
    """A refund of some of an order that waits to be asked for."""
    refund_id, held = new_id(order), new_id(order)
    async with transaction(SYSTEM):
        await execute(
            "INSERT INTO channel_refund (id, shard, citizen_id, top_up_id, at, amount_fen, purpose, cancellation_id, pending_id, state) "
            "SELECT $1, shard, citizen_id, id, now(), $4, 'cancellation', $5, $5, 'waiting' FROM top_up WHERE shard = $2 AND id = $3",
            *(refund_id, shard_of(order), order, fen, held),
        )
    return refund_id


class TestSettle:
    async def test_refuses_another_order_or_amount(self, shop: httpx.AsyncClient, platform: Platform) -> None:
        refund = await a_late_refund(shop, platform)

        for changed in ({"amount_fen": 499}, {"order_number": "OTHER-1"}):
            with pytest.raises(RefundDiffers):
                await settle_refund(refund["id"], told(refund, RefundState.REFUNDED, **changed))
        with pytest.raises(RefundUnknown):
            await settle_refund(new_id(refund["id"]), told(refund, RefundState.REFUNDED))

    async def test_ends_a_refund_once_whatever_is_told_later(self, shop: httpx.AsyncClient, platform: Platform) -> None:
        refund = await a_late_refund(shop, platform)

        states = [await settle_refund(refund["id"], told(refund, state)) for state in RefundState]
        closed = await a_late_refund(shop, platform)
        await settle_refund(closed["id"], told(closed, RefundState.CLOSED))

        assert states == ["processing", "refunded", "refunded", "refunded"]
        assert await settle_refund(closed["id"], told(closed, RefundState.REFUNDED)) == "closed"

    async def test_names_what_arrives_after_it_was_settled_by_hand(
        self, shop: httpx.AsyncClient, platform: Platform
    ) -> None:
        refund = await a_late_refund(shop, platform)
        await settle_refund(refund["id"], told(refund, RefundState.ABNORMAL))
        await settle_by_hand(refund["id"], "V-1")

        state = await settle_refund(refund["id"], told(refund, RefundState.REFUNDED))

        assert (state, (await the_order(refund["top_up_id"]))["state"]) == ("refunded_twice", "refunded")
        assert ("refunded_twice", refund["id"]) in {(one.what, one.id) for one in await waiting_for_a_person()}


class TestCallback:
    async def test_ends_a_refund_once(self, shop: httpx.AsyncClient, platform: Platform) -> None:
        refund = await a_late_refund(shop, platform)
        await watch_refund(platform.client, WatchRefund(refund["id"]))
        body, signed = platform.refund_callback(refund)

        answers = [await shop.post(REFUND_CALLBACK, content=body, headers=signed) for _ in range(3)]

        assert [(answer.status_code, answer.content) for answer in answers] == [(204, b"")] * 3
        assert (await the_order(refund["top_up_id"]))["state"] == "refunded"

    async def test_is_not_believed_before_the_channel_confirms_it(
        self, shop: httpx.AsyncClient, platform: Platform
    ) -> None:
        refund = await a_late_refund(shop, platform)
        body, signed = platform.refund_callback(refund)
        unheard = await shop.post(REFUND_CALLBACK, content=body, headers=signed)
        await platform.refunds(ending="PROCESSING")
        await watch_refund(platform.client, WatchRefund(refund["id"]))

        under_way = await shop.post(REFUND_CALLBACK, content=body, headers=signed)

        assert (unheard.status_code, unheard.json()["message"]) == (404, "payment_refund_unknown")
        assert (under_way.status_code, under_way.json()["message"]) == (409, "callback_not_confirmed")
        assert (await the_order(refund["top_up_id"]))["state"] == "refunding"

    async def test_is_refused_by_name(self, shop: httpx.AsyncClient, platform: Platform) -> None:
        refund = await a_late_refund(shop, platform)
        genuine, headers_of_it = platform.refund_callback(refund)
        from integrations.wechat_pay.wire import CallbackAmount

        sent = {
            "forged": (genuine.replace(b"EV-", b"EV_"), headers_of_it),
            "late": (genuine, platform.signature(genuine, seconds_ago=301)),
            "amount": platform.refund_callback(refund, amount=CallbackAmount(500, 499)),
            "total": platform.refund_callback(refund, amount=CallbackAmount(501, 500)),
            "mchid": platform.refund_callback(refund, mchid="1699999999"),
            "order": platform.refund_callback(refund, out_trade_no="0" * 32),
            "refund": platform.refund_callback(refund, out_refund_no=secrets.token_hex(16)),
            "number": platform.refund_callback(refund, out_refund_no="R-1"),
            "payment": platform.callback(refund["top_up_id"].hex, 500),
        }

        answers = {
            name: await shop.post(REFUND_CALLBACK, content=body, headers=signed)
            for name, (body, signed) in sent.items()
        }

        assert {name: answer.json()["message"] for name, answer in answers.items()} == {
            "forged": "callback_untrusted",
            "late": "callback_untrusted",
            "amount": "callback_differs",
            "total": "callback_differs",
            "mchid": "callback_differs",
            "order": "callback_differs",
            "refund": "refund_unknown",
            "number": "refund_unknown",
            "payment": "callback_unreadable",
        }
        assert (await the_refund(refund["top_up_id"]))["state"] == "waiting"

    async def test_of_a_refund_is_none_of_a_payment(self, shop: httpx.AsyncClient, platform: Platform) -> None:
        refund = await a_late_refund(shop, platform)
        body, signed = platform.refund_callback(refund)

        answer = await shop.post(CALLBACK, content=body, headers=signed)

        assert (answer.status_code, answer.json()["message"]) == (422, "callback_unreadable")


class TestPaymentAfterRefund:
    async def test_a_late_callback_of_a_refunded_order_changes_nothing(
        self, shop: httpx.AsyncClient, platform: Platform
    ) -> None:
        refund = await a_late_refund(shop, platform)
        for attempt in range(2):
            await watch_refund(platform.client, WatchRefund(refund["id"], attempt))
        body, signed = platform.callback(refund["top_up_id"].hex, 500)

        answer = await shop.post(CALLBACK, content=body, headers=signed)

        assert answer.status_code == 204
        assert (await platform.client.query(refund["top_up_id"].hex)).state is TradeState.REFUND
        assert (await the_order(refund["top_up_id"]))["state"] == "refunded"


async def test_a_payment_in_another_currency_is_refused(shop: httpx.AsyncClient, platform: Platform) -> None:
    from integrations.wechat_pay.wire import PaidAmount

    citizen = await a_card_holder()
    number = (await ordered(shop, citizen)).json()["order_number"]
    await platform.pay(number)
    body, signed = platform.callback(number, 500, amount=PaidAmount(500, 500, "USD"))

    answer = await shop.post(CALLBACK, content=body, headers=signed)

    assert (answer.status_code, answer.json()["message"]) == (422, "callback_differs")
    assert await balance_fen(citizen) == 0
