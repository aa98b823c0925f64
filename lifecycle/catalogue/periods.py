"""When a period of the Civil Code is over: days, months or years after an event, rolled on from a day of rest.

Source: 民法典, articles 200 to 203; the days off of each year are those of the State Council's notice.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Final

from litestar.params import QueryParameter

from app.kernel.calendar import is_provisional, year_of
from app.kernel.structs import View
from app.kernel.words import Words
from lifecycle.catalogue.deadlines import DayLeftOut, left_out
from lifecycle.rules.ages import Span, last_day

SpanText = Annotated[
    str,
    QueryParameter(
        min_length=2,
        max_length=4,
        pattern=r"\A[1-9][0-9]{0,2}[dmy]\Z",
        description="How long: 1 to 999 days, months or years, as in `30d`, `6m`, `1y`.",
    ),
]
_DAY: Final = timedelta(days=1)


class Period(View, frozen=True, kw_only=True):
    """From the day after an event to the period's last day; `falls_on` is that day before it rolled on over the days in `rolled_over`.

    `provisional` where a year's notice isn't out, so that the day may move; `sources` say what was counted by.
    """

    event_on: date
    period: str
    counts_from: date
    falls_on: date
    ends_on: date
    rolled_over: list[DayLeftOut]
    provisional: bool
    sources: list[str]
    steps: list[Words]


def period(event_on: date, length: str) -> Period:
    """Count a period that an event starts. Refuses `CalendarUnknown`, where it begins or ends in a year of which nothing is announced."""
    year_of(event_on.year)
    span = Span.read(length)
    falls_on = span.after(event_on)
    ends_on = last_day(event_on, span)
    return Period(
        event_on=event_on,
        period=length,
        counts_from=event_on + _DAY,
        falls_on=falls_on,
        ends_on=ends_on,
        rolled_over=list(left_out(falls_on, ends_on)),
        provisional=is_provisional(falls_on) or is_provisional(ends_on),
        sources=[year_of(year).source for year in range(falls_on.year, ends_on.year + 1)],
        steps=list(_steps(event_on, span, falls_on, ends_on)),
    )


def _steps(event_on: date, span: Span, falls_on: date, ends_on: date) -> Iterator[Words]:
    yield Words(
        zh=f"{event_on}当日不计入，自次日起算（民法典第二百零一条）；{span.words.zh}的最后一日是{falls_on}（第二百零二条）。",
        en=f"{event_on} itself doesn't count (Civil Code, article 201); the last day of {span.words.en} is {falls_on} (article 202).",
    )
    if ends_on != falls_on:
        yield Words(
            zh=f"该日是休息日，顺延到休息日结束后的次日{ends_on}，当日24时或停止业务活动时截止（第二百零三条）。",
            en=f"That is a day of rest, so the next working day, {ends_on}, is the last, until midnight or close of business (article 203).",
        )
