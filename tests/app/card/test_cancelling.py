"""Cancelling a card: it pays no more, and its balance goes back once, to where it came from, whatever fails or is killed between."""

import asyncio
import secrets
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from app.card import cancelling, payouts
from app.card.cancelling import TakeBalance, take_balance
from app.card.channel_errors import PayoutUnknown
from app.card.errors import (
    BalanceTooLow,
    CardCancelled,
)
from app.card.events import CardRefunded
from app.card.receipts import SYSTEM
from app.kernel import clock
from app.kernel.database import execute, transaction
from app.kernel.ids import shard_of
from tests.makers.callers import headers
from tests.makers.cancelling import QUICK, begun, cancelled, give_all_back, seen
from tests.makers.cards import (
    a_card_holder,
    a_till,
    balance_fen,
    ledger,
    pay,
    refund,
    the_card,
    told_of,
)
from tests.makers.channel import Platform, a_paid_order, ordered, refunds_of
from tests.makers.people import a_citizen


@pytest.fixture(autouse=True)
async def quick(platform: Platform) -> None:
    await platform.refunds(**QUICK)


class TestCancel:
    async def test_gives_the_balance_back_to_the_newest_orders(
        self, shop: httpx.AsyncClient, platform: Platform
    ) -> None:
        citizen = await a_card_holder()
        older = await a_paid_order(shop, platform, citizen, 700)
        newer = await a_paid_order(shop, platform, citizen, 500)
        await pay(a_till(f"t-{secrets.token_hex(3)}"), citizen, 300)

        cancellation = await begun(shop, citizen)
        before = await seen(shop, citizen)
        await give_all_back(platform, cancellation)
        after = await seen(shop, citizen)

        assert (before["state"], before["amount_fen"], after["state"]) == ("giving_back", 900, "done")
        rows = {row["top_up_id"]: row for row in await refunds_of("cancellation_id", cancellation)}
        assert {key: row["amount_fen"] for key, row in rows.items()} == {newer: 500, older: 400}
        assert {(await platform.client.query_refund(row["id"].hex)).state.value for row in rows.values()} == {
            "refunded"
        }
        assert await balance_fen(citizen) == 0
        assert (await ledger()).holds
        assert (await told_of(citizen)).count("card.top_up_refunded") == 2
        assert "card.balance_returned" in await told_of(citizen)
        shown = await shop.get(f"/v1/card/top-ups/{newer}", headers=await headers(citizen))
        assert [(one["amount_fen"], one["state"]) for one in shown.json()["refunds"]] == [(500, "refunded")]

    async def test_is_done_at_once_where_nothing_lies_on_the_card(self, shop: httpx.AsyncClient) -> None:
        citizen = await a_card_holder()

        answer = await cancelled(shop, citizen)

        assert (answer.json()["state"], answer.json()["refunds"]) == ("done", [])

    async def test_ends_all_that_the_card_does(self, shop: httpx.AsyncClient, platform: Platform) -> None:
        citizen = await a_card_holder()
        await a_paid_order(shop, platform, citizen)
        await begun(shop, citizen)
        given = await headers(citizen)

        answers = [
            await shop.get("/v1/card/code", headers=given),
            await shop.post("/v1/card/loss", headers=given | {"idempotency-key": secrets.token_hex(8)}),
            await ordered(shop, citizen),
        ]

        assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(409, "card_cancelled")}
        assert (await shop.get("/v1/card", headers=await headers(citizen))).json()["state"] == "cancelled"

    async def test_is_one_for_twenty_parallel_repeats(self, shop: httpx.AsyncClient, platform: Platform) -> None:
        citizen, key = await a_card_holder(), secrets.token_hex(16)
        order = await a_paid_order(shop, platform, citizen)

        answers = await asyncio.gather(*(cancelled(shop, citizen, key if n % 2 else None) for n in range(20)))

        assert {answer.status_code for answer in answers} <= {200, 409}
        assert {answer.json()["code"] for answer in answers if answer.status_code == 409} <= {"still_running"}
        assert len(await refunds_of("top_up_id", order)) == 1
        assert (await told_of(citizen)).count("card.cancelled") == 1

    async def test_races_with_payments_to_the_fen(self, shop: httpx.AsyncClient, platform: Platform) -> None:
        citizen = await a_card_holder()
        await a_paid_order(shop, platform, citizen, 1_000)
        tills = [a_till(f"t-{secrets.token_hex(3)}") for _ in range(4)]

        ended = await asyncio.gather(
            *(pay(till, citizen, 100) for till in tills), begun(shop, citizen), return_exceptions=True
        )

        taken = sum(100 for one in ended[:-1] if not isinstance(one, BaseException))
        assert {type(one) for one in ended if isinstance(one, BaseException)} <= {BalanceTooLow, CardCancelled}
        assert (await seen(shop, citizen))["amount_fen"] == 1_000 - taken
        assert (await ledger()).holds

    async def test_waits_for_what_is_under_way(self, shop: httpx.AsyncClient) -> None:
        citizen = await a_card_holder(500)
        await ordered(shop, citizen)

        answer = await cancelled(shop, citizen)

        assert (answer.status_code, answer.json()["code"]) == (409, "top_up_under_way")

    async def test_heeds_what_another_room_has_against_it(
        self, shop: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        citizen = await a_card_holder(500)

        async def owed(citizen_id: UUID) -> BalanceTooLow | None:
            return BalanceTooLow() if citizen_id == citizen.id else None

        monkeypatch.setattr(cancelling, "_obstacles", [owed])

        assert (await cancelled(shop, citizen)).json()["code"] == "balance_too_low"
        assert (await the_card(citizen))["state"] == "active"

    async def test_needs_a_card_and_shows_nothing_before(self, shop: httpx.AsyncClient) -> None:
        nobody, holder = await a_citizen(), await a_card_holder()

        refused = await cancelled(shop, nobody)
        unknown = await shop.get("/v1/card/cancellation", headers=await headers(holder))

        assert (refused.status_code, refused.json()["code"]) == (404, "card_not_opened")
        assert (unknown.status_code, unknown.json()["code"]) == (404, "cancellation_unknown")


class TestWhatNoOrderTakes:
    async def test_waits_at_the_counter_until_it_is_paid_out_once(
        self, shop: httpx.AsyncClient, platform: Platform
    ) -> None:
        citizen = await a_card_holder()
        order = await a_paid_order(shop, platform, citizen)
        async with transaction(SYSTEM):
            await execute(
                "UPDATE top_up SET paid_at = $3 WHERE shard = $1 AND id = $2",
                *(shard_of(order), order, clock.now() - timedelta(days=365)),
            )

        await begun(shop, citizen)
        shown = await seen(shop, citizen)
        payout = UUID(shown["payouts"][0]["id"])  # type: ignore[index]
        await payouts.pay_out(payout, "V-1")
        with pytest.raises(PayoutUnknown):
            await payouts.pay_out(payout, "V-2")

        assert (shown["state"], shown["refunds"], shown["payouts"][0]["reason"]) == ("at_counter", [], "no_order")  # type: ignore[index]
        assert (await seen(shop, citizen))["state"] == "done"
        assert (await ledger()).holds

    async def test_takes_money_that_comes_later_as_well(self, shop: httpx.AsyncClient, platform: Platform) -> None:
        citizen, till = await a_card_holder(), a_till(f"t-{secrets.token_hex(3)}")
        await a_paid_order(shop, platform, citizen)
        payment = (await pay(till, citizen, 200)).receipt.id
        cancellation = await begun(shop, citizen)

        await refund(till, payment, 200)
        async with transaction(SYSTEM):
            await cancelling.on_money_came(CardRefunded(citizen_id=citizen.id, subject_id=payment))
        await take_balance(TakeBalance(cancellation))
        await take_balance(TakeBalance(cancellation))
        await give_all_back(platform, cancellation)

        rows = await refunds_of("cancellation_id", cancellation)
        assert [row["amount_fen"] for row in rows] == [300, 200]
        assert rows[1]["state"] == "waiting"
        assert await balance_fen(citizen) == 0
        assert (await seen(shop, citizen))["amount_fen"] == 500
