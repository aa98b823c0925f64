"""Paid annual leave (职工带薪年休假): days by years of work, and what falls to a year in which one joins or leaves. Pure.

Sources: 职工带薪年休假条例 art. 2 to 4; 企业职工带薪年休假实施办法 art. 3, 5, 12. Figures are the parameters `annual_leave.*`.
"""

from datetime import date
from typing import Literal

import msgspec

from lifecycle.rules.ages import MONTHS_PER_YEAR, full_months
from lifecycle.rules.parameters import Reading

Bar = Literal["under_a_year", "sick_too_long", "personal_leave"]


class Leave(msgspec.Struct, frozen=True, kw_only=True):
    """The days of a whole year, how many calendar days of the year count, what falls to them, and what bars it."""

    whole_year_days: int
    calendar_days: int
    days: int
    barred_by: Bar | None


class Year(msgspec.Struct, frozen=True, kw_only=True):
    """A calendar year at an employer: when one joined and leaves in it, and how long one was away.

    `continuous_months` are those worked without a break until the day from which leave is asked for, with earlier employers too.
    """

    year: int
    joined_on: date | None
    leaves_on: date | None
    continuous_months: int
    sick_months: int
    personal_days: int


class _Step(msgspec.Struct, frozen=True):
    years: int
    days: int
    sick_months: int


def leave(worked_since: date, at: Year, reading: Reading) -> Leave:
    """Work the leave of a year out. Who joins or leaves in the year gets the share of its days, in whole days; the day of joining counts."""
    starts, ends = date(at.year, 1, 1), date(at.year, MONTHS_PER_YEAR, 31)
    first, last = max(starts, at.joined_on or starts), min(ends, at.leaves_on or ends)
    step = _step(full_months(worked_since, last) // MONTHS_PER_YEAR, reading)
    whole = 0 if step is None else step.days
    calendar_days = max(0, (last - first).days + 1)
    barred = _bar(at, step, reading)
    year_days = reading.number("annual_leave.year_days")
    share = whole if (first, last) == (starts, ends) else min(whole, calendar_days * whole // year_days)
    return Leave(whole_year_days=whole, calendar_days=calendar_days, days=0 if barred else share, barred_by=barred)


def _step(years: int, reading: Reading) -> _Step | None:
    steps = reading.get("annual_leave.steps", tuple[_Step, ...])
    return next((step for step in reversed(steps) if years >= step.years), None)


def _bar(at: Year, step: _Step | None, reading: Reading) -> Bar | None:
    if step is None or at.continuous_months < reading.number("annual_leave.continuous_months"):
        return "under_a_year"
    if at.sick_months >= step.sick_months:
        return "sick_too_long"
    return "personal_leave" if at.personal_days >= reading.number("annual_leave.personal_days") else None
