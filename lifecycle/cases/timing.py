"""How long the clocks of a case run: by the version of its matter, and by the limits of today. What is awaited, in words for people."""

from datetime import date
from typing import Any

from app.kernel import clock
from lifecycle.cases.clocks import Clock, ClockKind, Terms, decision_term
from lifecycle.cases.forms import find_form
from lifecycle.cases.limits import limit_on
from lifecycle.cases.states import Step
from lifecycle.cases.structs import Waiting
from lifecycle.catalogue import published, reviewing
from lifecycle.catalogue.structs import Matter


async def terms(matter_code: str, version: int, accepted_on: date | None) -> Terms:
    """How long each clock of a case runs, by the version of the matter by which it was opened, and by what law says of the matter.

    Of a case that isn't accepted yet the term to decide is that of one accepted today.
    """
    today, matter, form = clock.today(), await matter_of(matter_code, version), find_form(matter_code)
    since = accepted_on or today
    by_law = form.days_from_acceptance(since) if form else None
    comes = form is not None and Step.ACCEPT in form.in_person
    return Terms(
        acceptance_working_days=None if comes else limit_on(today, "acceptance_working_days"),
        correction_days=limit_on(today, "correction_days"),
        decision=decision_term(matter.promised, matter.takes) if by_law is None else (by_law, "d"),
        counted_from=None if by_law is None else since,
    )


async def matter_of(matter_code: str, version: int) -> Matter:
    """The version of a matter by which a case was opened."""
    newest = published.matter(matter_code)
    return newest if newest.version == version else await reviewing.published_version(matter_code, version)


def columns(after: Clock) -> dict[str, Any]:
    """A case's clocks as its row holds them; one that was changed warns anew."""
    running, stopped = after.running, after.stopped
    return {
        "clock": running and running.kind,
        "clock_since": running and running.since,
        "clock_count": None if running is None else running.count,
        "clock_unit": running and running.unit,
        "due_on": running and running.due_on,
        "stopped_clock": stopped and stopped.kind,
        "stopped_left": None if stopped is None else stopped.left,
        "stopped_unit": stopped and stopped.unit,
        "warned_on": None,
        "overdue_on": None,
        "escalated_on": None,
    }


def is_overdue(due_on: date | None) -> bool:
    """Whether the last day is over."""
    return due_on is not None and due_on < clock.today()


def waiting(clocks: Clock) -> Waiting | None:
    """What is waited for today, if a clock runs."""
    running = clocks.running
    if running is None:
        return None
    return Waiting(
        awaited=running.kind.value,
        by="applicant" if running.kind is ClockKind.CORRECTION else "department",
        until=running.due_on,
        days_left=running.left(clock.today()),
        unit=running.unit,
        overdue=is_overdue(running.due_on),
    )
