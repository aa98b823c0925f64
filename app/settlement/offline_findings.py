"""What was found wrong with terminals' offline batches becomes discrepancies; sales of a terminal whose batches aren't whole are held."""

from datetime import date
from typing import Final

from app.kernel.database import Row, fetch_all
from app.kernel.ids import SHARDS
from app.settlement.days import day_of, ends_at
from app.settlement.finding import Found, end, find
from app.settlement.holds import hold
from app.settlement.kinds import kind_of

_FINDINGS: Final = """
SELECT f.*, d.state FROM offline_finding f
LEFT JOIN discrepancy d ON d.identity = 'offline_' || f.kind || ' ' || f.principal || ' ' || f.about
WHERE f.found_at < $1 AND f.ended_at IS NULL AND (d.id IS NULL OR d.state NOT IN ('resolved', 'ended')) ORDER BY f.found_at, f.id
"""
_ENDED: Final = """
SELECT d.id FROM discrepancy d
JOIN offline_finding f ON f.principal = d.principal AND d.identity = 'offline_' || f.kind || ' ' || f.principal || ' ' || f.about
WHERE d.kind LIKE 'offline\\_%' AND d.state NOT IN ('resolved', 'ended') AND f.ended_at IS NOT NULL ORDER BY d.id
"""
_SALES: Final = """
SELECT coalesce(s.transfer_id, s.id) AS id FROM offline_sale s
WHERE s.shard = ANY ($1::int4[]) AND s.principal = $2 AND s.state IN ('posted', 'borne') AND s.received_at < $3
  AND NOT EXISTS (SELECT 1 FROM settled_transfer t WHERE t.shard = s.shard AND t.id = s.transfer_id)
  AND NOT EXISTS (SELECT 1 FROM settled_borne_sale b WHERE b.shard = s.shard AND b.id = s.id)
"""


async def find_open(day: date) -> set[str]:
    """Name what is wrong with offline batches until the end of a day, and end what has come right; in the system transaction in progress.

    Gives the terminals concerned, whose offline totals needn't be looked at beside it.
    """
    rows = await fetch_all(_FINDINGS, ends_at(day))
    for row in rows:
        await _name(row, day)
    for row in await fetch_all(_ENDED):
        await end(row["id"], "what was missing has come in")
    return {row["principal"] for row in rows}


async def _name(row: Row, day: date) -> None:
    kind = f"offline_{row['kind']}"
    names = ("id", "about", "batch_number", "first_counter", "last_counter", "found_at")
    discrepancy_id = await find(
        Found(
            kind=kind,
            about=f"{row['principal']} {row['about']}",
            day=day_of(row["found_at"]),
            merchant_code=row["merchant_code"],
            principal=row["principal"],
            amount_fen=row["amount_fen"],
            evidence={name: row[name] for name in names},
        )
    )
    if kind_of(kind).holds:
        sales = await fetch_all(_SALES, list(SHARDS), row["principal"], ends_at(day))
        await hold(discrepancy_id, [sale["id"] for sale in sales])
