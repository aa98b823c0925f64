"""Settling a day, step by step: each step is done once, so a run that was killed goes on, and two at once do no harm.

Differences are found first, since what is in doubt is held; then the day is posted shard by shard, payouts are decided and posted, and
its files are made.
"""

from datetime import date
from typing import Final

import structlog

from app.kernel import clock
from app.kernel.database import Row, execute, fetch_all, fetch_one, fetch_value, transaction
from app.settlement import files, owing, payouts, terminals
from app.settlement.days import ONE_DAY, last_over
from app.settlement.errors import DayNotOver, DaySettled
from app.settlement.posting import post_everywhere, taking
from app.settlement.system import SYSTEM
from integrations.object_store.port import ObjectStore

_log = structlog.get_logger()
_BEGIN: Final = "INSERT INTO settlement_day (day, began_at) VALUES ($1, $2) ON CONFLICT DO NOTHING"
_DAY: Final = "SELECT * FROM settlement_day WHERE day = $1"
_LATER: Final = "SELECT min(day) FROM settlement_day WHERE day > $1"
_UNFINISHED: Final = "SELECT day FROM settlement_day WHERE filed_at IS NULL AND day <= $1 ORDER BY day"
_LAST: Final = "SELECT max(day) FROM settlement_day"


async def settle(store: ObjectStore, day: date) -> None:
    """Settle a business day that is over, with whatever before it wasn't settled; a day that was settled stays as it is.

    Refuses `DayNotOver`, and `DaySettled` where a later one has begun to be.
    """
    over = last_over(clock.now())
    if day > over:
        raise DayNotOver(last_over=over)
    row = await _begun(day)
    if row["posted_at"] is None:
        await terminals.look_through(day)
        settled = await post_everywhere(await taking(day))
        await _note(day, "posted_at")
        _log.info("day_posted", day=str(day), transfers=settled)
    if row["paid_at"] is None:
        await payouts.decide(day)
        await payouts.pay_out(day)
        await owing.find_owing(day)
        await _note(day, "paid_at")
    if row["filed_at"] is None:
        await files.make(store, day)
        await _note(day, "filed_at")


async def settle_due(store: ObjectStore) -> None:
    """Settle every day that is over and isn't settled whole, in their order; the nightly job."""
    for day in await days_to_settle():
        await settle(store, day)


async def _begun(day: date) -> Row:
    async with transaction(SYSTEM):
        later = await fetch_value(_LATER, day)
        row = await fetch_one(_DAY, day)
        if row is None and later is not None:
            raise DaySettled(day=day, later=later)
        await execute(_BEGIN, day, clock.now())
        row = await fetch_one(_DAY, day)
    if row is None:
        raise LookupError(day)
    return row


async def _note(day: date, step: str) -> None:
    async with transaction(SYSTEM):
        await execute(f"UPDATE settlement_day SET {step} = coalesce({step}, $2) WHERE day = $1", day, clock.now())


async def days_to_settle() -> list[date]:
    """The days that are over and not settled whole: those left unfinished, then those after the last one; at first only the last that is over."""
    over = last_over(clock.now())
    async with transaction(SYSTEM):
        unfinished = [row["day"] for row in await fetch_all(_UNFINISHED, over)]
        last = await fetch_value(_LAST)
    first = last + ONE_DAY if last else over
    return unfinished + [first + ONE_DAY * n for n in range((over - first).days + 1)]
