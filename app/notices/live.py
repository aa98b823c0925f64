"""Live notices: one listening connection a process, fanned out to every open stream.

A notification only wakes; what there is to show is read from the inbox. So nothing is lost when the connection breaks: it is
made again, and everybody is woken.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Final
from uuid import UUID

import asyncpg
import structlog

from app.kernel.database import dsn_config, execute
from app.kernel.settings import Settings
from app.kernel.stopping import told_to_stop

CHANNEL: Final = "fuhai_inbox"
EVERYBODY: Final = "*"
_RECONNECT_SECONDS: Final = 1.0
_log = structlog.get_logger()


async def wake(citizen_id: UUID) -> None:
    """Wake a citizen's open streams once the transaction in progress commits."""
    await execute(f"NOTIFY {CHANNEL}, '{UUID(str(citizen_id))}'")


async def wake_everybody() -> None:
    """Wake all open streams once the transaction in progress commits."""
    await execute(f"NOTIFY {CHANNEL}, '{EVERYBODY}'")


class Hub:
    """The open streams of this process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._waiting: defaultdict[UUID, set[asyncio.Event]] = defaultdict(set)
        self.closing = asyncio.Event()

    @contextmanager
    def listening(self, citizen_id: UUID) -> Iterator[asyncio.Event]:
        """An event that is set whenever something may be new for a citizen."""
        woken = asyncio.Event()
        self._waiting[citizen_id].add(woken)
        try:
            yield woken
        finally:
            self._waiting[citizen_id].discard(woken)
            if not self._waiting[citizen_id]:
                del self._waiting[citizen_id]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Hold the listening connection open."""
        task = asyncio.create_task(self._listen_for_ever())
        try:
            with told_to_stop(self.close):
                yield
        finally:
            self.close()
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def close(self) -> None:
        """End every stream: the server is stopping."""
        self.closing.set()
        self._wake(EVERYBODY)

    async def _listen_for_ever(self) -> None:
        while not self.closing.is_set():
            try:
                await self._listen()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                _log.warning("inbox_listener_lost", error=type(error).__name__)
            await asyncio.sleep(_RECONNECT_SECONDS)

    async def _listen(self) -> None:
        connection = await asyncpg.connect(**dsn_config(self._settings.database_url))
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _connection: lost.set())
        try:
            await connection.add_listener(CHANNEL, lambda *message: self._wake(str(message[3])))
            self._wake(EVERYBODY)
            await lost.wait()
        finally:
            connection.terminate()

    def _wake(self, whom: str) -> None:
        streams = (
            [woken for known in self._waiting.values() for woken in known]
            if whom == EVERYBODY
            else self._waiting.get(UUID(whom), ())
        )
        for woken in tuple(streams):
            woken.set()
