"""Events that matter no more, since their time is over."""

from typing import Final

from app.kernel import clock
from app.kernel.database import fetch_all, transaction
from lifecycle.life_events import eventbook
from lifecycle.life_events.eventbook import OFFICE, read_row

_BATCH: Final = 200
_OVER: Final = """
SELECT * FROM life_event WHERE expires_on <= $1 AND state IN ('suggested', 'standing') ORDER BY expires_on, shard, id LIMIT $2
FOR UPDATE SKIP LOCKED
"""


async def end_past() -> None:
    """End what stands or is suggested and matters no more; a job of the timetable, harmless when repeated."""
    while await _batch():
        pass


async def _batch() -> bool:
    async with transaction(OFFICE):
        rows = await fetch_all(_OVER, clock.today(), _BATCH)
        for row in rows:
            await eventbook.move(read_row(row), "end")
    return bool(rows)
