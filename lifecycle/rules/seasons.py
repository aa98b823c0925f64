"""Seasons that come each year: from a day of the year to a day, as parameters have them. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import Final

import msgspec

_YEARS: Final = 4
"""What opens on 1 January in two years is in sight late this year already, so the one after it has to be known then."""


class Season(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Its first and its last day, as `MM-DD`, both included and in one year."""

    first: str
    last: str

    def in_year(self, year: int) -> tuple[date, date]:
        """Return its first and last day in a year."""
        return day_in(year, self.first), day_in(year, self.last)


def day_in(year: int, text: str) -> date:
    """Return the day of a year that a parameter writes as `MM-DD`."""
    return date.fromisoformat(f"{year:04d}-{text}")


def coming_years(as_of: date) -> Iterable[int]:
    """Return this year and the next ones, so that what comes yearly is always there long enough before it opens."""
    return range(as_of.year, as_of.year + _YEARS)
