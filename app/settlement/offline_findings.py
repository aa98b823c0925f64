"""What was found wrong with terminals' offline batches becomes discrepancies; sales of a terminal whose batches aren't whole are held."""

from datetime import date
from typing import Final

from app.kernel.database import Row, fetch_all
from app.kernel.ids import SHARDS
from app.settlement.days import ends_at
from app.settlement.finding import Found, end, find
from app.settlement.holds import hold
from app.settlement.kinds import kind_of

_FINDINGS: Final = """
SELECT f.*, d.state, d.id AS discrepancy_id FROM offline_finding f
LEFT JOIN discrepancy d ON d.identity = 'offline_' || f.kind || ' ' || f.principal || ' ' || f.about
WHERE f.found_at < $1 AND (d.id IS NULL OR d.state NOT IN ('resolved', 'ended')) ORDER BY f.found_at, f.id
"""
_SALES: Final = """
SELECT s.transfer_id FROM offline_sale s
WHERE s.shard = ANY ($1::int4[]) AND s.principal = $2 AND s.state = 'posted' AND s.received_at < $3
  AND NOT EXISTS (SELECT 1 FROM settled_transfer t WHERE t.shard = s.shard AND t.id = s.transfer_id)
"""


async def find_open(day: date) -> set[str]:
    """Name what is wrong with offline batches until the end of a day, and end what has come right; in the system transaction in progress.

    Gives the terminals concerned, whose totals needn't be looked at beside it.
    """
    concerned = set()
    for row in await fetch_all(_FINDINGS, ends_at(day)):
        if row["ended_at"] is None:
            await _find(row, day)
            concerned.add(row["principal"])
        elif row["discrepancy_id"] is not None:
            await end(row["discrepancy_id"], "what was missing has come in")
    return concerned


async def _find(row: Row, day: date) -> None:
    kind = f"offline_{row['kind']}"
    discrepancy_id = await find(
        Found(
            kind=kind,
            about=f"{row['principal']} {row['about']}",
            day=day,
            merchant_code=row["merchant_code"],
            principal=row["principal"],
            amount_fen=row["amount_fen"],
            evidence={
                name: row[name] for name in ("id", "about", "batch_number", "first_counter", "last_counter", "found_at")
            },
        )
    )
    if kind_of(kind).holds:
        sales = await fetch_all(_SALES, list(SHARDS), row["principal"], ends_at(day))
        await hold(discrepancy_id, [sale["transfer_id"] for sale in sales])
