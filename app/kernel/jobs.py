"""Work that is slow, talks to the outside, or waits for its time; run by the worker, retried until it is done.

A job is enqueued inside a system transaction, so it exists if and only if what called for it does. Its handler must be
harmless when repeated. After `attempts` failures it is held for a person to look at; nothing is dropped.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

import asyncpg
import msgspec
import structlog
from pgqueuer import PgQueuer
from pgqueuer.db import AsyncpgDriver
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.models import Job
from pgqueuer.queries import Queries

from app.kernel import clock
from app.kernel.database import connection, dsn_config
from app.kernel.settings import Settings

_log = structlog.get_logger()
_SLOWEST_RETRY: Final = timedelta(minutes=10)
P = TypeVar("P", bound=msgspec.Struct)


class JobHeld(Exception):  # noqa: N818 - a fact, told to the queue
    """A job failed as often as it may; why stands in our own log only, which masks what is personal."""


class JobKind(msgspec.Struct, frozen=True):
    """A kind of job: its name, the struct that it is told, its handler, and how often it is tried."""

    name: str
    payload: type[msgspec.Struct]
    handler: Callable[[Any], Awaitable[None]]
    attempts: int


_kinds: dict[str, JobKind] = {}
_timetable: list[tuple[str, str, Callable[[], Awaitable[None]]]] = []


def register_job(name: str, payload: type[P], handler: Callable[[P], Awaitable[None]], attempts: int = 12) -> None:
    """Make a kind of job known; called from wiring."""
    _kinds[name] = JobKind(name, payload, handler, attempts)


def register_timetable(name: str, cron: str, handler: Callable[[], Awaitable[None]]) -> None:
    """Run a handler on a cron schedule (five fields), once across all workers; called from wiring."""
    if all(known != name for known, _, _ in _timetable):
        _timetable.append((name, cron, handler))


async def enqueue(
    name: str, payload: msgspec.Struct, *, run_at: datetime | None = None, once: str | None = None
) -> None:
    """Have a job run, now or at an instant; while one with the same `once` key waits, another isn't added."""
    pause = max(run_at - clock.now(), timedelta()) if run_at else None
    queries = Queries(AsyncpgDriver(connection()))
    await queries.enqueue(name, msgspec.json.encode(payload), execute_after=pause, dedupe_key=once, on_conflict="skip")


def _runner(kind: JobKind) -> Callable[[Job], Awaitable[None]]:
    async def run(job: Job) -> None:
        payload = msgspec.json.decode(job.payload or b"{}", type=kind.payload)
        try:
            await kind.handler(payload)
        except Exception as error:  # noqa: BLE001 - whatever it is, the queue is told in our own words
            if job.attempts + 1 >= kind.attempts:
                _log.exception("job_held", job=kind.name, id=job.id, attempts=job.attempts + 1)
                raise JobHeld(kind.name) from None
            reason = type(error).__name__
            _log.warning("job_will_be_retried", job=kind.name, id=job.id, attempts=job.attempts + 1, error=reason)
            # The queue writes what it is handed into a table of its own, with all causes: nothing personal may be in it.
            raise RetryRequested(pause_after(job.attempts), reason) from None

    return run


def pause_after(attempts: int) -> timedelta:
    """How long a job waits after a number of failed attempts before: twice as long each time, ten minutes at the most."""
    return min(timedelta(seconds=2 ** min(attempts, 20)), _SLOWEST_RETRY)


async def open_queue(settings: Settings) -> tuple[PgQueuer, "asyncpg.Connection[asyncpg.Record]"]:
    """The worker's queue over a connection of its own, with every registered job and timetable; the caller closes the connection."""
    link = await asyncpg.connect(**dsn_config(settings.database_url))
    await link.execute("SET ROLE fuhai_system")
    queue = PgQueuer.from_asyncpg_connection(link)
    for kind in _kinds.values():
        queue.entrypoint(kind.name, on_failure="hold")(_runner(kind))
    for name, cron, handler in _timetable:
        queue.schedule(name, cron)(_scheduled(handler))
    return queue, link


def _scheduled(handler: Callable[[], Awaitable[None]]) -> Callable[[Any], Awaitable[None]]:
    async def run(_schedule: object) -> None:
        await handler()

    return run
