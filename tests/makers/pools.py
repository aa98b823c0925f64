"""The database without the application around it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.kernel.database import DB, close_pool, open_pool
from app.kernel.settings import Settings


@asynccontextmanager
async def an_open_pool(settings: Settings) -> AsyncIterator[None]:
    """A pool for tests of functions; where the application has opened one, that one."""
    if DB.pool is not None:
        yield
        return
    await open_pool(settings)
    try:
        yield
    finally:
        await close_pool()
