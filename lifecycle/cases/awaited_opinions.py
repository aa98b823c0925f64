"""What time and events do to opinions: the asked department's list, reminders of late ones, and cases that end without them."""

from typing import Final
from uuid import UUID

import structlog

from app.kernel import clock
from app.kernel.database import execute, fetch_all, transaction
from app.kernel.errors import Refusal
from app.kernel.events import Event, tell
from lifecycle.cases import casebook, opinion_rows
from lifecycle.cases.carrying_out import OFFICE
from lifecycle.cases.casebook import Detail
from lifecycle.cases.events import OpinionMoved
from lifecycle.cases.overdue import CALENDAR
from lifecycle.cases.states import ON_DESK
from lifecycle.catalogue import published

_BATCH: Final = 500
_log = structlog.get_logger()
_UPSERT: Final = """
INSERT INTO opinion_entry (opinion_id, department, asked_by, matter_code, division, number, asked_at, due_on)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (department, opinion_id) DO NOTHING
"""
_LATE: Final = """
SELECT id FROM case_opinion WHERE state = 'open' AND reminded_on IS NULL AND due_on < $1 AND id > $2 ORDER BY id LIMIT $3
"""


async def project(event: OpinionMoved) -> None:
    """Bring the asked department's list up to date; a subscriber. What isn't awaited any more is gone from it."""
    opinion = await opinion_rows.find(event.subject_id)
    if opinion.state != "open":
        await execute(
            "DELETE FROM opinion_entry WHERE department = $1 AND opinion_id = $2", opinion.department, opinion.id
        )
        return
    case = await casebook.find(opinion.case_id)
    await execute(
        _UPSERT,
        *(opinion.id, opinion.department, case.department, opinion.matter_code, opinion.division, case.named),
        *(opinion.asked_at, opinion.due_on),
    )


async def close_with_case(event: Event) -> None:
    """Await no opinion of a case that has come to its end, or was approved; a subscriber."""
    case = await casebook.find(event.subject_id, lock=True)
    if case.state in ON_DESK:
        return
    for opinion in await opinion_rows.of_case(case):
        if opinion.state == "open":
            await opinion_rows.close(OFFICE, opinion, "lapsed")
            await tell(OpinionMoved(citizen_id=case.citizen_id, subject_id=opinion.id))


async def look_through() -> None:
    """Note in the history of cases, once, that an opinion is late; a job of the timetable."""
    after = UUID(int=0)
    while True:
        async with transaction(CALENDAR):
            rows = await fetch_all(_LATE, clock.today(), after, _BATCH)
        for row in rows:
            await _remind(row["id"])
        if len(rows) < _BATCH:
            return
        after = rows[-1]["id"]


async def _remind(opinion_id: UUID) -> None:
    try:
        async with transaction(CALENDAR):
            found = await opinion_rows.find(opinion_id)
            case = await casebook.find(found.case_id, lock=True)
            opinion = await opinion_rows.find(opinion_id)
            if not opinion.is_overdue or opinion.reminded_on is not None or case.state not in ON_DESK:
                return
            await execute(
                "UPDATE case_opinion SET reminded_on = $3 WHERE shard = $1 AND id = $2",
                *(opinion.shard, opinion.id, clock.today()),
            )
            name = published.catalogue().department(opinion.department).name.zh
            await casebook.add_event(case, "opinion_overdue", CALENDAR, Detail(name))
    except Refusal as refusal:
        _log.warning("opinion_not_reminded", code=refusal.code)
