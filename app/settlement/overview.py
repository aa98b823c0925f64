"""A settled day as the card's operator sees it."""

from datetime import date
from typing import Final

import msgspec

from app.kernel import clock
from app.kernel.actors import NoRight, Officer, require_office
from app.kernel.database import Row, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.paging import Page, decode_cursor, page
from app.kernel.structs import Code
from app.settlement.days import begins_at, ends_at
from app.settlement.discrepancies import LOOK
from app.settlement.discrepancy_structs import DayTotals, MerchantDay, SettledFile, SettlementOverview
from app.settlement.errors import DayUnknown
from app.settlement.finding import DEPARTMENT
from app.settlement.system import SYSTEM

_TOTALS: Final = """
SELECT count(*) AS merchants, coalesce(sum(payments_count + charges_count + refunds_count + reversals_count + returns_count + borne_count), 0)::int8 AS transfers,
  coalesce(sum(fee_fen), 0)::int8 AS fee_fen, coalesce(sum(payout_fen), 0)::int8 AS payout_fen,
  coalesce(sum(carried_out_fen), 0)::int8 AS carried_out_fen
FROM merchant_settlement WHERE day = $1
"""
_MERCHANTS: Final = """
SELECT * FROM merchant_settlement WHERE day = $1 AND ($2::text IS NULL OR merchant_code > $2) ORDER BY merchant_code LIMIT $3
"""
_HELD: Final = """
SELECT count(*) AS count, coalesce(sum(h.amount_fen), 0)::int8 AS fen FROM (
  SELECT DISTINCT transfer_id, amount_fen FROM settlement_hold WHERE released_at IS NULL) h
"""
_DISCREPANCIES: Final = "SELECT state, count(*) AS count FROM discrepancy WHERE day = $1 GROUP BY state ORDER BY state"
_CLOSED: Final = "SELECT count(DISTINCT principal) FROM terminal_day_end WHERE day = $1"


class _Place(msgspec.Struct, frozen=True):
    """Where a page ends."""

    merchant_code: Code


async def overview(officer: Officer, named: str, cursor: str | None, limit: int) -> SettlementOverview:
    """How far a day's settlement is, and what it came to, merchant by merchant.

    Refuses `NoRight` whoever isn't of the card's operator, and `DayUnknown`.
    """
    after, day = decode_cursor(cursor, _Place).merchant_code if cursor else None, _day(named)
    require_office(officer, LOOK, clock.today())
    if officer.department != DEPARTMENT:
        raise NoRight(action=LOOK)
    async with transaction(SYSTEM):
        row = await fetch_one("SELECT * FROM settlement_day WHERE day = $1", day)
        if row is None:
            raise DayUnknown(day=day)
        held = await fetch_one(_HELD)
        differing = await fetch_all(_DISCREPANCIES, day)
        payout_file = await fetch_one(
            "SELECT * FROM settlement_file WHERE day = $1 AND name = $2", day, f"payouts-{day}.csv"
        )
        return SettlementOverview(
            day=day,
            begins_at=begins_at(day),
            ends_at=ends_at(day),
            began_at=row["began_at"],
            posted_at=row["posted_at"],
            paid_at=row["paid_at"],
            filed_at=row["filed_at"],
            totals=_totals(await fetch_one(_TOTALS, day)),
            held_count=held["count"] if held else 0,
            held_fen=held["fen"] if held else 0,
            terminals_closed=await fetch_value(_CLOSED, day),
            discrepancies={one["state"]: one["count"] for one in differing},
            manifest_sha256=await fetch_value("SELECT sha256 FROM settlement_manifest WHERE day = $1", day),
            payout_file=_file(payout_file) if payout_file else None,
            merchants=await _merchants(day, after, limit),
        )


def _day(named: str) -> date:
    try:
        return date.fromisoformat(named)
    except ValueError as error:
        raise DayUnknown from error


async def _merchants(day: date, after: str | None, limit: int) -> Page[MerchantDay]:
    rows = await fetch_all(_MERCHANTS, day, after, limit + 1)
    merchants = [MerchantDay(*(row[name] for name in MerchantDay.__struct_fields__)) for row in rows]
    return page(merchants, limit, _Place(merchants[limit - 1].merchant_code) if len(merchants) > limit else None)


def _totals(row: Row | None) -> DayTotals:
    if row is None:
        raise LookupError
    return DayTotals(*(row[name] for name in DayTotals.__struct_fields__))


def _file(row: Row) -> SettledFile:
    return SettledFile(*(row[name] for name in SettledFile.__struct_fields__))
