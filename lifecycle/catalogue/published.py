"""The catalogue that this process serves: what was published when it started, or else what the files say."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import cache
from typing import Final

import asyncpg
import structlog

from app.kernel.database import NoTransaction
from app.kernel.words import Words
from lifecycle.catalogue import publishing
from lifecycle.catalogue.files import shipped_files
from lifecycle.catalogue.index import Catalogue
from lifecycle.catalogue.structs import Matter

_LOOKS_EVERY_SECONDS: Final = 2.0
_log = structlog.get_logger()


class _Served:
    """Holds the catalogue in use and what was published when it was read, so that one assignment replaces it."""

    catalogue: Catalogue | None = None
    edition: publishing.Edition | None = None


async def open_catalogue() -> None:
    """Publish what is new in the files, and serve what is published. Call once the pool is open; repeating is harmless."""
    await publishing.publish_files()
    await refresh()


async def refresh() -> None:
    """Serve what is published now; reads it only where something was published since."""
    edition = await publishing.edition()
    if edition != _Served.edition:
        _Served.catalogue = await publishing.read_published()
        _Served.edition = edition


@asynccontextmanager
async def kept_fresh() -> AsyncIterator[None]:
    """Look every other second whether another process published something, for as long as this is open."""
    closing = asyncio.Event()
    task = asyncio.create_task(_look(closing))
    try:
        yield
    finally:
        closing.set()
        await task


async def _look(closing: asyncio.Event) -> None:
    while True:
        with suppress(TimeoutError):
            await asyncio.wait_for(closing.wait(), _LOOKS_EVERY_SECONDS)
        if closing.is_set():
            return
        try:
            await refresh()
        except (OSError, NoTransaction, asyncpg.PostgresError, asyncpg.InterfaceError):
            _log.warning("catalogue_not_refreshed", exc_info=True)


def catalogue() -> Catalogue:
    """Return the catalogue in use."""
    return _Served.catalogue or from_files()


def matter(code: str) -> Matter:
    """Return a published matter. Raises `MatterUnknown`."""
    return catalogue().matter(code)


def department_name(code: str) -> Words | None:
    """The name of a department, if the catalogue knows its code."""
    try:
        return catalogue().department(code).name
    except KeyError:
        return None


@cache
def from_files() -> Catalogue:
    """Return the catalogue as the files alone have it, each matter in version 1."""
    files = shipped_files()
    return Catalogue(files, dict.fromkeys(files.matters, 1), publishing.entries(files))
