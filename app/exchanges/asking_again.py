"""Asking again where a department hasn't answered by the time that it promised: after ever longer pauses, and not without end."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog

from app.exchanges.events import AnswerSettled
from app.exchanges.expected import expected_of
from app.exchanges.late_answers import TAKER
from app.exchanges.settled import asked_in, parts_of
from app.kernel import clock
from app.kernel.database import Row, execute, fetch_all, transaction
from app.kernel.events import tell
from app.keys.persons import PersonErased
from integrations.exchange import archive
from integrations.exchange.archive import Exchange
from integrations.exchange.client import ExchangeClient
from integrations.exchange.errors import (
    AnswerNotAwaited,
    DepartmentAnsweredWrongly,
    DepartmentAnswersLater,
    DepartmentRefused,
    DepartmentUnavailable,
    NotKnownToDepartment,
    answered_about_another,
)
from integrations.exchange.structs import Asking, Party
from integrations.exchange.tickets import LIMITS

AT_ONCE: Final = 200
_DUE: Final = "SELECT * FROM awaited_answer WHERE ask_again_at <= $1 ORDER BY ask_again_at LIMIT $2"
_CLAIM: Final = """
UPDATE awaited_answer SET asked_times = asked_times + 1, ask_again_at = $4 WHERE shard = $1 AND id = $2 AND ask_again_at = $3
"""
_GIVEN_ANEW: Final = """
UPDATE awaited_answer SET asked_times = $3, ask_again_at = greatest(expected_by, $4) WHERE shard = $1 AND id = $2 AND answer_id IS NULL
"""
_NOBODY_WAITS: Final = """
UPDATE awaited_answer SET ask_again_at = NULL
WHERE shard = $1 AND citizen_id = $2 AND question = $3 AND ($4::uuid IS NULL OR id <> $4)
"""
_log = structlog.get_logger()


async def ask_overdue(exchange: ExchangeClient, parties: Mapping[str, Party]) -> None:
    """Ask again for what is overdue; a job of the timetable. One that can't be asked holds up no other."""
    async with transaction(TAKER):
        due = await fetch_all(_DUE, clock.now(), AT_ONCE)
    for awaited in due:
        await _ask_again(exchange, parties, awaited)


def pause_after(times: int) -> timedelta:
    """How long to wait after having asked for so many times: twice as long each time, up to the longest pause."""
    minutes = LIMITS.today("first_pause_minutes") * 2 ** min(max(times - 2, 0), 20)
    return timedelta(minutes=min(minutes, LIMITS.today("longest_pause_minutes")))


async def _ask_again(exchange: ExchangeClient, parties: Mapping[str, Party], awaited: Row) -> None:
    question = await _claimed(awaited)
    party = parties.get(awaited["department"])
    if question is None or party is None:
        return
    try:
        answer_id = await _asked(exchange, party, question)
    except DepartmentAnswersLater as later:
        await _wait_on(awaited, later.awaited.exchange_id)
    except (DepartmentUnavailable, DepartmentAnsweredWrongly, AnswerNotAwaited) as refusal:
        _log.info("late_answer_not_given", department=party.code, service=question.service, flaw=refusal.code)
    except (DepartmentRefused, NotKnownToDepartment):
        await _settle(awaited, question.id)
    else:
        await _settle(awaited, answer_id)


async def _claimed(awaited: Row) -> Exchange | None:
    """The question to be asked again now, by nobody else; none where it was asked often enough, or the person was erased."""
    times = awaited["asked_times"] + 1
    until = clock.now() + pause_after(times)
    place = (awaited["shard"], awaited["id"])
    async with transaction(TAKER):
        if not await execute(_CLAIM, *place, awaited["ask_again_at"], until):
            return None
        if times > LIMITS.today("asked_times_at_most"):
            await execute("UPDATE awaited_answer SET ask_again_at = NULL WHERE shard = $1 AND id = $2", *place)
            await tell(AnswerSettled(citizen_id=awaited["citizen_id"], subject_id=awaited["id"]))
            return None
    try:
        async with transaction(TAKER):
            return await archive.found(awaited["id"])
    except PersonErased:
        async with transaction(TAKER):
            await execute("DELETE FROM awaited_answer WHERE shard = $1 AND id = $2", *place)
        return None


async def _asked(exchange: ExchangeClient, party: Party, question: Exchange) -> UUID:
    """Ask the same for the same purpose, and give the exchange in which it was answered."""
    asked = parts_of(asked_in(question))
    expected = expected_of(question.department, question.service)
    asking = Asking(question.citizen_id, question.purpose, question.basis, question.end_user)
    said = await exchange.ask_anew(party, expected.operation(asked), asked, asking)
    if not expected.is_about(said.body, asked):
        raise answered_about_another(party.name, party.code)
    return said.exchange_id


async def _wait_on(awaited: Row, ticket_id: UUID) -> None:
    """A new ticket takes the place of the overdue one, and remembers how often was asked; an answer to the old one is still taken."""
    times = awaited["asked_times"] + 1
    async with transaction(TAKER):
        await execute(_GIVEN_ANEW, awaited["shard"], ticket_id, times, clock.now() + pause_after(times))
        await execute(_NOBODY_WAITS, awaited["shard"], awaited["citizen_id"], awaited["question"], ticket_id)


async def _settle(awaited: Row, answer_id: UUID) -> None:
    async with transaction(TAKER):
        await execute(_NOBODY_WAITS, awaited["shard"], awaited["citizen_id"], awaited["question"], None)
        await tell(AnswerSettled(citizen_id=awaited["citizen_id"], subject_id=answer_id))
