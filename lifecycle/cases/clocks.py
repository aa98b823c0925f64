"""The clocks of a case (时限): which one runs, until when, and what each step does to it. Pure.

The office has some working days to accept (受理), then what the matter allows to decide; counting begins on the day after
(行政许可法, articles 32, 42 and 82). While the applicant corrects (补正) or the case is suspended (中止) the office's clock stands
still; the applicant's own runs in calendar days and ends on a working day (民法典, articles 201 and 203).
"""

from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Literal

import msgspec

from app.kernel.calendar import CalendarUnknown, add_working_days, count_working_days, next_working_day
from lifecycle.cases.states import Step
from lifecycle.catalogue.structs import TimeLimit, TimeUnit

Unit = Literal["wd", "d"]
_STOPPING: Final = frozenset({Step.REQUEST_CORRECTION, Step.SUSPEND, Step.APPROVE})
_DAYS_OF: Final = {TimeUnit.DAYS: 1, TimeUnit.WEEKS: 7}


class ClockKind(StrEnum):
    """What is awaited while a clock runs."""

    ACCEPTANCE = "acceptance"
    DECISION = "decision"
    CORRECTION = "correction"


class Counting(msgspec.Struct, frozen=True):
    """A clock that runs: so many working or calendar days, after a day."""

    kind: ClockKind
    since: date
    count: int
    unit: Unit

    @property
    def due_on(self) -> date | None:
        """Its last day; nothing while the year's public holidays aren't known."""
        try:
            if self.unit == "wd":
                return add_working_days(self.since, self.count)
            return next_working_day(self.since + timedelta(days=self.count))
        except CalendarUnknown:
            return None

    def left(self, today: date) -> int:
        """How many of its days are left after today, none once it is over."""
        due = self.due_on
        if due is None:
            return self.count
        return max(0, count_working_days(today, due) if self.unit == "wd" else (due - today).days)


class Stopped(msgspec.Struct, frozen=True):
    """The office's clock while it stands still, with what is left of it."""

    kind: ClockKind
    left: int
    unit: Unit


class Clock(msgspec.Struct, frozen=True):
    """The clock that runs, if one does, and the one that stands still."""

    running: Counting | None = None
    stopped: Stopped | None = None


class Terms(msgspec.Struct, frozen=True):
    """How long each clock of a case runs; a matter without a limit has none to decide.

    Nothing is awaited of the office before applicants who must come in person have come (`acceptance_working_days` is None then). A term
    that law counts from a day on (`counted_from`, the day of acceptance) goes on through every interruption.
    """

    acceptance_working_days: int | None
    correction_days: int
    decision: tuple[int, Unit] | None
    counted_from: date | None = None


def decision_term(promised: TimeLimit | None, takes: TimeLimit | None) -> tuple[int, Unit] | None:
    """What the office has to decide: what it promised, or else what law allows; `now` is the day after at the latest."""
    limit = promised or takes
    if limit is None:
        return None
    if limit.unit is TimeUnit.NOW:
        return 1, "wd"
    if limit.unit is TimeUnit.WORKING_DAYS:
        return limit.count, "wd"
    days = _DAYS_OF.get(limit.unit)
    return None if days is None else (days * limit.count, "d")


def after(clock: Clock, step: Step, today: date, terms: Terms) -> Clock:
    """The clock after a step of today; what ends or hands out the case stops every clock."""
    running: Counting | None = None
    match step:
        case Step.SUBMIT:
            running = _acceptance(today, terms)
        case Step.ACCEPT:
            running = decision(today, terms)
        case Step.REQUEST_CORRECTION:
            running = Counting(ClockKind.CORRECTION, today, terms.correction_days, "d")
        case Step.ANSWER_CORRECTION | Step.RESUME | Step.REOPEN:
            running = _go_on(clock.stopped, today, terms)
        case Step.REVIEW:
            running = clock.running
    return Clock(running, _stop(clock, today) if step in _STOPPING else None)


def decision(since: date, terms: Terms) -> Counting | None:
    """The clock to decide, from the day of acceptance."""
    return None if terms.decision is None else Counting(ClockKind.DECISION, since, *terms.decision)


def _acceptance(today: date, terms: Terms) -> Counting | None:
    days = terms.acceptance_working_days
    return None if days is None else Counting(ClockKind.ACCEPTANCE, today, days, "wd")


def _stop(clock: Clock, today: date) -> Stopped | None:
    running = clock.running
    return None if running is None else Stopped(running.kind, running.left(today), running.unit)


def _go_on(stopped: Stopped | None, today: date, terms: Terms) -> Counting | None:
    """Run on with what was left; whether to accept is judged anew from the corrected papers on, and law's own term never stood still."""
    if stopped is None:
        return None
    if stopped.kind is ClockKind.ACCEPTANCE:
        return _acceptance(today, terms)
    if terms.counted_from is not None:
        return decision(terms.counted_from, terms)
    return Counting(stopped.kind, today, stopped.left, stopped.unit)
