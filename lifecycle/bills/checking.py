"""What `fuhai check` says of bills: whether departments were told of what was paid."""

from datetime import timedelta
from typing import Final

from app.kernel import clock
from app.kernel.database import fetch_one, transaction
from app.kernel.settings import Settings
from lifecycle.bills.paybook import OFFICE

_LATE: Final = timedelta(days=1)


class PaymentsUntold(Exception):  # noqa: N818 - a finding, named as a fact
    """Money was taken for bills of which a department hasn't been told for too long."""


async def bills_finding(_settings: Settings) -> str:
    """How many payments wait to be told; raises `PaymentsUntold` where one has waited for more than a day."""
    async with transaction(OFFICE):
        row = await fetch_one(
            "SELECT count(*) AS waiting, count(*) FILTER (WHERE paid_at < $1) AS late FROM bill_payment WHERE state = 'paid'",
            clock.now() - _LATE,
        )
    waiting, late = (row["waiting"], row["late"]) if row else (0, 0)
    if late:
        raise PaymentsUntold(f"{late} payments were told to no department for over a day; see the worker's log")
    return f"{waiting} payments wait to be told to their departments"
