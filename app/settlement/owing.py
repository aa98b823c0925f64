"""Merchants to whom more was given back than they took: named, while it is carried to their next days."""

from datetime import date
from typing import Final

from app.kernel.database import fetch_all, transaction
from app.settlement.finding import Found, end, find
from app.settlement.system import SYSTEM

# A debt is the same until it is made up for; it is known by the day on which it began.
_OWING: Final = """
SELECT m.*, (
    SELECT min(x.day) FROM merchant_settlement x WHERE x.merchant_code = m.merchant_code AND x.day > coalesce((
      SELECT max(y.day) FROM merchant_settlement y WHERE y.merchant_code = m.merchant_code AND y.day < $1 AND y.carried_out_fen = 0
    ), '-infinity'::date)) AS since
FROM merchant_settlement m WHERE m.day = $1 AND m.carried_out_fen < 0 ORDER BY m.merchant_code
"""
_SQUARE: Final = """
SELECT d.id FROM discrepancy d JOIN merchant_settlement m ON m.merchant_code = d.merchant_code AND m.day = $1
WHERE d.kind = 'merchant_owes' AND d.state NOT IN ('resolved', 'ended') AND d.day <= $1 AND m.carried_out_fen = 0
"""


async def find_owing(day: date) -> None:
    """Name each merchant that owes after a day, and end what was named of those who don't any more."""
    async with transaction(SYSTEM):
        for row in await fetch_all(_OWING, day):
            await find(
                Found(
                    kind="merchant_owes",
                    about=f"{row['merchant_code']} {row['since']}",
                    day=day,
                    merchant_code=row["merchant_code"],
                    amount_fen=-row["carried_out_fen"],
                    evidence={"carried_in_fen": row["carried_in_fen"], "carried_out_fen": row["carried_out_fen"]},
                )
            )
        for row in await fetch_all(_SQUARE, day):
            await end(row["id"], "the merchant's next payments have made up for it")
