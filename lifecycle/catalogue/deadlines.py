"""When an office's time is over: so many working days after it took a case in, with the days that don't count, and why.

Source: 行政许可法, articles 82 and 42; the days off of each year are those of the State Council's notice.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated

from litestar.params import QueryParameter

from app.kernel.calendar import add_working_days, is_provisional, is_working_day, year_of
from app.kernel.structs import View
from app.kernel.words import Words

WorkingDays = Annotated[int, QueryParameter(ge=0, le=250, description="How many working days there are (0–250).")]
_DAY = timedelta(days=1)
_WEEKEND = Words(zh="周末", en="weekend")


class DayLeftOut(View, frozen=True):
    """A day on which offices don't work, and why."""

    day: date
    why: Words


class Deadline(View, frozen=True, kw_only=True):
    """The last day of a limit. `provisional` where a year's notice isn't out, so that the day may move; `sources` say what was counted by."""

    accepted_on: date
    working_days: int
    due_on: date
    left_out: list[DayLeftOut]
    provisional: bool
    sources: list[str]
    steps: list[Words]


def deadline(accepted_on: date, working_days: int) -> Deadline:
    """Count working days from the day after a case was taken in. Refuses `CalendarUnknown` for a year of which nothing is announced."""
    year_of(accepted_on.year)
    due_on = add_working_days(accepted_on, working_days)
    years = range(accepted_on.year, due_on.year + 1)
    return Deadline(
        accepted_on=accepted_on,
        working_days=working_days,
        due_on=due_on,
        left_out=list(left_out(accepted_on + _DAY, due_on)),
        provisional=is_provisional(due_on) or is_provisional(accepted_on),
        sources=[year_of(year).source for year in years],
        steps=[
            Words(
                zh=f"{accepted_on}受理，次日起算。", en=f"Taken in on {accepted_on}; counting starts on the day after."
            ),
            Words(zh=f"第{working_days}个工作日是{due_on}。", en=f"Working day number {working_days} is {due_on}."),
        ],
    )


def left_out(first: date, last: date) -> Iterator[DayLeftOut]:
    """The days from one to another, both included, on which offices don't work, and why."""
    day = first
    while day <= last:
        if not is_working_day(day):
            yield DayLeftOut(day, _why(day))
        day += _DAY


def _why(day: date) -> Words:
    holiday = next((one for one in year_of(day.year).off if one.first <= day <= one.last), None)
    return _WEEKEND if holiday is None else Words(zh=holiday.zh, en=holiday.en)
