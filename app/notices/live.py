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

from app.kernel.capacity import MOST_STREAMS
from app.kernel.database import dsn_config, execute
from app.kernel.settings import Settings
from app.kernel.stopping import told_to_stop
from app.notices.errors import TooManyStreams

CHANNEL: Final = "fuhai_inbox"
EVERYBODY: Final = "*"
CHANGED: Final = "changed"
MOST_OF_ONE: Final = 8
"""Open streams of one citizen in one process."""
RETRY_SECONDS: Final = 30
_RECONNECT_SECONDS: Final = 1.0
_log = structlog.get_logger()


async def wake(citizen_id: UUID) -> None:
    """Wake a citizen's open streams once the transaction in progress commits."""
    await execute(f"NOTIFY {CHANNEL}, '{UUID(str(citizen_id))}'")


async def wake_of_change(citizen_id: UUID) -> None:
    """Tell a citizen's open streams, once the transaction commits, that their life page would be another now."""
    await execute(f"NOTIFY {CHANNEL}, '{UUID(str(citizen_id))} {CHANGED}'")


async def wake_everybody() -> None:
    """Wake all open streams once the transaction in progress commits."""
    await execute(f"NOTIFY {CHANNEL}, '{EVERYBODY}'")


class Stream:
    """One open stream: `woken` is set whenever something may be new; `ended` says that newer ones took its place.

    `changed` says that the life page would be another now.
    """

    def __init__(self) -> None:
        self.woken = asyncio.Event()
        self.ended = False
        self.changed = False


class Hub:
    """The open streams of this process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._waiting: defaultdict[UUID, list[Stream]] = defaultdict(list)
        self.closing = asyncio.Event()

    @contextmanager
    def listening(self, citizen_id: UUID) -> Iterator[Stream]:
        """A new stream of a citizen's. Beyond `MOST_OF_ONE` the oldest ends: it is mostly one that its client has left."""
        stream, streams = Stream(), self._waiting[citizen_id]
        streams.append(stream)
        for oldest in streams[:-MOST_OF_ONE]:
            oldest.ended = True
            oldest.woken.set()
        try:
            yield stream
        finally:
            streams.remove(stream)
            if not streams:
                self._waiting.pop(citizen_id, None)

    def refuse_if_full(self) -> None:
        """Refuse (`TooManyStreams`) one more, so that streams never take all that the server can do at once."""
        if sum(map(len, self._waiting.values())) >= MOST_STREAMS:
            raise TooManyStreams(retry_after_seconds=RETRY_SECONDS)

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

    def _wake(self, told: str) -> None:
        whom, _, what = told.partition(" ")
        streams = (
            [stream for known in self._waiting.values() for stream in known]
            if whom == EVERYBODY
            else self._waiting.get(UUID(whom), ())
        )
        for stream in streams:
            stream.changed = stream.changed or what == CHANGED
            stream.woken.set()
