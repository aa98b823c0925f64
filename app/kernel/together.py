"""Doing together what many ask for at the same time (group posting).

What was asked for while one batch was under way is the next batch. So a lonely request waits for nobody, and under load one round trip
serves hundreds. Whoever comes beside a batch of others waits for it, at most until it is slow (`SLOW_SECONDS`). Each that asks gets an
outcome of its own.
"""

import asyncio
import contextvars
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Final, Generic, TypeVar, cast
from weakref import WeakKeyDictionary

import asyncpg

from app.kernel.errors import Unavailable
from app.kernel.words import Words

A = TypeVar("A")
R = TypeVar("R")
MOST_TOGETHER: Final = 256
MOST_WAITING: Final = 4_096
MOST_LANES: Final = 2
"""One batch is made ready while another is in the database."""
MANY_WAITING: Final = 64
"""So many are worth a second batch beside the first. Fewer are better off in one larger batch: it costs a quarter less for each."""
SLOW_SECONDS: Final = 0.05
"""After so long whoever comes doesn't wait for the batch that is under way, however few they are."""
_POISONED: Final = (
    *(asyncpg.IntegrityConstraintViolationError, asyncpg.CardinalityViolationError, asyncpg.DataError),
    asyncpg.DeadlockDetectedError,
)
"""What one item may do to the whole batch."""
_LOST: Final = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, ConnectionError)


class TooManyWaiting(Unavailable):
    """So much waits already that this would wait too long; nothing was done."""

    code = "too_many_waiting"
    title = Words(zh="当前请求过多，请稍后重试。", en="Too much is going on right now; please try again in a moment.")
    retry_after_seconds = 1


