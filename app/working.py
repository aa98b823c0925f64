"""The worker: it delivers events and runs jobs until it is told to stop."""

import asyncio
import contextlib
import signal
from typing import Final

from app import wiring
from app.kernel import events, jobs
from app.kernel.database import close_pool, open_pool
from app.kernel.settings import Settings

_EVENT_PAUSE_SECONDS: Final = 0.15


async def work(chosen: Settings) -> None:
    """Deliver events and run jobs until told to stop."""
    await open_pool(chosen)
    try:
        async with wiring.connect(chosen).running():
            await _work_until_stopped(chosen)
    finally:
        await close_pool()


async def _work_until_stopped(chosen: Settings) -> None:
    queue, link = await jobs.open_queue(chosen)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, queue.shutdown.set)
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_deliver_events(queue.shutdown))
            tasks.create_task(queue.run())
    finally:
        await link.close()


async def _deliver_events(stop: asyncio.Event) -> None:
    while not stop.is_set():
        if not await events.deliver_pending():
            await _pause(stop)


async def _pause(stop: asyncio.Event) -> None:
    """Wait a moment, or less when told to stop; the wait that ran out is ended, not left behind."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), _EVENT_PAUSE_SECONDS)
