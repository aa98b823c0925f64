"""Work that an answer waits for a moment only, and that goes on behind it: asking a department that may be slow.

One piece of work per key runs at a time in a process; who comes while it runs waits for the same one.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Final

import structlog

_log = structlog.get_logger()
_running: Final[dict[Hashable, asyncio.Task[None]]] = {}


async def wait_a_moment(key: Hashable, work: Callable[[], Awaitable[None]], seconds: float) -> None:
    """Start the work unless it runs already, and wait for it, but no longer than `seconds`. What fails in it is logged, not raised.

    Call it outside every transaction: the work outlives the caller.
    """
    task = _running.get(key)
    if task is None:
        task = _running[key] = asyncio.create_task(_guarded(work))
        task.add_done_callback(lambda _done: _running.pop(key, None))
    await asyncio.wait({task}, timeout=seconds)


async def finish() -> None:
    """Wait for all that still goes on; called when the process stops."""
    await asyncio.gather(*_running.values())


async def _guarded(work: Callable[[], Awaitable[None]]) -> None:
    try:
        await work()
    except Exception:  # noqa: BLE001 - nobody waits for it any more, and the answer was given without it
        _log.warning("work_behind_failed", exc_info=True)
