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


class _Queue(Generic[A, R]):
    """What waits for one batch after the other, or for as many lanes as there are."""

    def __init__(self, most_lanes: int) -> None:
        self.asked: deque[tuple[A, asyncio.Future[R]]] = deque()
        self.served_by = 0
        self.most_lanes = most_lanes

    def is_open(self) -> bool:
        """Whether something waits that one more lane may serve."""
        return bool(self.asked) and self.served_by < self.most_lanes


class _Desk(Generic[A, R]):
    """The queues of one event loop, and the lanes that serve them."""

    def __init__(self, queues: list[_Queue[A, R]]) -> None:
        self.queues = queues
        self.lanes: set[asyncio.Task[None]] = set()
        self.begun_at = 0.0
        self.is_watched = False

    def wants_a_lane(self, queue: _Queue[A, R], at: float) -> bool:
        """Whether a lane is to be opened for what waits in a queue: the first at once, another one for many, or beside a slow one."""
        if not self.lanes:
            return True
        worth_it = len(queue.asked) >= MANY_WAITING or at - self.begun_at >= SLOW_SECONDS
        return worth_it and queue.is_open()

    def next_queue(self) -> _Queue[A, R] | None:
        """The longest queue that isn't served as much as it may be."""
        return max((queue for queue in self.queues if queue.is_open()), key=lambda one: len(one.asked), default=None)


class Together(Generic[A, R]):
    """Serves items in batches by `work`, which gives an outcome for each, in order.

    `apart` names what no two items of a batch may share; those that do are served one after the other. `lane_of` keeps apart what would
    wait for each other in the database: items of different lanes may be served side by side, those of one lane one batch after the other;
    without it every lane serves whatever waits. An item whose asker goes away is served nevertheless. When a batch fails because of one
    item, its halves are tried, down to a single item, which is tried twice; when the connection was lost it is tried once more, so `work`
    has to recognise what it has done before.
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
        self._of_loops: WeakKeyDictionary[asyncio.AbstractEventLoop, _Desk[A, R]] = WeakKeyDictionary()

    async def __call__(self, item: A) -> R:
        """Have one item served. Refuses `TooManyWaiting`; raises what `work` raised for it alone."""
        loop = asyncio.get_running_loop()
        desk = self._desk_of(loop)
        queue = desk.queues[0 if self._lane_of is None else self._lane_of(item) % len(desk.queues)]
        if len(queue.asked) >= MOST_WAITING:
            raise TooManyWaiting
        outcome: asyncio.Future[R] = loop.create_future()
        queue.asked.append((item, outcome))
        self._see_to(queue, desk, loop)
        return await outcome

    async def finish(self) -> None:
        """Wait until all that waits is served; called when the process stops."""
        desk = self._desk_of(asyncio.get_running_loop())
        while desk.lanes:
            await asyncio.gather(*desk.lanes)

    def _see_to(self, queue: _Queue[A, R], desk: _Desk[A, R], loop: asyncio.AbstractEventLoop) -> None:
        """Open a lane for what waits in a queue, or look again when the batch that is under way has become slow."""
        if len(desk.lanes) == MOST_LANES:
            return  # each goes on to what waits when it has done
        # A lane serves everybody, so it inherits nothing of whoever came first, above all not their transaction.
        if desk.wants_a_lane(queue, loop.time()):
            desk.lanes.add(loop.create_task(self._serve(desk), context=contextvars.Context()))
        elif not desk.is_watched:
            desk.is_watched = True
            loop.call_later(SLOW_SECONDS, self._look_again, desk, loop, context=contextvars.Context())

    def _look_again(self, desk: _Desk[A, R], loop: asyncio.AbstractEventLoop) -> None:
        desk.is_watched = False
        queue = desk.next_queue()
        if queue is not None:
            self._see_to(queue, desk, loop)

    def _desk_of(self, loop: asyncio.AbstractEventLoop) -> _Desk[A, R]:
        """Where items of a loop wait: all together, or by lane."""
        desk = self._of_loops.get(loop)
        if desk is None:
            queues = [MOST_LANES] if self._lane_of is None else [1] * MOST_LANES
            desk = self._of_loops[loop] = _Desk([_Queue(most_lanes) for most_lanes in queues])
        return desk

    async def _serve(self, desk: _Desk[A, R]) -> None:
        try:
            while queue := desk.next_queue():
                desk.begun_at = asyncio.get_running_loop().time()
                await self._serve_one(queue)
                await asyncio.sleep(0)  # whoever was answered may ask again at once, and be in the next batch
        finally:
            # At once, not in a callback: whoever asks next must see that nobody serves any more.
            desk.lanes.discard(cast("asyncio.Task[None]", asyncio.current_task()))

    async def _serve_one(self, queue: _Queue[A, R]) -> None:
        """Serve the next batch of a queue."""
        queue.served_by += 1
        try:
            await self._settle(self._next(queue), tries=2)
        finally:
            queue.served_by -= 1

    def _next(self, queue: _Queue[A, R]) -> list[tuple[A, asyncio.Future[R]]]:
        batch: list[tuple[A, asyncio.Future[R]]] = []
        later: list[tuple[A, asyncio.Future[R]]] = []
        seen: set[Hashable] = set()
        while queue.asked and len(batch) < MOST_TOGETHER:
            one = queue.asked.popleft()
            names = self._apart(one[0])
            if seen.isdisjoint(names):
                batch.append(one)
            else:
                later.append(one)
            seen.update(names)
        queue.asked.extendleft(reversed(later))
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
