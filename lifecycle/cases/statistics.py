"""What the desk counts: what waits now, by matter, state and clock; and how fast was decided. Nobody's data, and no officer's.

Decisions aren't counted by who took them: nobody is ranked, and an office is judged by what citizens wait for.
"""

from datetime import date, timedelta
from typing import Any, Final

from app.kernel import clock
from app.kernel.actors import Officer, granted
from app.kernel.calendar import CalendarUnknown, count_working_days
from app.kernel.database import Row, execute, fetch_all, fetch_value, transaction
from app.kernel.events import Event
from lifecycle.cases import casebook, decisions, reach, timing
from lifecycle.cases.casebook import CaseFile
from lifecycle.cases.desk_errors import PeriodWrong
from lifecycle.cases.events import CaseApproved, CaseDeclined, CaseRejected
from lifecycle.cases.states import State
from lifecycle.cases.statistics_structs import DeskSummary, MatterThroughput, MatterWaiting, StateCount, Throughput
from lifecycle.cases.words import STATES
from lifecycle.catalogue import published

DECIDED: Final[tuple[type[Event], ...]] = (CaseApproved, CaseRejected, CaseDeclined)
"""The events that say that an office decided."""
LONGEST: Final = timedelta(days=366)
_OUTCOMES: Final = {CaseApproved.kind: "approved", CaseRejected.kind: "rejected", CaseDeclined.kind: "declined"}
_LATE: Final = ("overdue", "accept_by_silence")
_GRANTED: Final = """
EXISTS (SELECT 1 FROM unnest($2::text[], $3::text[]) AS granted (matter, division)
    WHERE granted.matter IN ('*', e.matter_code) AND (granted.division = '*' OR starts_with(e.division, granted.division)))
"""
_OFFICE: Final = "e.due_on IS NOT NULL AND e.clock <> 'correction'"
_WAITING: Final = f"""
SELECT e.matter_code, e.state, count(*) AS cases, min(e.submitted_at) AS oldest,
    count(*) FILTER (WHERE {_OFFICE} AND e.due_on < $2) AS overdue, count(*) FILTER (WHERE {_OFFICE} AND e.due_on = $2) AS today,
    count(*) FILTER (WHERE {_OFFICE} AND e.due_on BETWEEN $2 AND $3) AS week
FROM desk_entry e WHERE e.department = $1 AND ({{}}) GROUP BY e.matter_code, e.state ORDER BY e.matter_code, e.state
"""
_DECIDED: Final = f"""
SELECT e.matter_code, count(*) AS decided, count(*) FILTER (WHERE e.outcome = 'approved') AS approved,
    count(*) FILTER (WHERE e.outcome = 'rejected') AS rejected, count(*) FILTER (WHERE e.outcome = 'declined') AS declined,
    percentile_disc(0.5) WITHIN GROUP (ORDER BY e.working_days) AS median,
    percentile_disc(0.9) WITHIN GROUP (ORDER BY e.working_days) AS ninetieth,
    count(e.in_time) AS limited, count(*) FILTER (WHERE e.in_time) AS in_time
FROM decided_entry e WHERE e.department = $1 AND {_GRANTED} AND e.decided_on BETWEEN $4 AND $5
GROUP BY e.matter_code ORDER BY e.matter_code
"""
_UPSERT: Final = """
INSERT INTO decided_entry (case_id, department, matter_code, division, decided_on, outcome, working_days, in_time)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (department, case_id) DO UPDATE SET division = excluded.division,
decided_on = excluded.decided_on, outcome = excluded.outcome, working_days = excluded.working_days, in_time = excluded.in_time
WHERE decided_entry.decided_on <= excluded.decided_on
"""


async def summary(officer: Officer) -> DeskSummary:
    """What waits of the matters that the officer may handle; a week ends on Sunday."""
    today = clock.today()
    sunday = today + timedelta(days=6 - today.weekday())
    where, arguments = _reached(officer, [officer.department, today, sunday])
    async with transaction(officer):
        rows = await fetch_all(_WAITING.format(where), *arguments)
    codes = dict.fromkeys(row["matter_code"] for row in rows)
    return DeskSummary([_waiting(code, [row for row in rows if row["matter_code"] == code]) for code in codes])


async def throughput(officer: Officer, since: date, until: date) -> Throughput:
    """How the matters that the officer may handle were decided in a period, both days included. Refuses `PeriodWrong`."""
    if not timedelta() <= until - since <= LONGEST:
        raise PeriodWrong(since=since.isoformat(), until=until.isoformat())
    async with transaction(officer):
        rows = await fetch_all(
            _DECIDED, officer.department, *granted(officer, decisions.RIGHT, clock.today()), since, until
        )
    return Throughput(since, until, [_decided(row) for row in rows])


async def project(event: Event) -> None:
    """Count a decision; a subscriber. One that was taken anew, because its department couldn't carry it out, counts as the later one."""
    case = await casebook.find(event.subject_id)
    outcome = _OUTCOMES[event.kind]
    decided_on = clock.local(event.at or case.changed_at).date()
    await execute(
        _UPSERT,
        *(case.id, case.department, case.matter_code, case.division, decided_on, outcome),
        *(_working_days(case, decided_on), await _in_time(case, outcome)),
    )


def _reached(officer: Officer, arguments: list[object]) -> tuple[str, list[object]]:
    """The condition that a case lies where the officer's rights reach, with the arguments that it adds."""

    def given(value: object) -> str:
        arguments.append(value)
        return f"${len(arguments)}"

    places = reach.places(*granted(officer, decisions.RIGHT, clock.today()), reach.Place())
    parts = [f"({' AND '.join(['true', *place.conditions(given)])})" for place in places]
    return " OR ".join(parts or ["false"]), arguments


def _working_days(case: CaseFile, decided_on: date) -> int | None:
    submitted_on = clock.local(case.submitted_at or case.opened_at).date()
    try:
        return count_working_days(submitted_on, decided_on)
    except CalendarUnknown:
        return None


async def _in_time(case: CaseFile, outcome: str) -> bool | None:
    """Whether no limit of the office passed; nothing where none holds for the decision."""
    was_late = await fetch_value(
        "SELECT EXISTS (SELECT 1 FROM case_event WHERE shard = $1 AND case_id = $2 AND what = ANY ($3::text[]))",
        *(case.shard, case.id, list(_LATE)),
    )
    if was_late:
        return False
    terms = await timing.terms(case.matter_code, case.matter_version, await casebook.accepted_on(case))
    return None if terms.decision is None and outcome != "declined" else True


def _waiting(code: str, rows: list[Row]) -> MatterWaiting:
    def total(column: str) -> int:
        return sum(row[column] for row in rows)

    return MatterWaiting(
        matter_code=code,
        matter_name=published.matter(code).name,
        states=[StateCount(row["state"], STATES[State(row["state"])], row["cases"]) for row in rows],
        cases=total("cases"),
        overdue=total("overdue"),
        due_today=total("today"),
        due_this_week=total("week"),
        oldest=min(row["oldest"] for row in rows),
    )


def _decided(row: Row) -> MatterThroughput:
    values: dict[str, Any] = dict(row)
    limited = values["limited"]
    return MatterThroughput(
        matter_code=values["matter_code"],
        matter_name=published.matter(values["matter_code"]).name,
        decided=values["decided"],
        approved=values["approved"],
        rejected=values["rejected"],
        declined=values["declined"],
        median_working_days=values["median"],
        ninetieth_working_days=values["ninetieth"],
        with_limit=limited,
        in_time=values["in_time"],
        in_time_percent=round(100 * values["in_time"] / limited) if limited else None,
    )
