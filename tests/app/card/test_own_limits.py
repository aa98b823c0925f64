"""Limits that holders set themselves: lowered at once, raised by a device's key and later."""

from datetime import UTC, date, datetime, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.card import cards, own_limits
from app.card.errors import CardLimitsChanged
from app.card.own_limits import Three, change, raised_on
from app.card.receipts import SYSTEM
from app.card.structs import OwnLimits
from app.kernel import clock
from app.kernel.actors import AssuranceTooLow, Citizen
from app.kernel.database import execute, transaction
from tests.makers.callers import headers, signed_in
from tests.makers.card_holders import replaced
from tests.makers.cards import a_card_holder, a_till, pay, the_card, told_of
from tests.makers.people import a_citizen

LATER = date(2026, 12, 1)
LIMIT = st.one_of(st.none(), st.integers(0, 10))
NONE = OwnLimits(payment_fen=None, day_fen=None, month_fen=None)


async def a_holder_with_a_device() -> Citizen:
    """A citizen at level 3 with a card."""
    citizen = await a_citizen(level=3)
    await cards.open_card(citizen)
    return citizen


class TestChange:
    @given(st.tuples(LIMIT, LIMIT, LIMIT), st.tuples(LIMIT, LIMIT, LIMIT))
    def test_never_raises_at_once_and_ends_at_what_was_wanted(self, now: Three, wanted: Three) -> None:
        changed = change(now, wanted, LATER)

        for before, after in zip(now, changed.own, strict=True):
            assert before is None or (after is not None and after <= before)
        assert (changed.raised if changed.raised_from else changed.own) == wanted

    @pytest.mark.parametrize(
        ("at", "day"),
        [
            (datetime(2026, 11, 29, 15, 59, tzinfo=UTC), date(2026, 12, 1)),
            (datetime(2026, 11, 29, 16, 0, tzinfo=UTC), date(2026, 12, 1)),
            (datetime(2026, 11, 29, 16, 0, 1, tzinfo=UTC), date(2026, 12, 2)),
        ],
    )
    def test_a_raise_waits_for_the_first_day_that_begins_a_day_later(self, at: datetime, day: date) -> None:
        assert raised_on(at, 24) == day


class TestChoose:
    async def test_lowers_at_once_without_a_device(self) -> None:
        citizen = await a_card_holder()

        view, version = await own_limits.choose(citizen, OwnLimits(2_000, 5_000, None), None)
        again, same = await own_limits.choose(citizen, OwnLimits(2_000, 5_000, None), version)

        assert (view.in_force.payment_fen, view.in_force.day_fen) == (2_000, 5_000)
        assert (view.raised, view.raised_from) == (None, None)
        assert (again, same) == (view, version)
        assert (await told_of(citizen)).count("card.limits_set") == 1

    async def test_raises_on_a_device_only_and_later(self) -> None:
        citizen = await a_holder_with_a_device()
        await own_limits.choose(citizen, OwnLimits(2_000, None, None), None)

        view, _ = await own_limits.choose(citizen, OwnLimits(3_000, 9_000, None), None)

        assert (view.in_force.payment_fen, view.in_force.day_fen) == (2_000, 9_000)
        assert view.raised is not None
        assert view.raised.payment_fen == 3_000
        assert view.raised_from is not None
        assert view.raised_from > clock.today() + timedelta(days=1)
        await _days_go_by(citizen)
        held, _ = await own_limits.limits_of(citizen)
        assert (held.in_force.payment_fen, held.raised) == (3_000, None)

    async def test_refuses_a_raise_without_a_device(self) -> None:
        citizen = await a_card_holder()
        await own_limits.choose(citizen, OwnLimits(2_000, None, None), None)

        with pytest.raises(AssuranceTooLow):
            await own_limits.choose(citizen, NONE, None)
        assert (await own_limits.limits_of(citizen))[0].own.payment_fen == 2_000

    async def test_a_raise_that_waits_can_be_taken_back(self) -> None:
        citizen = await a_holder_with_a_device()
        lowered = OwnLimits(2_000, None, None)
        await own_limits.choose(citizen, lowered, None)
        await own_limits.choose(citizen, NONE, None)

        view, _ = await own_limits.choose(citizen, lowered, None)

        assert (view.own.payment_fen, view.raised) == (2_000, None)

    async def test_refuses_what_is_based_on_another_version(self) -> None:
        citizen = await a_card_holder()
        _, version = await own_limits.limits_of(citizen)
        await own_limits.choose(citizen, OwnLimits(2_000, None, None), version)

        with pytest.raises(CardLimitsChanged):
            await own_limits.choose(citizen, OwnLimits(1_000, None, None), version)

    async def test_stay_when_the_card_is_replaced(self) -> None:
        citizen = await a_card_holder()
        await own_limits.choose(citizen, OwnLimits(2_000, None, None), None)
        await replaced(citizen)

        assert (await own_limits.limits_of(citizen))[0].in_force.payment_fen == 2_000


