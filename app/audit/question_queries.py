"""Reading questions: the citizen's own, and those that wait for an officer."""

from typing import Final
from uuid import UUID

import msgspec

from app.audit import questions
from app.audit.act_titles import TITLES
from app.audit.acts import Act
from app.audit.offices import office_name
from app.audit.question_structs import AccessQuestion, OfficerQuestion
from app.kernel import clock
from app.kernel.actors import Citizen, Officer
from app.kernel.database import Row, fetch_all, transaction
from app.kernel.ids import shard_of
from app.kernel.paging import Page, after_id, page
from app.keys.fields import place_of
from app.keys.persons import DataKey, keys_unless_erased, person_key, person_keys

_OWN: Final = """
SELECT * FROM access_question WHERE shard = ANY ($1::int4[]) AND citizen_id = ANY ($2::uuid[]) AND ($3::uuid IS NULL OR id < $3)
ORDER BY id DESC LIMIT $4
"""
_OPEN: Final = """
SELECT q.* FROM access_question q WHERE q.department = $1 AND q.answered_at IS NULL AND ($2::uuid IS NULL OR q.id > $2)
AND (q.officer_id = $3 OR ($4 AND (q.officer_id IS NULL OR q.escalated_at IS NOT NULL))) ORDER BY q.id LIMIT $5
"""


_ACTS: Final = """
SELECT a.* FROM unnest($1::int4[], $2::uuid[]) AS wanted (shard, id) JOIN act a ON a.shard = wanted.shard AND a.id = wanted.id
"""


async def own_questions(citizen: Citizen, cursor: str | None, limit: int) -> Page[AccessQuestion]:
    """What the citizen asked, about themselves and their wards, newest first; not about whoever is erased."""
    async with transaction(citizen):
        keys = await keys_unless_erased(citizen.people)
        rows = await fetch_all(_OWN, sorted({shard_of(one) for one in keys}), list(keys), after_id(cursor), limit + 1)
    items = [view(row, keys[row["citizen_id"]]) for row in rows]
    return page(items, limit, rows[limit - 1]["id"] if len(rows) > limit else None)


async def ask(citizen: Citizen, act_id: UUID, question: str | None) -> AccessQuestion:
    """Ask why an office acted, and show the question."""
    async with transaction(citizen):
        row = await questions.ask(citizen, act_id, question)
        return view(row, await person_key(row["citizen_id"]))


async def open_questions(officer: Officer, cursor: str | None, limit: int) -> Page[OfficerQuestion]:
    """Questions that wait for the officer's answer, the oldest first; overdue ones too, where they audit the department."""
    async with transaction(officer):
        rows = await fetch_all(
            _OPEN, officer.department, after_id(cursor), officer.id, questions.audits(officer), limit + 1
        )
    return page(await _shown(officer, rows), limit, rows[limit - 1]["id"] if len(rows) > limit else None)


async def answer(officer: Officer, question_id: UUID, text: str) -> OfficerQuestion:
    """Answer a question, and show it."""
    async with transaction(officer):
        (shown,) = await _shown(officer, [await questions.answer(officer, question_id, text)])
    return shown


async def _shown(officer: Officer, rows: list[Row]) -> list[OfficerQuestion]:
    """Questions with the acts that are asked about (officers don't read the log themselves); what an erased person wrote isn't shown."""
    async with transaction(questions.CLERK):
        acts = await fetch_all(_ACTS, [shard_of(row["act_id"]) for row in rows], [row["act_id"] for row in rows])
        keys = await person_keys(list({row["citizen_id"] for row in rows}))
    by_id = {act["id"]: act for act in acts}
    return [_officers_view(officer, row, by_id[row["act_id"]], keys.get(row["citizen_id"])) for row in rows]


def view(row: Row, key: DataKey) -> AccessQuestion:
    """A question as the citizen sees it."""
    return AccessQuestion(
        id=row["id"],
        entry_id=row["act_id"],
        person_id=row["citizen_id"],
        asked_at=row["asked_at"],
        question=_opened(row, "question", key),
        department=row["department"],
        office=office_name(row["department"]),
        due_on=row["due_on"],
        overdue=_is_overdue(row),
        answered_at=row["answered_at"],
        answer=_opened(row, "answer", key),
    )


def _officers_view(officer: Officer, row: Row, act: Row, key: DataKey | None) -> OfficerQuestion:
    return OfficerQuestion(
        id=row["id"],
        asked_at=row["asked_at"],
        question=_opened(row, "question", key),
        due_on=row["due_on"],
        overdue=_is_overdue(row),
        answered_at=row["answered_at"],
        mine=row["officer_id"] == officer.id,
        act=act["act"],
        title=TITLES[Act(act["act"])],
        at=act["at"],
        basis_kind=act["basis_kind"],
        basis_id=act["basis_id"],
    )


def _is_overdue(row: Row) -> bool:
    return row["answered_at"] is None and bool(row["due_on"] < clock.today())


def _opened(row: Row, column: str, key: DataKey | None) -> str | None:
    """A sealed text, if there is one and it can still be opened."""
    if row[column] is None or key is None:
        return None
    return msgspec.json.decode(key.open(place_of("access_question", column, row["id"]), row[column]), type=str)
