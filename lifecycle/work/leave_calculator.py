"""Calculating a year's paid annual leave."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Annotated, Final

from msgspec import Meta

from app.kernel import clock
from app.kernel.structs import Body
from app.kernel.words import Words
from integrations.departments.labour_records import LABOUR_RECORD
from lifecycle.catalogue.calculators import Answered, Calculator
from lifecycle.catalogue.errors import DaysOutOfOrder, DayTooFar, DayTooLongAgo
from lifecycle.catalogue.known import Filled, Known
from lifecycle.queries.remembered import fact_of
from lifecycle.rules import annual_leave as rules
from lifecycle.rules.ages import MONTHS_PER_YEAR, full_months
from lifecycle.rules.annual_leave import Bar, Leave, Year
from lifecycle.rules.parameters import Reading, shipped

BARS: Final[dict[Bar, Words]] = {
    "under_a_year": Words(
        zh="连续工作未满12个月，或累计工作未满1年，还不享受年休假。",
        en="Under twelve months of work without a break, or under a year altogether: no annual leave yet.",
    ),
    "sick_too_long": Words(
        zh="当年病假已达到规定月数，不享受当年的年休假。", en="Sick leave of the year reached what bars annual leave."
    ),
    "personal_leave": Words(
        zh="当年带薪事假已达到规定天数，不享受当年的年休假。",
        en="Paid personal leave of the year reached what bars annual leave.",
    ),
}
JOB: Final = fact_of(LABOUR_RECORD, {})
_OLDEST_YEARS: Final = 80


class LeaveQuestion(Body, frozen=True, kw_only=True):
    """Since when one works altogether, the year (this one), and when one joined the employer or leaves in it.

    `continuous_months` are counted since `worked_since`, if they are missing; whoever paused says them.
    """

    worked_since: date
    year: Annotated[int, Meta(ge=2009, le=2100)] | None = None
    joined_on: date | None = None
    leaves_on: date | None = None
    continuous_months: Annotated[int, Meta(ge=0, le=1000)] | None = None
    sick_months: Annotated[int, Meta(ge=0, le=12)] = 0
    personal_days: Annotated[int, Meta(ge=0, le=366)] = 0


def of_leave(question: LeaveQuestion) -> Answered[Leave]:
    """Work the leave of a year out. Refuses days out of order, and years too far ahead or too long ago."""
    today = clock.today()
    year = question.year or today.year
    _refuse_wrong_days(question, year, today)
    reading = shipped().reading(date(year, MONTHS_PER_YEAR, 31))
    until = question.joined_on if question.joined_on and question.joined_on.year == year else date(year, 12, 31)
    at = Year(
        year=year,
        joined_on=question.joined_on,
        leaves_on=question.leaves_on,
        continuous_months=full_months(question.worked_since, until)
        if question.continuous_months is None
        else question.continuous_months,
        sick_months=question.sick_months,
        personal_days=question.personal_days,
    )
    found = rules.leave(question.worked_since, at, reading)
    return Answered(today, found, reading.used, tuple(_steps(found, year, reading)))


def _refuse_wrong_days(question: LeaveQuestion, year: int, today: date) -> None:
    if year > today.year + 1:
        raise DayTooFar(as_of=str(year))
    if question.worked_since.year < today.year - _OLDEST_YEARS:
        raise DayTooLongAgo(as_of=question.worked_since.isoformat())
    days = (
        ("worked_since", question.worked_since),
        ("joined_on", question.joined_on),
        ("leaves_on", question.leaves_on),
        ("year", date(year, MONTHS_PER_YEAR, 31)),
    )
    told = [(name, day) for name, day in days if day is not None]
    for (earlier, one), (later, other) in pairwise(told):
        if one > other:
            raise DaysOutOfOrder(earlier=earlier, later=later)


def _steps(found: Leave, year: int, reading: Reading) -> Iterator[Words]:
    if found.barred_by is not None:
        yield BARS[found.barred_by]
        return
    yield Words(
        zh=f"按累计工作年限，全年年休假 {found.whole_year_days} 天（法定节假日、休息日不计入）。",
        en=f"By the years of work altogether, {found.whole_year_days} days of leave a year, holidays and weekends not counted.",
    )
    per = reading.number("annual_leave.year_days")
    if found.days < found.whole_year_days:
        yield Words(
            zh=f"{year} 年在本单位 {found.calendar_days} 天：{found.calendar_days}÷{per}×{found.whole_year_days}，不足一整天的部分不算，为 {found.days} 天。",
            en=f"{found.calendar_days} days of {year} at the employer: {found.calendar_days} ÷ {per} × {found.whole_year_days}, in whole days {found.days}.",
        )


def of_the_job(known: Known) -> Filled:
    """Since when one works for the employer, as that reported it."""
    return {"joined_on": known.said(JOB, lambda record: record.job and record.job.since)}


LEAVE: Final = Calculator("labour_employment_info", LeaveQuestion, of_leave, of_the_job, (JOB,))
