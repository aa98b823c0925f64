"""What rooms above know of transactions and is shown beside them: whether one is disputed."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final
from uuid import UUID

from app.card.structs import DisputeMark
from app.kernel.actors import Citizen

Marks = Callable[[Citizen, Sequence[UUID]], Awaitable[Mapping[UUID, DisputeMark]]]
_marks: Final[list[Marks]] = []


def use_marks(marks: Marks) -> None:
    """Set who knows of disputes; called from wiring."""
    _marks[:] = [marks]


async def marks_of(citizen: Citizen, transfers: Sequence[UUID]) -> Mapping[UUID, DisputeMark]:
    """The disputes about some of the citizen's transactions, in the transaction in progress."""
    for marks in _marks if transfers else ():
        return await marks(citizen, transfers)
    return {}
