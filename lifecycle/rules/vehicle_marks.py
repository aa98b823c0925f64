"""When a vehicle's inspection mark (检验标志) is due, and when it also needs a test. Pure.

Sources: 道路交通安全法实施条例 art. 16; the reform of 2022-10-01. A mark holds to the end of its month; the next can be applied for in
that month and in the two before it. Intervals are the parameter `vehicle_marks.intervals`.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

import msgspec

from lifecycle.rules.ages import MONTHS_PER_YEAR, add_months
from lifecycle.rules.parameters import Reading

Kind = Literal["private_car", "motorcycle", "operating", "truck"]
_LONGEST_YEARS = 60


class Mark(msgspec.Struct, frozen=True):
    """A mark that falls due: from when it can be applied for, its last day, and whether the vehicle is tested."""

    opens_on: date
    due_on: date
    tested: bool


class _Step(msgspec.Struct, frozen=True):
    months: int
    up_to_years: int | None = None


class _Plan(msgspec.Struct, frozen=True):
    steps: tuple[_Step, ...]
    mark_only: tuple[int, ...]


def marks(registered_on: date, kind: Kind, reading: Reading) -> Iterator[Mark]:
    """Every mark of a vehicle, in their order, for as long as vehicles last."""
    plan = reading.get("vehicle_marks.intervals", dict[Kind, _Plan])[kind]
    before = reading.number("vehicle_marks.months_before")
    for months in _ages(plan):
        day = add_months(registered_on, months)
        years, rest = divmod(months, MONTHS_PER_YEAR)
        tested = rest != 0 or years not in plan.mark_only
        yield Mark(add_months(day.replace(day=1), -before), _month_end(day), tested)


def _ages(plan: _Plan) -> Iterator[int]:
    months = 0
    for step in plan.steps:
        end = (step.up_to_years or _LONGEST_YEARS) * MONTHS_PER_YEAR
        while months + step.months <= end:
            months += step.months
            yield months


def _month_end(day: date) -> date:
    return add_months(day.replace(day=1), 1) - timedelta(days=1)
