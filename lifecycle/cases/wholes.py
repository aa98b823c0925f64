"""The bundle (一件事) of which a case is a step. Its room lies above and says here how bundles are called."""

from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

from app.kernel.words import Words
from lifecycle.cases.casebook import CaseFile
from lifecycle.cases.structs import WholeView

NameOf = Callable[[UUID], Awaitable[Words | None]]
"""The name of a bundle by its id, in the transaction in progress; nothing, if its actor may not see it."""
_names: Final[list[NameOf]] = []


def use_bundle_names(name_of: NameOf) -> None:
    """Name bundles so; called from wiring."""
    _names[:] = [name_of]


async def whole_of(case: CaseFile) -> WholeView | None:
    """The bundle of which a case is a step, in the transaction in progress."""
    if case.bundle_id is None:
        return None
    name = await _names[0](case.bundle_id) if _names else None
    return None if name is None else WholeView(case.bundle_id, name)
