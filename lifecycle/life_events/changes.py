"""Who is told, in the same transaction, that somebody's standing events are others: rooms beside this one, by wiring."""

from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

Listener = Callable[[UUID], Awaitable[None]]
_listeners: Final[list[Listener]] = []


def when_changed(listener: Listener) -> None:
    """Have somebody told that other events stand of a person; called from wiring."""
    if listener not in _listeners:
        _listeners.append(listener)


async def tell_changed(person_id: UUID) -> None:
    """Tell everybody who listens, in the transaction in progress."""
    for listener in _listeners:
        await listener(person_id)
