"""Asking departments, behind an answer, for what an agenda rests on: what is old, and what was never told."""

import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final
from uuid import UUID

from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.behind import wait_a_moment
from app.kernel.database import Row
from lifecycle.agenda.book import Book

Refresher = Callable[[Citizen], Awaitable[None]]
PATIENCE_SECONDS: Final = 2.0
"""How long an answer waits where a department never said anything yet."""
PAUSE_SECONDS: Final = 60.0
"""How soon a department is asked again that said nothing, while nothing else is new."""
MOST_REMEMBERED: Final = 10_000
_refreshers: Final[dict[str, Refresher]] = {}
_tried: Final[dict[UUID, tuple[int, float]]] = {}


def register_refresher(kind: str, refresher: Refresher) -> None:
    """Have a department asked for a kind of fact, of the citizen and their wards, if they allow it; called from wiring."""
    _refreshers[kind] = refresher


def wants_asking(citizen: Citizen, rows: Sequence[Row], books: Iterable[Book]) -> bool:
    """Whether something that agendas rest on is old, or was never told and wasn't asked for just now."""
    now, books = clock.now(), list(books)
    if any(book.fresh_until is not None and book.fresh_until <= now for book in books):
        return True
    lacking = any(unseen.lacks in _refreshers for book in books for unseen in book.unseen)
    return lacking and not _just_tried(citizen.id, rows)


async def refresh(citizen: Citizen, books: Iterable[Book]) -> bool:
    """Ask behind; says whether the answer waited a moment, because something was never told."""
    lacking = any(unseen.lacks in _refreshers for book in books for unseen in book.unseen)
    await wait_a_moment(("agenda", citizen.id), lambda: _ask(citizen), PATIENCE_SECONDS if lacking else 0)
    return lacking


async def _ask(citizen: Citizen) -> None:
    for refresher in _refreshers.values():
        await refresher(citizen)


def _just_tried(citizen_id: UUID, rows: Sequence[Row]) -> bool:
    """Whether the same agendas were asked for within the pause; if not, they are from now on."""
    same, now = hash(tuple(row["book"] for row in rows)), time.monotonic()
    known = _tried.get(citizen_id)
    if known is not None and known[0] == same and now - known[1] < PAUSE_SECONDS:
        return True
    if len(_tried) >= MOST_REMEMBERED:
        _tried.clear()
    _tried[citizen_id] = (same, now)
    return False
