"""What the calendar does to cases: acceptance by silence, warnings, delays that the applicant is told of and supervisors see, and what lapses.

A job of each hour. What is due is found by index; each case is locked, judged again and moved in a transaction of its own, so that a
repeat or a second worker finds nothing left to do.
"""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import structlog

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.kernel import clock
from app.kernel.actors import System
from app.kernel.calendar import CalendarUnknown, add_working_days
from app.kernel.database import fetch_all, transaction
from app.kernel.errors import Refusal
from app.kernel.events import tell
from lifecycle.cases import casebook, timing
from lifecycle.cases.casebook import CaseFile
from lifecycle.cases.clocks import ClockKind, decision
from lifecycle.cases.events import CaseLapsesSoon, CaseMoved, CaseOverdue
from lifecycle.cases.forms import find_form
from lifecycle.cases.limits import limit_on
from lifecycle.cases.states import State, Step

CALENDAR: Final = System("calendar")
_BATCH: Final = 500
_log = structlog.get_logger()
_OVER: Final = """
SELECT id FROM matter_case WHERE clock IS NOT NULL AND due_on < $1 AND overdue_on IS NULL AND id > $2 ORDER BY id LIMIT $3
"""
_SOON: Final = """
SELECT id FROM matter_case WHERE clock = 'decision' AND due_on BETWEEN $1 AND $4 AND warned_on IS NULL AND id > $2 ORDER BY id LIMIT $3
"""
_LONG_OVER: Final = """
SELECT id FROM matter_case WHERE clock = 'decision' AND due_on <= $1 AND escalated_on IS NULL AND id > $2 ORDER BY id LIMIT $3
"""
_UNTOUCHED: Final = """
SELECT id FROM matter_case WHERE state = 'draft' AND changed_at < $1 AND warned_on <= $4 AND id > $2 ORDER BY id LIMIT $3
"""
_FORGOTTEN: Final = "SELECT id FROM matter_case WHERE state = 'draft' AND changed_at < $1 AND warned_on IS NULL AND id > $2 ORDER BY id LIMIT $3"


async def look_through() -> None:
    """Do what is due; a job of the timetable, harmless when repeated."""
    today, now = clock.today(), clock.now()
    await _each(_OVER, _over, today)
    try:
        soon = add_working_days(today, limit_on(today, "warn_working_days"))
        await _each(_SOON, _warn, today, soon)
        await _each(_LONG_OVER, _escalate, _due_by(today))
    except CalendarUnknown:
        pass
    kept = timedelta(days=limit_on(today, "draft_days"))
    await _each(_UNTOUCHED, _lapse_draft, now - kept, _warned_by())
    await _each(_FORGOTTEN, _remind, now - kept + timedelta(days=limit_on(today, "draft_warning_days")))


async def _each(find: str, act: Callable[[CaseFile], Awaitable[None]], since: object, *more: object) -> None:
    after = UUID(int=0)
    while True:
        async with transaction(CALENDAR):
            rows = await fetch_all(find, since, after, _BATCH, *more)
        for row in rows:
            try:
                async with transaction(CALENDAR):
                    await act(await casebook.find(row["id"], lock=True))
            except Refusal as refusal:
                _log.warning("case_not_moved", code=refusal.code)
        if len(rows) < _BATCH:
            return
        after = rows[-1]["id"]


async def _over(case: CaseFile) -> None:
    """The last day of a clock is over: what follows depends on what was awaited."""
    if case.clock is None or not timing.is_overdue(case.due_on) or case.overdue_on is not None:
        return
    match case.clock:
        case ClockKind.ACCEPTANCE:
            await _accept_by_silence(case)
        case ClockKind.CORRECTION:
            await casebook.move(case, Step.LAPSE, CALENDAR)
            await _seal(Act.CASE_LAPSED, case)
        case ClockKind.DECISION:
            await _undecided(case)


async def _undecided(case: CaseFile) -> None:
    """Nobody decided in time: what law makes of that, the matter says; one that is no longer offered says nothing."""
    form = find_form(case.matter_code)
    match form.when_late if form else "overdue":
        case "granted":
            await casebook.move(case, Step.APPROVE, CALENDAR, what="grant_by_silence")
            await _seal(Act.CASE_APPROVED, case)
        case "lapsed":
            await casebook.move(case, Step.LAPSE, CALENDAR, what="lapse_unclaimed")
            await _seal(Act.CASE_LAPSED, case)
        case "overdue":
            late = await casebook.write(case, overdue_on=clock.today())
            await casebook.add_event(late, "overdue", CALENDAR)
            await tell(CaseOverdue(citizen_id=case.citizen_id, subject_id=case.id))


async def _accept_by_silence(case: CaseFile) -> None:
    """Whoever isn't told within the days of the law counts as accepted from the day on which it came in (行政许可法, article 32)."""
    since = case.clock_since or clock.today()
    term = await timing.terms(case.matter_code, case.matter_version, since)
    running = decision(since, term)
    accepted = await casebook.move(case, Step.ACCEPT, CALENDAR, what="accept_by_silence")
    if running is not None:
        await casebook.write(accepted, clock_since=running.since, due_on=running.due_on)
    await _seal(Act.CASE_ACCEPTED, case)


async def _warn(case: CaseFile) -> None:
    if case.clock is ClockKind.DECISION and case.warned_on is None:
        warned = await casebook.write(case, warned_on=clock.today())
        await casebook.add_event(warned, "warned", CALENDAR)


def _due_by(today: date) -> date:
    """The last day of a clock that is over for longer than a department is left alone with it, in working days."""
    alone, day = limit_on(today, "escalate_working_days"), today
    while add_working_days(day, alone) >= today:
        day -= timedelta(days=1)
    return day


async def _escalate(case: CaseFile) -> None:
    """Show a case that is still undecided to the department's supervisors, whatever they handle themselves."""
    if case.clock is ClockKind.DECISION and case.overdue_on is not None and case.escalated_on is None:
        escalated = await casebook.write(case, escalated_on=clock.today())
        await casebook.add_event(escalated, "escalated", CALENDAR)
        await tell(CaseMoved(citizen_id=case.citizen_id, subject_id=case.id))


def _warned_by() -> date:
    """By which day the applicant must have been told of a draft that may be thrown away today."""
    return clock.today() - timedelta(days=limit_on(clock.today(), "draft_warning_days"))


async def _lapse_draft(case: CaseFile) -> None:
    """Throw a draft away; one that nobody was told of in time waits, though its days are over."""
    if case.state is State.DRAFT and case.warned_on is not None and case.warned_on <= _warned_by():
        await casebook.move(case, Step.LAPSE, CALENDAR, what="lapse_draft")


async def _remind(case: CaseFile) -> None:
    """Tell once, before a draft is thrown away; the row itself isn't touched, so that telling doesn't keep it."""
    if case.state is State.DRAFT and case.warned_on is None:
        await casebook.note_warned(case, clock.today())
        await tell(CaseLapsesSoon(citizen_id=case.citizen_id, subject_id=case.id))


async def _seal(act: Act, case: CaseFile) -> None:
    await seal_act(act, CALENDAR, about=case.citizen_id, subject=case.id, basis=Basis("case", case.named))
