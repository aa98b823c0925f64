"""Asking why (追问): a citizen asks an office why it looked, and somebody has to answer by a day.

The officer who acted answers. What isn't answered in time is handed to the audit administrators of the same department, and
what a department's system did is theirs from the start. Texts are sealed under the key of the person whom the act was about.
"""

from typing import Final
from uuid import UUID

import msgspec

from app.audit.acts import LOOKERS, Act, seal_act
from app.audit.errors import (
    AccessQuestionAnswered,
    AccessQuestionNotFound,
    EntryNotFound,
    EntryWithheld,
    OnlyOfficesAreAsked,
)
from app.audit.events import AccessAnswered, AccessOverdue
from app.audit.limits import limit_on
from app.audit.withholding import is_untold
from app.kernel import clock
from app.kernel.actors import ADMINISTER_AUDIT, Citizen, Officer, System, may
from app.kernel.calendar import add_working_days
from app.kernel.database import Row, execute, fetch_all, fetch_one, transaction
from app.kernel.events import tell
from app.kernel.ids import new_id, shard_of
from app.keys.persons import seal_for_person

CLERK: Final = System("access-questions")
_BATCH: Final = 200
_ASK: Final = """
INSERT INTO access_question (id, shard, citizen_id, asker_id, act_id, officer_id, department, asked_at, due_on, question)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT ON CONSTRAINT access_question_is_asked_once DO NOTHING
"""
_OVERDUE: Final = """
SELECT * FROM access_question WHERE due_on < $1 AND answered_at IS NULL AND escalated_at IS NULL ORDER BY due_on LIMIT $2
"""


async def ask(citizen: Citizen, act_id: UUID, question: str | None) -> Row:
    """Ask why an office acted; asking again gives the question that was asked.

    Refuses `EntryNotFound`, `EntryWithheld` and `OnlyOfficesAreAsked`.
    """
    async with transaction(citizen):
        act = await fetch_one("SELECT * FROM act WHERE shard = $1 AND id = $2", shard_of(act_id), act_id)
        if act is None:
            raise EntryNotFound
        if await is_untold(act):
            raise EntryWithheld
        if act["actor_kind"] not in LOOKERS or act["actor_department"] is None:
            raise OnlyOfficesAreAsked
        asked = await _find_by_act(act)
        if asked is None:
            await _write(citizen, act, question)
            asked = await _find_by_act(act)
        if asked is None:
            raise EntryNotFound
        return asked


async def _find_by_act(act: Row) -> Row | None:
    return await fetch_one(
        "SELECT * FROM access_question WHERE shard = $1 AND act_id = $2", shard_of(act["id"]), act["id"]
    )


async def _write(citizen: Citizen, act: Row, question: str | None) -> None:
    """Write the question down, unless somebody else was first."""
    person, row_id = act["citizen_id"], new_id(act["citizen_id"])
    kind, _, actor_id = act["actor"].partition(":")
    today = clock.today()
    written = await execute(
        _ASK,
        *(row_id, shard_of(row_id), person, citizen.id, act["id"], UUID(actor_id) if kind == "officer" else None),
        *(act["actor_department"], clock.now(), add_working_days(today, limit_on(today, "answer_working_days"))),
        await _sealed(person, "question", row_id, question) if question else None,
    )
    if written:
        await seal_act(Act.ACCESS_ASKED, citizen, about=person, subject=row_id)


async def answer(officer: Officer, question_id: UUID, text: str) -> Row:
    """Answer a question, once, and give it; refuses `AccessQuestionNotFound` and `AccessQuestionAnswered`."""
    async with transaction(officer):
        row = await fetch_one(
            "SELECT * FROM access_question WHERE shard = $1 AND id = $2 FOR UPDATE", shard_of(question_id), question_id
        )
        if row is None or not may_answer(officer, row):
            raise AccessQuestionNotFound
        if row["answered_at"] is not None:
            raise AccessQuestionAnswered
        answered = await fetch_one(
            "UPDATE access_question SET answered_at = $3, answered_by = $4, answer = $5 WHERE shard = $1 AND id = $2 RETURNING *",
            *(row["shard"], row["id"], clock.now(), officer.id),
            await _sealed(row["citizen_id"], "answer", row["id"], text),
        )
        await tell(AccessAnswered(citizen_id=row["asker_id"], subject_id=row["id"]))
        await seal_act(Act.ACCESS_ANSWERED, officer, about=row["citizen_id"], subject=row["id"])
        return answered or row


def may_answer(officer: Officer, question: Row) -> bool:
    """Say whether a question is the officer's to answer: their own act, or one handed to their department's audit."""
    handed_on = question["escalated_at"] is not None or question["officer_id"] is None
    return question["officer_id"] == officer.id or (
        handed_on and question["department"] == officer.department and audits(officer)
    )


def audits(officer: Officer) -> bool:
    """Say whether the officer audits their department; a grant of every action isn't one of this."""
    named = tuple(grant for grant in officer.grants if grant.action == ADMINISTER_AUDIT)
    return may(msgspec.structs.replace(officer, grants=named), ADMINISTER_AUDIT, "*", "*", clock.today())


async def escalate_overdue() -> None:
    """Hand what wasn't answered in time to the department's audit, and tell who asked; harmless when repeated."""
    async with transaction(CLERK):
        overdue = await fetch_all(_OVERDUE, clock.today(), _BATCH)
    for row in overdue:
        await _escalate(row)


async def _escalate(question: Row) -> None:
    async with transaction(CLERK):
        escalated = await execute(
            "UPDATE access_question SET escalated_at = $3 "
            "WHERE shard = $1 AND id = $2 AND answered_at IS NULL AND escalated_at IS NULL",
            *(question["shard"], question["id"], clock.now()),
        )
        if escalated:
            await tell(AccessOverdue(citizen_id=question["asker_id"], subject_id=question["id"]))
            await seal_act(Act.ACCESS_ESCALATED, CLERK, about=question["citizen_id"], subject=question["id"])


async def _sealed(person: UUID, column: str, row_id: UUID, text: str) -> bytes:
    return await seal_for_person(person, "access_question", column, row_id, msgspec.json.encode(text))
