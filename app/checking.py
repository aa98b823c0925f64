"""`fuhai check`: what has to be right before citizens come, and what isn't."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import msgspec

from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import close_pool, fetch_one, fetch_value, open_pool, transaction
from app.kernel.settings import Settings

_CHECKER = System("check")


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    what: str
    good: bool
    detail: str


Look = Callable[[Settings], Awaitable[str]]


class Wrong(Exception):  # noqa: N818 - a finding, named as a fact
    """What was looked at isn't right; the message says what to do."""


async def findings(settings: Settings, more: tuple[tuple[str, Look], ...] = ()) -> list[Finding]:
    """Look at everything; one thing that fails hides no other."""
    looks = (("database", _database), ("clock", _clock), ("events", _events), ("store", _store), *more)
    await open_pool(settings)
    try:
        return [await _look(what, look, settings) for what, look in looks]
    finally:
        await close_pool()


async def _look(what: str, look: Look, settings: Settings) -> Finding:
    try:
        return Finding(what, good=True, detail=await look(settings))
    except Exception as error:  # noqa: BLE001 - whatever fails is the finding
        return Finding(what, good=False, detail=str(error) or type(error).__name__)


async def _database(_settings: Settings) -> str:
    async with transaction(_CHECKER):
        version = await fetch_value("SHOW server_version")
    return f"PostgreSQL {version} answers"


async def _clock(_settings: Settings) -> str:
    async with transaction(_CHECKER):
        theirs = await fetch_value("SELECT clock_timestamp()")
    apart = abs(clock.now() - theirs)
    if apart > timedelta(seconds=2):
        message = f"our clock and the database's are {apart.total_seconds():.0f} s apart"
        raise Wrong(message)
    return "agrees with the database's"


async def _events(_settings: Settings) -> str:
    async with transaction(_CHECKER):
        row = await fetch_one(
            "SELECT count(*) FILTER (WHERE attempts > 3) AS stuck, count(*) AS waiting FROM outbox WHERE delivered_at IS NULL"
        )
        held = await fetch_value("SELECT count(*) FROM pgqueuer WHERE status = 'failed'")
    if row is None or row["stuck"] or held:
        message = f"{row['stuck'] if row else 0} events can't be delivered, {held} jobs are held; see the worker's log"
        raise Wrong(message)
    return f"{row['waiting']} waiting, none stuck"


async def _store(settings: Settings) -> str:
    async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
        answer = await client.get(settings.store_endpoint)
    return f"answers at {settings.store_endpoint} ({answer.status_code})"
