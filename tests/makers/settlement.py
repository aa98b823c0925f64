"""Makers of what terminals tell of their days, and of days to settle."""

import secrets
from datetime import date
from typing import Any

import httpx
import msgspec

from app.kernel import clock
from app.kernel.actors import Terminal
from app.settlement import day_ends
from app.settlement.day_end_structs import DayEnd, DayEndAnswer, Totals
from app.settlement.days import day_of

DAY_END = "/v1/terminal/day-end"
NOTHING = Totals(0, 0)


def today() -> date:
    """The business day that it is."""
    return day_of(clock.now())


def totals(payments: tuple[int, int] = (0, 0), last: int = 0, **told: Any) -> DayEnd:
    """What a terminal tells of today: payments by count and sum, the last number, and whatever else is said."""
    refunds, reversals = (Totals(*told.pop(name, (0, 0))) for name in ("refunds", "reversals"))
    return DayEnd(told.pop("day", today()), Totals(*payments), refunds, reversals, last, **told)


async def close(till: Terminal, told: DayEnd) -> DayEndAnswer:
    """Close a terminal's day."""
    return await day_ends.close_day(till, told)


async def close_by_http(http: httpx.AsyncClient, till: httpx.Auth, told: DayEnd, **changed: object) -> httpx.Response:
    """Close a terminal's day over HTTP; `changed` replaces fields of the body."""
    body = msgspec.to_builtins(told) | changed
    return await http.post(DAY_END, json=body, auth=till, headers={"idempotency-key": secrets.token_hex(16)})
