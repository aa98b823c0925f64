"""How people who acted are called. This room knows ids only: a higher one registers who gives the names."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Final
from uuid import UUID

Names = Mapping[UUID, str | None]
GiveNames = Callable[[Collection[UUID]], Awaitable[Names]]
_giver: Final[list[GiveNames]] = []


def use_names(give: GiveNames) -> None:
    """Set who gives names; called from wiring."""
    _giver[:] = [give]


async def names_of(people: Collection[UUID]) -> Names:
    """The names of people who acted."""
    return await _giver[0](people) if people else {}
