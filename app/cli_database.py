"""What the commands that work on the database have in common."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import rich_click as click

from app.kernel.settings import Settings, load

T = TypeVar("T")


def with_database(work: Callable[[Settings], Awaitable[T]]) -> T:
    """What something gives that is run with the database open, told where everything is; a refusal is one plain line, with its facts."""
    from app.embedded.addresses import settle
    from app.kernel import logs
    from app.kernel.database import close_pool, open_pool
    from app.kernel.errors import Refusal

    async def run() -> T:
        settings = settle()
        await open_pool(settings)
        try:
            return await work(settings)
        finally:
            await close_pool()

    logs.configure(load())
    try:
        return asyncio.run(run())
    except Refusal as refusal:
        facts = ", ".join(f"{name}: {fact}" for name, fact in refusal.facts.items())
        raise click.ClickException(f"{refusal.title.zh} {refusal.title.en} {facts}".strip()) from refusal
