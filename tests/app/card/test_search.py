"""Movements found by month, kind, merchant, category and name, a page after the other."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.card import queries
from app.card.spending_structs import Wanted
from app.kernel.actors import Citizen
from tests.makers.callers import headers
from tests.makers.cards import a_card_holder
from tests.makers.movements import a_merchant, an_old_card, months_ago, moved, named


async def found(citizen: Citizen, **wanted: Any) -> list[int]:
    """The amounts of what is found, a page of two after the other."""
    amounts, cursor = list[int](), None
    while True:
        page = await queries.transactions(citizen, cursor, 2, Wanted(**wanted))
        amounts += [one.amount_fen for one in page.items]
        cursor = page.next
        if cursor is None:
            return amounts


async def a_shopper() -> tuple[Citizen, str, str]:
    """A citizen who ate noodles and bought food in two months; with both merchants."""
    citizen = await an_old_card(3)
    noodles = await a_merchant("福山拉面_100%", "Fushan Noodles", "5812")
    food = await a_merchant("振华量贩", "Zhenhua Supermarket", "5411")
    await moved(citizen, months_ago(2), "top_up", 10_000)
    await moved(citizen, months_ago(2, 3), "charge", 11, noodles)
    await moved(citizen, months_ago(2, 4), "charge", 12, food)
    await moved(citizen, months_ago(1, 5), "charge", 13, food)
    await moved(citizen, months_ago(1, 6), "return", 7, food)
    await moved(citizen, months_ago(1, 7), "charge", 14, await a_merchant("杂货", "Sundries"))
    return citizen, noodles, food


class TestFind:
    async def test_narrows_to_months_both_included(self) -> None:
        citizen, _, _ = await a_shopper()
        before, last = named(months_ago(2)), named(months_ago(1))

        assert await found(citizen) == [14, 7, 13, 12, 11, 10_000]
        assert await found(citizen, first_month=last) == [14, 7, 13]
        assert await found(citizen, last_month=before) == [12, 11, 10_000]
        assert await found(citizen, first_month=before, last_month=last) == await found(citizen)
        assert await found(citizen, first_month=named(months_ago(0))) == []

    async def test_goes_by_the_month_in_shanghai_to_the_second(self) -> None:
        citizen = await an_old_card(2)
        midnight = months_ago(0, hour=0)
        for amount, at in (
            (1, midnight - timedelta(milliseconds=1)),
            (2, midnight),
            (3, midnight + timedelta(hours=8)),
        ):
            await moved(citizen, at, "top_up", amount)

        assert await found(citizen, last_month=named(months_ago(1))) == [1]
        assert await found(citizen, first_month=named(midnight)) == [3, 2]

    async def test_narrows_to_a_kind_and_a_merchant(self) -> None:
        citizen, _, food = await a_shopper()

        assert await found(citizen, kind="return") == [7]
        assert await found(citizen, merchant=food) == [7, 13, 12]
        assert await found(citizen, merchant=food, kind="charge") == [13, 12]
        assert await found(citizen, merchant="NOBODY") == []

    async def test_narrows_to_a_category_that_is_said_of_each(self) -> None:
        citizen, _, _ = await a_shopper()

        assert await found(citizen, category="groceries") == [13, 12]
        assert await found(citizen, category="catering") == [11]
        assert await found(citizen, category="other") == [14]
        assert await found(citizen, category="returned") == [7]
        assert await found(citizen, category="top_up") == [10_000]
        assert await found(citizen, category="top_up", kind="charge") == []
        page = await queries.transactions(citizen, None, 10)
        assert [one.category for one in page.items] == ["other", "returned", *["groceries"] * 2, "catering", "top_up"]

    @pytest.mark.parametrize(
        ("q", "amounts"),
        [
            ("拉面", [11]),
            ("noodles", [11]),
            (" SUPERmarket ", [7, 13, 12]),
            ("_100%", [11]),
            ("量_贩", []),
            ("%", [11]),
            ("\\", []),
            ("'; --", []),
        ],
    )
    async def test_finds_a_part_of_a_name_and_nothing_by_wildcards(self, q: str, amounts: list[int]) -> None:
        citizen, _, _ = await a_shopper()

        assert await found(citizen, q=q) == amounts


class TestOverHttp:
    async def test_takes_all_filters(self, shop: httpx.AsyncClient) -> None:
        citizen, _, food = await a_shopper()
        asked: dict[str, str | int] = {
            "from": named(months_ago(2)),
            "to": named(months_ago(1)),
            "kind": "charge",
            "merchant": food,
            "category": "groceries",
            "q": "振华",
            "limit": 1,
        }

        first = (await shop.get("/v1/card/transactions", params=asked, headers=await headers(citizen))).json()
        asked["cursor"] = first["next"]
        second = (await shop.get("/v1/card/transactions", params=asked, headers=await headers(citizen))).json()

        assert [one["amount_fen"] for one in (*first["items"], *second["items"])] == [13, 12]
        assert second["next"] is None

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("from", "2026-13"),
            ("from", "2026-1"),
            ("to", "1999-12"),
            ("to", "2026-01-01"),
            ("kind", "theft"),
            ("category", "gifts"),
            ("q", ""),
            ("q", "x" * 61),
            ("q", "\x00"),
            ("merchant", "a b"),
        ],
    )
    async def test_refuses_what_no_filter_is(self, shop: httpx.AsyncClient, name: str, value: str) -> None:
        citizen = await a_card_holder()

        answer = await shop.get("/v1/card/transactions", params={name: value}, headers=await headers(citizen))

        assert (answer.status_code, answer.json()["code"]) == (400, "parameter_wrong")

    async def test_refuses_months_that_run_backwards(self, shop: httpx.AsyncClient) -> None:
        citizen = await a_card_holder()

        answer = await shop.get(
            "/v1/card/transactions", params={"from": "2026-02", "to": "2026-01"}, headers=await headers(citizen)
        )

        assert answer.json()["code"] == "period_reversed"
