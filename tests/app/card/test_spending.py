"""Totals by month, category and merchant, which are the ledger's sums."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app.card import cards, spending
from app.card.errors import CardNotOpened
from app.card.months import left_before, months_of
from app.card.receipts import SYSTEM
from app.card.spending_structs import SpendingView, Totals, WantedMonths
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import fetch_all, fetch_value, transaction
from app.kernel.ids import shard_of
from app.records.errors import PeriodReversed
from tests.makers.callers import headers
from tests.makers.cards import a_card_holder, a_till, balance_fen, ledger, pay, the_card
from tests.makers.days import let_last_month_be_over
from tests.makers.movements import a_merchant, an_old_card, many_moved, months_ago, moved, named, opened_months_ago
from tests.makers.people import a_citizen, a_guardian_of
from tests.makers.representing import acting


async def totals(citizen: Citizen, by: Any, **wanted: str) -> dict[str, tuple[int, ...]]:
    """The items of a chart by their key."""
    told = await spending.spending(citizen, WantedMonths(by=by, **wanted))
    return {one.key: _plain(one.totals) for one in told.items}


def _plain(one: Totals) -> tuple[int, ...]:
    return one.in_fen, one.in_count, one.out_fen, one.out_count


@pytest.fixture(autouse=True)
def last_month_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    let_last_month_be_over(monkeypatch)


async def kept(citizen: Citizen) -> list[str]:
    """The months of a card that were added up for good."""
    async with transaction(SYSTEM):
        rows = await fetch_all(
            "SELECT month FROM card_month WHERE shard = $1 AND citizen_id = $2 ORDER BY month",
            *(shard_of(citizen.id), citizen.id),
        )
    return [named(row["month"]) for row in rows]


async def a_spender() -> tuple[Citizen, str]:
    """Somebody who put money on the card two months ago, ate, got something back, and paid at a till just now."""
    citizen = await an_old_card(3)
    noodles = await a_merchant("拉面", "Noodles", "5812")
    await moved(citizen, months_ago(2), "top_up", 1_000)
    await moved(citizen, months_ago(2, 2), "charge", 30, noodles)
    await moved(citizen, months_ago(1), "charge", 40, noodles)
    await moved(citizen, months_ago(1, 2), "return", 15, noodles)
    await pay(a_till(merchant_code=await a_merchant("超市", "Market", "5411")), citizen, 5)
    return citizen, noodles


class TestSpending:
    async def test_adds_up_by_month_also_months_without_anything(self) -> None:
        citizen, _ = await a_spender()

        assert await totals(citizen, "month") == {
            named(months_ago(3)): (0, 0, 0, 0),
            named(months_ago(2)): (1_000, 1, 30, 1),
            named(months_ago(1)): (15, 1, 40, 1),
            named(months_ago(0)): (0, 0, 5, 1),
        }

    async def test_adds_up_by_category_and_merchant_most_spent_first(self) -> None:
        citizen, noodles = await a_spender()

        assert list((await totals(citizen, "category")).items()) == [
            ("catering", (0, 0, 70, 2)),
            ("groceries", (0, 0, 5, 1)),
            ("top_up", (1_000, 1, 0, 0)),
            ("returned", (15, 1, 0, 0)),
        ]
        by_merchant = await totals(citizen, "merchant")
        assert by_merchant[noodles] == (15, 1, 70, 2)
        assert by_merchant["top_up"] == (1_000, 1, 0, 0)

    async def test_narrows_to_months_both_included(self) -> None:
        citizen, noodles = await a_spender()
        last = named(months_ago(1))

        told = await spending.spending(citizen, WantedMonths(first_month=last, last_month=last, by="merchant"))

        assert [(one.key, one.name and one.name.en) for one in told.items] == [(noodles, "Noodles")]
        assert _plain(told.total) == (15, 1, 40, 1)
        assert (told.first_month, told.last_month, told.rest) == (last, last, None)

    async def test_adds_up_what_isnt_among_the_first_hundred(self) -> None:
        citizen = await an_old_card(1)
        merchants = [await a_merchant(f"店{number}", f"Shop {number}") for number in range(103)]
        await moved(citizen, months_ago(1), "top_up", 100_000)
        await many_moved(
            citizen, [(months_ago(1, 2), "charge", 200 + place, one) for place, one in enumerate(merchants)]
        )

        told = await spending.spending(citizen, WantedMonths(by="merchant"))

        assert len(told.items) == 100
        assert told.rest is not None
        assert _plain(told.rest) == (100_000, 1, 200 + 201 + 202, 3)
        assert told.total.out_count == 103

    async def test_counts_a_moment_by_the_month_in_shanghai(self) -> None:
        citizen, midnight = await an_old_card(2), months_ago(0, hour=0)
        await moved(citizen, midnight - timedelta(milliseconds=1), "top_up", 1)
        await moved(citizen, midnight, "top_up", 2)

        by_month = await totals(citizen, "month")

        assert [one[0] for one in by_month.values()] == [0, 1, 2]

    async def test_keeps_months_that_are_over_and_no_other(self) -> None:
        citizen, _ = await a_spender()
        first = await totals(citizen, "month")

        assert await kept(citizen) == [named(months_ago(ago)) for ago in (3, 2, 1)]
        await pay(a_till(merchant_code="M1"), citizen, 7)
        again = await totals(citizen, "month")
        assert again[named(months_ago(0))] == (0, 0, 12, 2)
        assert list(again.items())[:3] == list(first.items())[:3]

    async def test_keeps_a_month_once_for_many_who_ask_at_once(self) -> None:
        citizen, _ = await a_spender()

        told = await asyncio.gather(*(totals(citizen, "category") for _ in range(6)))

        assert all(one == told[0] for one in told)
        assert len(await kept(citizen)) == 3

    async def test_refuses_whoever_has_no_card_and_months_backwards(self) -> None:
        with pytest.raises(CardNotOpened):
            await spending.spending(await a_citizen(), WantedMonths())
        with pytest.raises(PeriodReversed):
            await spending.spending(await a_card_holder(), WantedMonths(first_month="2026-02", last_month="2026-01"))

    async def test_shows_nothing_of_the_months_before_the_card(self) -> None:
        told = await spending.spending(await a_card_holder(), WantedMonths(first_month="2000-01", last_month="2001-12"))

        assert (told.items, _plain(told.total)) == ((), (0, 0, 0, 0))


Step = tuple[int, bool, int]


class TestLedger:
    @given(st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.integers(1, 900)), min_size=1, max_size=12))
    @hypothesis_settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    async def test_has_the_sums_that_the_months_tell(self, steps: list[Step]) -> None:
        citizen, shop = await an_old_card(3), await a_merchant("店", "Shop", "5311")
        await moved(citizen, months_ago(3, hour=0), "top_up", 100_000)
        for ago, comes, amount in sorted(steps, key=lambda step: -step[0]):
            await moved(
                citizen, months_ago(ago, hour=1), "top_up" if comes else "charge", amount, None if comes else shop
            )

        views: list[SpendingView] = [
            await spending.spending(citizen, WantedMonths(by=by)) for by in ("month", "category", "merchant")
        ]

        assert len({_plain(one.total) for one in views}) == 1
        assert all(
            _plain(one.total) == tuple(map(sum, zip(*(_plain(i.totals) for i in one.items), strict=True)))
            for one in views
        )
        assert views[0].total.in_fen - views[0].total.out_fen == await balance_fen(citizen)
        card = await the_card(citizen)
        async with transaction(SYSTEM):
            months = await months_of(card)
            assert [one.opening_fen for one in months] == [await left_before(card, one.month) for one in months]
            summed = await fetch_value(
                "SELECT sum(amount_fen) FROM transfer WHERE shard = $1 AND debit = $2",
                *(shard_of(citizen.id), card["account_id"]),
            )
        assert views[0].total.out_fen == (summed or 0)
        assert (await ledger()).holds


class TestOverHttp:
    async def test_shows_a_chart(self, shop: httpx.AsyncClient) -> None:
        citizen, _ = await a_spender()

        answer = await shop.get(
            "/v1/card/spending",
            params={"from": named(months_ago(2)), "to": named(months_ago(2)), "by": "category"},
            headers=await headers(citizen),
        )

        assert answer.status_code == 200
        assert answer.json()["items"][0] == {
            "key": "catering",
            "name": {"zh": "餐饮", "en": "Eating out"},
            "totals": {"in_fen": 0, "in_count": 0, "out_fen": 30, "out_count": 1},
        }

    @pytest.mark.parametrize(("name", "value"), [("by", "day"), ("from", "now"), ("to", "2026-00")])
    async def test_refuses_what_no_parameter_is(self, shop: httpx.AsyncClient, name: str, value: str) -> None:
        answer = await shop.get("/v1/card/spending", params={name: value}, headers=await headers(await a_card_holder()))

        assert (answer.status_code, answer.json()["code"]) == (400, "parameter_wrong")

    async def test_is_nobody_elses(self, shop: httpx.AsyncClient) -> None:
        citizen, _ = await a_spender()
        stranger = await a_card_holder()

        own = await shop.get("/v1/card/spending", headers=await headers(stranger))
        acted = await shop.get("/v1/card/spending", headers=await acting(stranger, citizen))
        anonymous = await shop.get("/v1/card/spending")

        assert own.json()["total"]["out_count"] == 0
        assert (acted.status_code, anonymous.status_code) == (403, 401)

    @pytest.mark.parametrize("path", ["spending", "statements", "transactions"])
    async def test_shows_a_guardian_their_childs_card(self, shop: httpx.AsyncClient, path: str) -> None:
        child = await a_citizen(birth_date=clock.today() - timedelta(days=10 * 365))
        guardian = await a_guardian_of(child.id)
        await cards.open_card(child)
        await opened_months_ago(child, 2)
        await moved(child, months_ago(1), "top_up", 100)

        answer = await shop.get(f"/v1/card/{path}", headers=await acting(guardian, child))
        own = await shop.get(f"/v1/card/{path}", headers=await headers(guardian))

        assert answer.status_code == 200
        assert len(answer.json()["items"]) == {"spending": 3, "statements": 2, "transactions": 1}[path]
        assert own.status_code == (200 if path == "transactions" else 404)
