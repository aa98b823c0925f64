"""What the departments that acted are called. This room knows their codes only; a higher one gives the names."""

from collections.abc import Callable
from typing import Final

from app.kernel.words import Words

GiveName = Callable[[str], Words | None]
_givers: Final[list[GiveName]] = []


def use_office_names(give: GiveName) -> None:
    """Set who gives names by code; called from wiring."""
    _givers[:] = [give]


def office_name(code: str) -> Words:
    """The name of a department; its code, where nobody knows a name."""
    name = _givers[0](code) if _givers else None
    return name or Words(zh=code, en=code)