class _Desk(Generic[A, R]):
    """What waits on one event loop, and the lanes that serve it."""

    def __init__(self) -> None:
        self.asked: deque[tuple[A, asyncio.Future[R]]] = deque()
        self.lanes: set[asyncio.Task[None]] = set()
        self.under_way: dict[object, tuple[float, int]] = {}
        """When each lane's batch began, and how many it serves."""
        self.is_watched = False

    def is_worth_another(self, at: float) -> bool:
        """Whether a batch is to be begun beside the one that is under way: for many, or beside a slow one."""
        return len(self.asked) >= MANY_WAITING or any(
            at - since >= SLOW_SECONDS for since, _ in self.under_way.values()
        )

    def share(self) -> int:
        """How many the next batch may take: all that wait, or half of all that aren't served yet where that is enough for two."""
        all_of_them = len(self.asked) + sum(count for _, count in self.under_way.values())
        enough = all_of_them >= MOST_LANES * MANY_WAITING
        return min(MOST_TOGETHER, -(-all_of_them // MOST_LANES) if enough else all_of_them)


class Together(Generic[A, R]):
    """Serves items in batches by `work`, which gives an outcome for each, in order.

    `apart` names what no two items of a batch may share; those that do wait for another batch. Two batches may be served side by side, so
    `work` has to wait for what another one holds, and to take what it waits for in one order. An item whose asker goes away is served
    nevertheless. When a batch fails because of one item, its halves are tried, down to a single item, which is tried twice; when the
    connection was lost it is tried once more, so `work` has to recognise what it has done before.
    """

    def __init__(
        self,
        work: Callable[[Sequence[A]], Awaitable[Sequence[R]]],
        apart: Callable[[A], Sequence[Hashable]],
    ) -> None:
        self._work = work
        self._apart = apart
        self._of_loops: WeakKeyDictionary[asyncio.AbstractEventLoop, _Desk[A, R]] = WeakKeyDictionary()

    async def __call__(self, item: A) -> R:
        """Have one item served. Refuses `TooManyWaiting`; raises what `work` raised for it alone."""
        loop = asyncio.get_running_loop()
        desk = self._desk_of(loop)
        if len(desk.asked) >= MOST_WAITING:
            raise TooManyWaiting
        outcome: asyncio.Future[R] = loop.create_future()
        desk.asked.append((item, outcome))
        self._see_to(desk, loop)
        return await outcome

    async def finish(self) -> None:
        """Wait until all that waits is served; called when the process stops."""
        desk = self._desk_of(asyncio.get_running_loop())
        while desk.lanes:
            await asyncio.gather(*desk.lanes)

    def _see_to(self, desk: _Desk[A, R], loop: asyncio.AbstractEventLoop) -> None:
        """Open a lane for what waits, or look again when the batch that is under way has become slow."""
        if len(desk.lanes) == MOST_LANES:
            return  # each goes on to what waits when it has done
        # A lane serves everybody, so it inherits nothing of whoever came first, above all not their transaction.
        if not desk.lanes or desk.is_worth_another(loop.time()):
            desk.lanes.add(loop.create_task(self._serve(desk, loop), context=contextvars.Context()))
        elif not desk.is_watched:
            desk.is_watched = True
            loop.call_later(SLOW_SECONDS, self._look_again, desk, loop, context=contextvars.Context())

    def _look_again(self, desk: _Desk[A, R], loop: asyncio.AbstractEventLoop) -> None:
        desk.is_watched = False
        if desk.asked:
            self._see_to(desk, loop)

    def _desk_of(self, loop: asyncio.AbstractEventLoop) -> _Desk[A, R]:
        desk = self._of_loops.get(loop)
        if desk is None:
            desk = self._of_loops[loop] = _Desk()
        return desk

    async def _serve(self, desk: _Desk[A, R], loop: asyncio.AbstractEventLoop) -> None:
        lane = cast("asyncio.Task[None]", asyncio.current_task())
        try:
            while desk.asked and (not desk.under_way or desk.is_worth_another(loop.time())):
                await self._serve_next(desk, lane, loop)
                await asyncio.sleep(0)  # whoever was answered may ask again at once, and be in the next batch
        finally:
            # At once, not in a callback: whoever asks next must see that nobody serves any more.
            desk.lanes.discard(lane)
        if desk.asked:
            self._see_to(desk, loop)

    async def _serve_next(self, desk: _Desk[A, R], lane: object, loop: asyncio.AbstractEventLoop) -> None:
        batch = self._next(desk)
        desk.under_way[lane] = (loop.time(), len(batch))
        try:
            await self._settle(batch, tries=2)
        finally:
            del desk.under_way[lane]

    def _next(self, desk: _Desk[A, R]) -> list[tuple[A, asyncio.Future[R]]]:
        batch: list[tuple[A, asyncio.Future[R]]] = []
        later: list[tuple[A, asyncio.Future[R]]] = []
        seen: set[Hashable] = set()
        most = desk.share()
        while desk.asked and len(batch) < most:
            one = desk.asked.popleft()
            names = self._apart(one[0])
            if seen.isdisjoint(names):
                batch.append(one)
            else:
                later.append(one)
            seen.update(names)
        desk.asked.extendleft(reversed(later))
        return batch

    async def _settle(self, batch: list[tuple[A, asyncio.Future[R]]], tries: int) -> None:
        try:
            outcomes = await self._work([item for item, _ in batch])
        except Exception as error:  # noqa: BLE001 - whatever it is, those who asked are told
            await self._again(batch, error, tries - 1)
        else:
            for (_, outcome), given in zip(batch, outcomes, strict=True):
                _set(outcome, given)

    async def _again(self, batch: list[tuple[A, asyncio.Future[R]]], error: Exception, tries: int) -> None:
        if isinstance(error, _POISONED) and len(batch) > 1:
            half = len(batch) // 2
            await self._settle(batch[:half], tries=2)
            await self._settle(batch[half:], tries=2)
        elif isinstance(error, _POISONED + _LOST) and tries:
            await self._settle(batch, tries)
        else:
            for _, outcome in batch:
                if not outcome.done():
                    outcome.set_exception(error)


def _set(outcome: asyncio.Future[R], given: R) -> None:
    if not outcome.done():
        outcome.set_result(given)
