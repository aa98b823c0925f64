"""The third side: a channel's bill of a day is compared with the orders and refunds here, line by line.

A bill's day is the civil day in Shanghai on which the channel was paid. What the channel has of an order counts by its number there.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from app.kernel import clock
from app.kernel.database import Row, fetch_all, fetch_value, transaction
from app.kernel.ids import SHARDS, lowest_id
from app.settlement.finding import Found, end, find
from app.settlement.system import SYSTEM

CHANNEL: Final = "wechat_pay"
BILL_HOUR: Final = time(12)
"""Bills are made after ten in the morning of the next day; two hours later one is missing."""
LOOKED_BACK: Final = 7
_DAY: Final = timedelta(days=1)
_LONGEST_OPEN: Final = timedelta(days=7)
"""How long after an order was made it may be paid, at the most."""
_BILLED: Final = "SELECT true FROM channel_bill WHERE channel = $1 AND bill_day = $2"
_LINES: Final = "SELECT * FROM channel_bill_line WHERE channel = $1 AND bill_day = $2 ORDER BY line"
_ORDERS: Final = """
SELECT o.id, o.amount_fen, o.state, o.transaction_id, o.paid_at FROM top_up o
WHERE o.shard = ANY ($1::int4[]) AND o.id > $4 AND o.paid_at >= $2 AND o.paid_at < $3 AND o.transaction_id IS NOT NULL ORDER BY o.id
"""
_REFUNDS: Final = """
SELECT r.id, r.amount_fen, r.state, r.refund_id, r.ended_at FROM channel_refund r
WHERE r.shard = ANY ($1::int4[]) AND ((r.state = 'refunded' AND r.ended_at >= $2 AND r.ended_at < $3) OR r.id = ANY ($4)) ORDER BY r.id
"""
_BILL_MISSING: Final = "SELECT id FROM discrepancy WHERE identity = $1"
_DIFFERING: Final = frozenset({"amount_differs"})
"""Orders that differ by themselves: they are named, and given back, where they are."""
_PAID: Final = "SUCCESS"


async def compare_bills() -> None:
    """Compare the bills of the last days that have come, and name those that haven't though money came; a job of the timetable."""
    now = clock.now()
    last = now.date() - (_DAY if now.time() >= BILL_HOUR else 2 * _DAY)
    for back in range(LOOKED_BACK):
        await compare(last - _DAY * back)


async def compare(day: date) -> None:
    """Compare a day's bill with what is here; each difference is one discrepancy, however often it is found."""
    async with transaction(SYSTEM):
        orders = await fetch_all(_ORDERS, list(SHARDS), *_span(day), lowest_id(_span(day)[0] - _LONGEST_OPEN))
        missing = f"channel_bill_missing {CHANNEL} {day}"
        if not await fetch_value(_BILLED, CHANNEL, day):
            if orders:
                await find(_bill_missing(day, orders))
            return
        if (known := await fetch_value(_BILL_MISSING, missing)) is not None:
            await end(known, "the bill has come")
        lines = await fetch_all(_LINES, CHANNEL, day)
        refunds = await _refunds(day, lines)
        for found in (*_payments_differing(day, lines, orders), *_refunds_differing(day, lines, refunds)):
            await find(found)


async def _refunds(day: date, lines: list[Row]) -> list[Row]:
    named = [number for line in lines if (number := _id_of(line["refund_number"])) is not None]
    return await fetch_all(_REFUNDS, list(SHARDS), *_span(day), named)


def _span(day: date) -> tuple[datetime, datetime]:
    begins = datetime.combine(day, time(), clock.SHANGHAI)
    return begins, begins + _DAY


def _bill_missing(day: date, orders: list[Row]) -> Found:
    return Found(
        kind="channel_bill_missing",
        about=f"{CHANNEL} {day}",
        day=day,
        amount_fen=sum(row["amount_fen"] for row in orders),
        evidence={"orders": len(orders)},
    )


def _payments_differing(day: date, lines: list[Row], orders: list[Row]) -> Iterator[Found]:
    there = {line["order_number"]: line for line in lines if line["kind"] == "payment"}
    here = {row["id"].hex: row for row in orders}
    for number in sorted({*there, *here}):
        line, order = there.get(number), here.get(number)
        if order is not None and order["state"] in _DIFFERING:
            continue
        kind = _kind(line, order)
        if kind:
            yield _found(kind, f"{CHANNEL} {number}", day, (line, order))


def _kind(line: Row | None, order: Row | None) -> str:
    if line is None:
        return "channel_missing_there"
    if order is None:
        return "channel_missing_here" if line["state"] == _PAID else ""
    if line["amount_fen"] != order["amount_fen"]:
        return "channel_amount_differs"
    if line["state"] != _PAID or line["transaction_id"] != order["transaction_id"]:
        return "channel_state_differs"
    return ""


def _refunds_differing(day: date, lines: list[Row], refunds: list[Row]) -> Iterator[Found]:
    there = {line["refund_number"]: line for line in lines if line["kind"] == "refund"}
    here = {row["id"].hex: row for row in refunds}
    for number in sorted({*there, *here}):
        line, refund = there.get(number), here.get(number)
        agree = (
            line is not None
            and refund is not None
            and line["amount_fen"] == refund["amount_fen"]
            and (line["state"] == _PAID) == (refund["state"] == "refunded")
        )
        if not agree and not (line is not None and refund is None and line["state"] != _PAID):
            yield _found("refund_differs", f"{CHANNEL} {number}", day, (line, refund))


def _found(kind: str, about: str, day: date, sides: tuple[Row | None, Row | None]) -> Found:
    there, here = sides
    return Found(
        kind=kind,
        about=about,
        day=day,
        amount_fen=_amount(here) - _amount(there),
        evidence={"channel": _said(there), "here": _said(here)},
    )


def _amount(side: Row | None) -> int:
    return side["amount_fen"] if side is not None else 0


def _said(side: Row | None) -> dict[str, Any] | None:
    return None if side is None else {name: value for name, value in side.items() if value is not None}


def _id_of(number: str | None) -> UUID | None:
    try:
        return UUID(hex=number) if number else None
    except ValueError:
        return None
