"""What was found wrong with terminals' offline batches becomes discrepancies; sales of a terminal whose batches aren't whole are held."""

from datetime import date
from typing import Final

import msgspec

from app.kernel.database import Row, fetch_all
from app.kernel.ids import SHARDS
from app.settlement.days import day_of, ends_at
from app.settlement.finding import Found, end, find
from app.settlement.holds import hold
from app.settlement.kinds import KINDS, kind_of

_FINDINGS: Final = """
SELECT f.* FROM offline_finding f WHERE f.found_at < $1 AND f.ended_at IS NULL ORDER BY f.found_at, f.id
"""
_UNENDED: Final = """
SELECT d.identity, d.id FROM discrepancy d WHERE d.kind = ANY ($1::text[]) AND d.state NOT IN ('resolved', 'ended') ORDER BY d.id
"""
_STATES: Final = "SELECT identity, state FROM discrepancy WHERE identity = ANY ($1::text[])"
_SALES: Final = """
SELECT coalesce(s.transfer_id, s.id) AS id FROM offline_sale s
WHERE s.shard = ANY ($1::int4[]) AND s.principal = $2 AND s.state IN ('posted', 'borne') AND s.received_at < $3
  AND NOT EXISTS (SELECT 1 FROM settled_transfer t WHERE t.shard = s.shard AND t.id = s.transfer_id)
  AND NOT EXISTS (SELECT 1 FROM settled_borne_sale b WHERE b.shard = s.shard AND b.id = s.id)
"""
_HOLDING: Final = [code for code, kind in KINDS.items() if kind.holds and code.startswith("offline_")]
_OVER: Final = frozenset({"resolved", "ended"})


async def find_open(day: date) -> set[str]:
    """Name what is wrong with offline batches until the end of a day, and end what has come right; in the system transaction in progress.

    Gives the terminals concerned, whose totals needn't be looked at beside it. What one lost batch leaves open, by its number and by its
    counters, is one discrepancy of the day on which it was found.
    """
    found: dict[str, tuple[Found, list[Row]]] = {}
    for row in await fetch_all(_FINDINGS, ends_at(day)):
        one = _found(row)
        found.setdefault(one.identity, (one, []))[1].append(row)
    states = {row["identity"]: row["state"] for row in await fetch_all(_STATES, list(found))}
    standing = {identity: told for identity, told in found.items() if states.get(identity) not in _OVER}
    for one, rows in standing.values():
        await _name(one, rows, day)
    for row in await fetch_all(_UNENDED, _HOLDING):
        if row["identity"] not in found:
            await end(row["id"], "what was missing has come in")
    return {row["principal"] for _, rows in standing.values() for row in rows}


def _found(row: Row) -> Found:
    kind = f"offline_{row['kind']}"
    about = str(day_of(row["found_at"])) if kind_of(kind).holds else row["about"]
    return Found(
        kind=kind,
        about=f"{row['principal']} {about}",
        day=day_of(row["found_at"]),
        merchant_code=row["merchant_code"],
        principal=row["principal"],
        amount_fen=row["amount_fen"],
        evidence={},
    )


async def _name(found: Found, rows: list[Row], day: date) -> None:
    names = ("id", "about", "batch_number", "first_counter", "last_counter", "found_at")
    evidence = {"findings": [{name: row[name] for name in names} for row in rows]}
    discrepancy_id = await find(msgspec.structs.replace(found, evidence=evidence))
    if kind_of(found.kind).holds and found.principal:
        sales = await fetch_all(_SALES, list(SHARDS), found.principal, ends_at(day))
        await hold(discrepancy_id, [sale["id"] for sale in sales])
