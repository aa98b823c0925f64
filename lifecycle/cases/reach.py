"""How far rights reach over a desk's cases: places, each a matter (or all) in a division (or all), as an index finds them. Pure."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

import msgspec

DISTRICT: Final = 6
"""Digits of a district's or county's code (GB/T 2260), by which cases are indexed."""
ALL: Final = "*"
Given = Callable[[object], str]
"""Takes an argument of a statement, and gives its placeholder."""


class Place(msgspec.Struct, frozen=True):
    """Cases of a matter in a division and all below it; null is every one."""

    matter: str | None = None
    division: str | None = None

    def covers(self, other: "Place") -> bool:
        """Whether everything in another place lies in this one."""
        return self.matter in {None, other.matter} and (
            self.division is None or (other.division is not None and other.division.startswith(self.division))
        )

    def within(self, wanted: "Place") -> "Place | None":
        """What of this place lies in another one, if anything does."""
        if self.matter is not None and wanted.matter is not None and self.matter != wanted.matter:
            return None
        divisions = sorted({self.division or "", wanted.division or ""}, key=len)
        if not divisions[-1].startswith(divisions[0]):
            return None
        return Place(self.matter or wanted.matter, divisions[-1] or None)

    def conditions(self, given: Given) -> Iterator[str]:
        """What finds its cases, as conditions on a row `e`."""
        if self.matter is not None:
            yield f"e.matter_code = {given(self.matter)}"
        if self.division is None:
            return
        if len(self.division) >= DISTRICT:
            yield f'"left"(e.division, {DISTRICT}) = {given(self.division[:DISTRICT])}'
        if len(self.division) != DISTRICT:
            yield f"starts_with(e.division, {given(self.division)})"


def places(matters: Iterable[str], divisions: Iterable[str], wanted: Place) -> tuple[Place, ...]:
    """The places of some rights (pairs of matter and division) that lie in a wanted one; none stands there twice."""
    # An empty division is nowhere.
    held = [_place(matter, division) for matter, division in zip(matters, divisions, strict=True) if division]
    found = dict.fromkeys(part for one in held if (part := one.within(wanted)) is not None)
    return tuple(one for one in found if not any(other != one and other.covers(one) for other in found))


def _place(matter: str, division: str) -> Place:
    return Place(None if matter == ALL else matter, None if division == ALL else division)
