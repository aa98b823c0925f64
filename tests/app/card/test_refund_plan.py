"""Spreading a balance over orders: to the newest first, never more than is left of one; and never more refunded than paid."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.card.channel_refunds import order_refund
from app.card.receipts import SYSTEM
from app.card.refund_plan import PaidOrder, Share, plan
from app.kernel import clock
from app.kernel.database import execute, fetch_value, transaction
from app.kernel.ids import shard_of
from tests.makers.cards import a_card_holder, the_order, top_up

NOW = datetime(2026, 11, 30, 12, tzinfo=clock.SHANGHAI)


def an_order(number: int, amount_fen: int, refunded_fen: int = 0, refunds: int = 0, days: float = 1) -> PaidOrder:
    return PaidOrder(UUID(int=number), amount_fen, refunded_fen, refunds, NOW - timedelta(days=days))


orders = st.lists(
    st.builds(
        lambda amount, share, refunds, days: (amount, amount * share // 4, refunds, days),
        *(st.integers(1, 200_000), st.integers(0, 4), st.integers(0, 50), st.integers(0, 400)),
    ),
    max_size=12,
).map(lambda rows: [an_order(number, *row) for number, row in enumerate(rows)])


class TestPlan:
    def test_goes_to_the_newest_first(self) -> None:
        spread = plan(900, [an_order(1, 700, days=3), an_order(2, 500, days=2), an_order(3, 100, days=9)], NOW)

        assert spread.shares == (Share(UUID(int=2), 500), Share(UUID(int=1), 400))
        assert spread.rest_fen == 0

    @pytest.mark.parametrize(
        ("order", "fen"),
        [
            (an_order(1, 500, refunded_fen=200), 300),
            (an_order(1, 500, refunded_fen=500), 0),
            (an_order(1, 500, refunds=49), 500),
            (an_order(1, 500, refunds=50), 0),
            (an_order(1, 500, days=364.9), 500),
            (an_order(1, 500, days=365), 0),
        ],
    )
    def test_leaves_out_what_takes_no_more(self, order: PaidOrder, fen: int) -> None:
        spread = plan(500, [order], NOW)

        assert (sum(share.amount_fen for share in spread.shares), spread.rest_fen) == (fen, 500 - fen)

    @given(st.integers(0, 500_000), orders)
    def test_gives_the_whole_balance_and_never_more_than_is_left(self, balance: int, paid: list[PaidOrder]) -> None:
        spread = plan(balance, paid, NOW)

        left = {order.id: order.amount_fen - order.refunded_fen for order in paid}
        assert sum(share.amount_fen for share in spread.shares) + spread.rest_fen == balance
        assert all(0 < share.amount_fen <= left[share.order_id] for share in spread.shares)
        assert len({share.order_id for share in spread.shares}) == len(spread.shares)


class TestNeverMoreThanPaid:
    @settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(amounts=st.lists(st.integers(1, 500), min_size=2, max_size=8), closed=st.sets(st.integers(0, 7)))
    async def test_by_the_database_whatever_races(self, amounts: list[int], closed: set[int]) -> None:
        order = await top_up(await a_card_holder(), 600)

        async def refund(number: int, fen: int) -> None:
            try:
                async with transaction(SYSTEM):
                    row = await a_refund(order, fen)
                    if number in closed:
                        await execute(
                            "UPDATE channel_refund SET state = 'closed', ended_at = now() WHERE shard = $1 AND id = $2",
                            *(shard_of(order), row),
                        )
            except asyncpg.CheckViolationError:
                return

        await asyncio.gather(*(refund(number, fen) for number, fen in enumerate(amounts)))

        async with transaction(SYSTEM):
            given_back = await fetch_value(
                "SELECT coalesce(sum(amount_fen), 0)::int8 FROM channel_refund WHERE shard = $1 AND top_up_id = $2 AND state <> 'closed'",
                *(shard_of(order), order),
            )
        assert 0 <= given_back <= 600

    async def test_refuses_a_refund_of_what_was_not_paid(self) -> None:
        from tests.makers.cards import an_order as an_unpaid_order

        order = await the_order(await an_unpaid_order(await a_card_holder(), 500))

        with pytest.raises(asyncpg.CheckViolationError):
            async with transaction(SYSTEM):
                await order_refund(order, 500)


async def a_refund(order: UUID, fen: int) -> UUID:
    """A refund of a cancelled card's, as it is written down."""
    from app.kernel.ids import new_id

    refund_id, held = new_id(order), new_id(order)
    await execute(
        "INSERT INTO channel_refund (id, shard, citizen_id, top_up_id, at, amount_fen, purpose, cancellation_id, pending_id, state) "
        "SELECT $1, shard, citizen_id, id, now(), $4, 'cancellation', $5, $5, 'waiting' FROM top_up WHERE shard = $2 AND id = $3",
        *(refund_id, shard_of(order), order, fen, held),
    )
    return refund_id
