"""The worker: it delivers events and runs jobs until it is told to stop."""

import asyncio
import contextlib
import signal
from datetime import timedelta
from typing import Final

import asyncpg
import structlog

from app import wiring
from app.audit import sealing
from app.kernel import events, jobs
from app.kernel.database import close_pool, open_pool
from app.kernel.settings import Settings

_EVENT_PAUSE_SECONDS: Final = 0.15
_SEALING_PAUSE_SECONDS: Final = 1.0
_RECONNECT_SECONDS: Final = 1.0
_PRESUMED_DEAD: Final = timedelta(seconds=10)
"""A job whose worker gave no sign of life for so long is taken up by another; each is harmless when repeated."""
_LOST: Final = (
    *(OSError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError),
    *(asyncpg.OperatorInterventionError, asyncpg.InsufficientResourcesError),
)
"""How it shows that the database went away, or takes nobody just now."""
_log = structlog.get_logger()


async def work(chosen: Settings) -> None:
    """Deliver events and run jobs until told to stop."""
    await open_pool(chosen)
    try:
        async with wiring.connect(chosen).running():
            await _work_until_stopped(chosen)
    finally:
        await close_pool()


async def _work_until_stopped(chosen: Settings) -> None:
    """Work, and go on where the database went away for a while: what was under way then is done again."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    while not stop.is_set():
        try:
            await _work_while_connected(chosen, stop)
        except* _LOST as lost:
            _log.warning("worker_lost_the_database", error=type(lost.exceptions[0]).__name__)
        await _pause(stop, 0 if stop.is_set() else _RECONNECT_SECONDS)


async def _work_while_connected(chosen: Settings, stop: asyncio.Event) -> None:
    """Work until told to stop or the queue's connection is lost. Jobs under way come to their end: a cancelled one would be dropped."""
    queue, link = await jobs.open_queue(chosen)
    link.add_termination_listener(lambda _link: queue.shutdown.set())
    stopping = asyncio.ensure_future(stop.wait())
    stopping.add_done_callback(lambda _stopped: queue.shutdown.set())
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_deliver_events(queue.shutdown))
            tasks.create_task(_seal_acts(queue.shutdown))
            tasks.create_task(queue.run(heartbeat_timeout=_PRESUMED_DEAD))
    finally:
        stopping.cancel()
        await link.close()


async def _deliver_events(stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            pause = 0 if await events.deliver_pending(stop.is_set) else _EVENT_PAUSE_SECONDS
        except Exception:  # noqa: BLE001 - whatever it is, the jobs beside it mustn't be cancelled for it
            _log.warning("events_not_delivered", exc_info=True)
            pause = _RECONNECT_SECONDS
        if pause:
            await _pause(stop, pause)


async def _seal_acts(stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            pause = 0 if await sealing.seal_waiting() else _SEALING_PAUSE_SECONDS
        except Exception:  # noqa: BLE001 - the same
            _log.warning("acts_not_sealed", exc_info=True)
            pause = _RECONNECT_SECONDS
        await _pause(stop, pause)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait a moment, or less when told to stop; the wait that ran out is ended, not left behind."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
