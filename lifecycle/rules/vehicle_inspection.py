"""When a vehicle's inspection is due, whether a mark is enough or a test is needed, and from when it may be applied for. Pure.

Sources: 道路交通安全法实施条例 art. 16; 机动车登记规定 (three months before); the intervals of private cars since 2022-10-01. Figures are the
parameters `vehicles.inspection.*`. An inspection holds to the end of its month.
"""

import calendar
from collections.abc import Iterator
from datetime import date
from typing import Final, Literal

import msgspec

from lifecycle.rules.ages import MONTHS_PER_YEAR, add_months
from lifecycle.rules.parameters import Reading

Kind = Literal["private_car", "motorcycle", "operating_passenger", "truck"]
Exclusion = Literal["van", "was_operating", "illegally_modified", "injury_accident", "late_registered"]
What = Literal["mark", "test"]
Standing = Literal["overdue", "open", "later"]
LISTED: Final = 10
_LONGEST_MONTHS: Final = 200 * MONTHS_PER_YEAR


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """One inspection: the vehicle's age in months, until when the one before holds, from when it may be applied for, and what is needed."""

    age_months: int
    due_by: date
    opens_on: date
    what: What
    standing: Standing


class _Step(msgspec.Struct, frozen=True):
    """From an age in months on, every so many months."""

    from_age: int
    every: int


class _Pattern(msgspec.Struct, frozen=True):
    steps: tuple[_Step, ...]
    marks: tuple[int, ...] = ()


class _Window(msgspec.Struct, frozen=True):
    months: int


class Overdue(msgspec.Struct, frozen=True):
    """What driving past the inspection costs: points, and a warning or a fine of so many fen."""

    points: int
    least_fen: int
    most_fen: int


def is_late_registered(made_on: date, registered_on: date, reading: Reading) -> bool:
    """Whether a car was registered so long after it was made that it is inspected like any other."""
    years = reading.number("vehicles.inspection.years_to_registration")
    return registered_on > add_months(made_on, years * MONTHS_PER_YEAR)


def overdue(reading: Reading) -> Overdue:
    """What the law has for driving past the inspection."""
    return reading.get("vehicles.inspection.overdue", Overdue)


def inspections(kind: Kind, registered_on: date, reading: Reading, *, excluded: bool = False) -> Iterator[Due]:
    """Every inspection of a vehicle, in their order; `excluded` says that the private car's longer intervals don't hold."""
    for age, what in _ages(_pattern(kind, excluded, reading)):
        yield _due(registered_on, age, what, reading)


def due(
    kind: Kind, registered_on: date, last_passed_on: date | None, reading: Reading, *, excluded: bool = False
) -> tuple[Due, ...]:
    """The inspections that come next: the latest that is overdue, if any, and those that follow.

    What was passed on or after the day from which it could be is done; if nothing is said of that, only those to come are listed.
    """
    day = reading.as_of
    every = list(inspections(kind, registered_on, reading, excluded=excluded))
    past = [one for one in every if one.due_by < day]
    missed = [one for one in past[-1:] if last_passed_on is not None and last_passed_on < one.opens_on]
    coming = [one for one in every if one.due_by >= day and (last_passed_on is None or last_passed_on < one.opens_on)]
    return tuple((*missed, *coming)[:LISTED])


def _pattern(kind: Kind, excluded: bool, reading: Reading) -> _Pattern:  # noqa: FBT001 - private
    name = "other" if excluded and kind in {"private_car", "motorcycle"} else kind
    return reading.get("vehicles.inspection.intervals", dict[str, _Pattern])[name]


def _ages(pattern: _Pattern) -> Iterator[tuple[int, What]]:
    """Each age in months at which an inspection is due."""
    age = 0
    while age < _LONGEST_MONTHS:
        age += next(one.every for one in reversed(pattern.steps) if age >= one.from_age)
        yield age, "mark" if age in pattern.marks else "test"


def _due(registered_on: date, age: int, what: What, reading: Reading) -> Due:
    month = add_months(registered_on, age)
    ends = month.replace(day=calendar.monthrange(month.year, month.month)[1])
    months = reading.get("vehicles.inspection.window", _Window).months
    opens = add_months(ends.replace(day=1), 1 - months)
    return Due(age_months=age, due_by=ends, opens_on=opens, what=what, standing=_standing(opens, ends, reading.as_of))


def _standing(opens: date, ends: date, day: date) -> Standing:
    if day > ends:
        return "overdue"
    return "open" if day >= opens else "later"