class TestHttp:
    async def test_says_what_is_left_to_the_holder_alone(self, shop: httpx.AsyncClient) -> None:
        citizen = await a_card_holder(10_000)
        await pay(a_till(), citizen, 3_000)
        await own_limits.choose(citizen, OwnLimits(None, 5_000, None), None)

        told = (await shop.get("/v1/card/limits", headers=await headers(citizen))).json()

        assert (told["left_today_fen"], told["left_this_month_fen"]) == (2_000, 497_000)

    async def test_follows_the_etag(self, shop: httpx.AsyncClient) -> None:
        way_in = await headers(await a_card_holder())
        body = {"payment_fen": 1_000, "day_fen": None, "month_fen": None}
        tag = (await shop.get("/v1/card/limits", headers=way_in)).headers["etag"]

        put = await shop.put("/v1/card/limits", headers=way_in | {"if-match": tag}, json=body)
        late = await shop.put("/v1/card/limits", headers=way_in | {"if-match": tag}, json=body | {"day_fen": 9})
        foreign = await shop.put("/v1/card/limits", headers=way_in | {"if-match": "x"}, json=body | {"day_fen": 9})

        assert (put.status_code, put.json()["own"]) == (200, body)
        assert put.headers["etag"] != tag
        assert (late.status_code, late.json()["code"]) == (412, "card_limits_changed")
        assert foreign.status_code == 412

    async def test_shows_a_device_more(self, shop: httpx.AsyncClient) -> None:
        citizen = await a_holder_with_a_device()

        most = (await shop.get("/v1/card/limits", auth=await signed_in(citizen))).json()["most"]

        assert (most["payment_fen"], most["offline_payment_fen"]) == (100_000, 5_000)

    @pytest.mark.parametrize("amount", [-1, "5", 1.0, 1e3, 100_000_001, True])
    async def test_refuses_what_is_no_amount(self, shop: httpx.AsyncClient, amount: object) -> None:
        way_in = await headers(await a_card_holder())
        body = {"payment_fen": amount, "day_fen": None, "month_fen": None}

        assert (await shop.put("/v1/card/limits", headers=way_in, json=body)).status_code == 422

    async def test_serves_nobody_unknown_and_needs_a_card(self, shop: httpx.AsyncClient) -> None:
        body = {"payment_fen": None, "day_fen": None, "month_fen": None}

        assert (await shop.get("/v1/card/limits")).status_code == 401
        assert (await shop.put("/v1/card/limits", json=body)).status_code == 401
        assert (await shop.get("/v1/card/limits", headers=await headers(await a_citizen()))).status_code == 404


async def _days_go_by(citizen: Citizen) -> None:
    row = await the_card(citizen)
    async with transaction(SYSTEM):
        await execute(
            "UPDATE card SET raised_from = $3 WHERE shard = $1 AND id = $2", row["shard"], row["id"], clock.today()
        )
