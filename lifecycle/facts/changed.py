"""Who is told that what is known of a person has changed here, in the very transaction that changes it."""

from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

Listener = Callable[[UUID], Awaitable[None]]
_listeners: Final[list[Listener]] = []


def when_changed(listener: Listener) -> None:
    """Have somebody told that a person's facts were declared or taken back, or that other life events stand; called from wiring. Doing it again changes nothing."""
    if listener not in _listeners:
        _listeners.append(listener)


async def tell_changed(person_id: UUID) -> None:
    """Tell every listener, in the transaction in progress."""
    for listener in _listeners:
        await listener(person_id)
