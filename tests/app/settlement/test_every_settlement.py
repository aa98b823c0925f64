"""Whatever is paid, given back, held and let go: payouts, fees, what is carried and what is held are what was taken, to the fen."""

from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.kernel.database import execute, fetch_all, transaction
from app.kernel.ids import SHARDS
from app.settlement.checking import check_settlement
from app.settlement.system import SYSTEM
from tests.makers.cards import ledger, pay, refund
from tests.makers.settlement import a_discrepancy, a_new_day, a_shop, holders_apart, settle_after

PAYMENT = st.tuples(
    st.integers(1, 2_000), st.lists(st.tuples(st.integers(0, 2), st.integers(1, 4_000)), max_size=2), st.booleans()
)
"""What is paid, what is given back of it on which later day, and whether it is in doubt at first."""


@pytest.mark.usefixtures("started")
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(PAYMENT, max_size=3), min_size=3, max_size=3))
async def test_adds_up(days: list[list[tuple[int, list[tuple[int, int]], bool]]]) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        till, sequence, payers = await a_shop(), 0, await holders_apart(20_000)
        later: list[tuple[int, UUID, int]] = []
        rests: dict[UUID, int] = {}
        for number, paid_today in enumerate(days):
            day = a_new_day(monkeypatch)
            for fen, returns, doubted in paid_today:
                sequence += 1
                paid = (await pay(till, payers[sequence % 2], fen, sequence)).receipt.id
                rests[paid] = fen
                later += [(number + after, paid, back) for after, back in returns]
                if doubted:
                    await a_discrepancy(paid)
            for due, paid, back in later:
                if due == number and back <= rests[paid]:
                    sequence += 1
                    rests[paid] -= back
                    await refund(till, paid, back, sequence)
            if number == 2:
                await _let_go(till.merchant_code)
            await settle_after(monkeypatch, day)
            await _adds_up(till.merchant_code, sum(rests.values()))

        async with transaction(SYSTEM):
            rows = await fetch_all(
                "SELECT fee_fen FROM merchant_settlement WHERE merchant_code = $1", till.merchant_code
            )
        assert sum(row["fee_fen"] for row in rows) == sum((rest * 38 + 5_000) // 10_000 for rest in rests.values())
        proof = await check_settlement()
        assert (proof.holds, (await ledger()).holds) == (True, True), proof


async def _let_go(merchant: str) -> None:
    async with transaction(SYSTEM):
        await execute(
            "UPDATE settlement_hold SET released_at = held_at WHERE merchant_code = $1 AND released_at IS NULL",
            merchant,
        )


async def _adds_up(merchant: str, taken_fen: int) -> None:
    """What was taken and not given back is paid out, kept as a fee, carried as a debt, or waits."""
    async with transaction(SYSTEM):
        rows = await fetch_all("SELECT * FROM merchant_settlement WHERE merchant_code = $1 ORDER BY day", merchant)
        waits = await fetch_all(
            "SELECT kind, amount_fen FROM transfer t WHERE shard = ANY ($1) AND merchant_code = $2 AND NOT EXISTS "
            "(SELECT 1 FROM settled_transfer s WHERE s.shard = t.shard AND s.id = t.id)",
            *(list(SHARDS), merchant),
        )
    waiting = sum(row["amount_fen"] if row["kind"] == "payment" else -row["amount_fen"] for row in waits)
    paid = sum(row["payout_fen"] + row["fee_fen"] for row in rows)
    carried = rows[-1]["carried_out_fen"] if rows else 0
    assert taken_fen == paid + carried + waiting
