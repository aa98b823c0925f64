"""Doing together what many ask for at the same time (group posting).

There is no timer: what was asked for while one batch was under way is the next batch. So a lonely request waits for nobody, and
under load one round trip serves hundreds. Each that asks gets an outcome of its own.
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


class _Waiting(Generic[A, R]):
    """What waits in one event loop, and the lanes that serve it."""

    def __init__(self, most_lanes: int) -> None:
        self.asked: deque[tuple[A, asyncio.Future[R]]] = deque()
        self.lanes: set[asyncio.Task[None]] = set()
        self.most_lanes = most_lanes


class Together(Generic[A, R]):
    """Serves items in batches by `work`, which gives an outcome for each, in order.

    `apart` names what no two items of a batch may share; those that do are served one after the other. `lane_of` keeps apart what would
    wait for each other in the database: items of different lanes are served side by side, those of one lane one batch after the other;
    without it every lane serves whatever waits. An item whose asker goes away is served nevertheless. When a batch fails because of one item, its halves are tried, down to a single item, which is tried
    twice; when the connection was lost it is tried once more, so `work` has to recognise what it has done before.
    """

    def __init__(
        self,
        work: Callable[[Sequence[A]], Awaitable[Sequence[R]]],
        apart: Callable[[A], Sequence[Hashable]],
        lane_of: Callable[[A], int] | None = None,
    ) -> None:
        self._work = work
        self._apart = apart
        self._lane_of = lane_of
        self._of_loops: WeakKeyDictionary[asyncio.AbstractEventLoop, list[_Waiting[A, R]]] = WeakKeyDictionary()

    async def __call__(self, item: A) -> R:
        """Have one item served. Refuses `TooManyWaiting`; raises what `work` raised for it alone."""
        loop = asyncio.get_running_loop()
        waiting = self._waiting_with(item, loop)
        if len(waiting.asked) >= MOST_WAITING:
            raise TooManyWaiting
        outcome: asyncio.Future[R] = loop.create_future()
        waiting.asked.append((item, outcome))
        if len(waiting.lanes) < waiting.most_lanes:
            # A lane serves everybody, so it inherits nothing of whoever came first, above all not their transaction.
            waiting.lanes.add(loop.create_task(self._serve(waiting), context=contextvars.Context()))
        return await outcome

    async def finish(self) -> None:
        """Wait until all that waits is served; called when the process stops."""
        for waiting in self._of_loops.get(asyncio.get_running_loop(), ()):
            while waiting.lanes:
                await asyncio.gather(*waiting.lanes)

    def _waiting_with(self, item: A, loop: asyncio.AbstractEventLoop) -> _Waiting[A, R]:
        """Where an item waits: with all others, or with those of its lane."""
        if loop not in self._of_loops:
            queues = [MOST_LANES] if self._lane_of is None else [1] * MOST_LANES
            self._of_loops[loop] = [_Waiting(most_lanes) for most_lanes in queues]
        queues_of_loop = self._of_loops[loop]
        return queues_of_loop[0 if self._lane_of is None else self._lane_of(item) % MOST_LANES]

    async def _serve(self, waiting: _Waiting[A, R]) -> None:
        try:
            while waiting.asked:
                await self._settle(self._next(waiting), tries=2)
                await asyncio.sleep(0)  # whoever was answered may ask again at once, and be in the next batch
        finally:
            # At once, not in a callback: whoever asks next must see that nobody serves any more.
            waiting.lanes.discard(cast("asyncio.Task[None]", asyncio.current_task()))

    def _next(self, waiting: _Waiting[A, R]) -> list[tuple[A, asyncio.Future[R]]]:
        batch: list[tuple[A, asyncio.Future[R]]] = []
        later: list[tuple[A, asyncio.Future[R]]] = []
        seen: set[Hashable] = set()
        while waiting.asked and len(batch) < MOST_TOGETHER:
            one = waiting.asked.popleft()
            names = self._apart(one[0])
            if seen.isdisjoint(names):
                batch.append(one)
            else:
                later.append(one)
            seen.update(names)
        waiting.asked.extendleft(reversed(later))
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
