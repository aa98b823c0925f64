"""What the `fuhai` command does: preparing, serving, working, checking, announcing."""

import asyncio
import contextlib
import signal
from typing import Final

from granian.constants import Interfaces
from granian.server import Server

from app import announcing, checking, preparing, wiring
from app.checking import Finding
from app.embedded.addresses import settle
from app.kernel import events, jobs, logs, migrating
from app.kernel.database import close_pool, open_pool
from app.kernel.settings import Settings, load
from integrations.city import server

_EVENT_PAUSE_SECONDS: Final = 0.15


def settings(*, complete: bool = True) -> Settings:
    """The settings of this process; complete with the addresses of the embedded servers, unless they aren't running yet."""
    logs.configure(load())
    return settle() if complete else load()


def serve(chosen: Settings) -> None:
    """Run the HTTP server until it is told to stop; open streams are given a moment, then ended."""
    Server(
        "app.main:create_app",
        factory=True,
        interface=Interfaces.ASGI,
        address="127.0.0.1",
        port=chosen.http_port,
        workers=chosen.workers,
        respawn_failed_workers=True,
        workers_kill_timeout=5,
        log_enabled=False,
        websockets=False,
        backpressure=512,
    ).serve()


async def prepare(chosen: Settings) -> None:
    """Bring database, keys, certificates and catalogue up to date."""
    await migrating.migrate(chosen)
    await open_pool(chosen)
    try:
        await preparing.prepare(chosen)
    finally:
        await close_pool()


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


def run_city(chosen: Settings) -> None:
    """Run the sandbox city until it is told to stop."""
    server.run(chosen)


async def check(chosen: Settings) -> list[Finding]:
    """Look at everything that has to be right before citizens come."""
    return await checking.findings(chosen)


def announce(chosen: Settings) -> None:
    """Say that all is ready, and what to try."""
    announcing.announce(chosen)
