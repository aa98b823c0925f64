"""Running an application inside the tests' own event loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar


@asynccontextmanager
async def started(application: Litestar) -> AsyncIterator[None]:
    """Hold an application's lifespan open in a task of its own (its cancel scopes must end in the task that made them)."""
    ready, done = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with application.lifespan():
            ready.set()
            await done.wait()

    task = asyncio.create_task(live())
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if not ready.is_set():
        waiting.cancel()
        await task
    try:
        yield
    finally:
        done.set()
        await task
