"""Late answers: verified like direct ones, and taken once. The first counts; another one is refused and kept as a finding."""

from typing import Final
from uuid import UUID

import msgspec

from app.exchanges.events import AnswerSettled
from app.exchanges.expected import expected_of, refuse_unless_fit
from app.exchanges.settled import asked_in, parts_of
from app.exchanges.structs import AnswerTaken
from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import Row, execute, fetch_one, fetch_value, transaction
from app.kernel.errors import Refusal
from app.kernel.events import tell
from app.kernel.ids import new_id, shard_of
from app.keys.fields import blind_index
from app.keys.nonces import DatabaseNonces, refuse_replay
from app.keys.persons import PersonErased
from app.keys.request_signatures import Request
from app.residents.pushes import Departments
from integrations.exchange import archive
from integrations.exchange.archive import DatabaseArchive, Exchange, exchange_of_late
from integrations.exchange.errors import AnswerContradicts, AnswerNotAwaited, AnswerTooLate
from integrations.exchange.messages import AnsweredLate, digest_of, verify_late_answer
from integrations.exchange.structs import LateAnswer

TAKER: Final = System("exchanges")
_FIND: Final = "SELECT * FROM awaited_answer WHERE shard = $1 AND id = $2 FOR UPDATE"
_SETTLE: Final = """
UPDATE awaited_answer SET answer_id = $3, answered_at = $4, ask_again_at = NULL WHERE shard = $1 AND id = $2
"""
_NO_LONGER: Final = """
UPDATE awaited_answer SET ask_again_at = NULL WHERE shard = $1 AND citizen_id = $2 AND question = $3 AND id <> $4
"""


async def take(received: Request, departments: Departments) -> AnswerTaken:
    """Take in what a department says to a question for which it gave a ticket, once; repeating it is answered the same.

    Refuses `SIGNATURE_REFUSALS`, `PushFromAnother`, `AnswerFromFuture`, `AnswerNotAwaited`, `AnswerTooLate`, and (kept as findings)
    `AnswerContradicts`, `AnswerAboutAnother` and a body of another shape.
    """
    answered = verify_late_answer(received, departments.keys, departments.speakers, clock.now())
    await refuse_replay(DatabaseNonces(), answered.verified)
    try:
        async with transaction(TAKER):
            flaw = await _take(answered, received)
    except PersonErased as error:
        raise AnswerNotAwaited from error
    if flaw is not None:
        raise flaw
    return AnswerTaken(id=answered.late.id, received=True)


async def _take(answered: AnsweredLate, received: Request) -> Refusal | None:
    """Write what came, or the finding, whose refusal is given."""
    late = answered.late
    awaited = await fetch_one(_FIND, shard_of(late.request_id), late.request_id)
    question = None if awaited is None else await archive.found(late.request_id)
    if awaited is None or question is None or not _is_to(late, awaited, question):
        raise AnswerNotAwaited
    if awaited["answer_id"] is not None:
        if await _says_the_same(awaited["answer_id"], late):
            return None
        flaw: Refusal | None = AnswerContradicts(first_id=str(awaited["answer_id"]))
    elif awaited["closes_at"] < clock.now():
        raise AnswerTooLate(closed_at=awaited["closes_at"])
    else:
        flaw = _flaw(late, question)
    if flaw is not None:
        await _keep_finding(answered, received, question, flaw)
        return flaw
    came = exchange_of_late(answered, received, question, late.status)
    await DatabaseArchive().keep(came)
    await _settle(awaited, came)
    return None


def _is_to(late: LateAnswer, awaited: Row, question: Exchange) -> bool:
    """Whether it is this department's answer to exactly this question."""
    same = (late.department, late.ticket) == (awaited["department"], awaited["ticket"])
    return same and late.question_digest == digest_of(question.messages.request.body)


def _flaw(late: LateAnswer, question: Exchange) -> Refusal | None:
    if late.status != "ok":
        return None
    asked = parts_of(asked_in(question))
    try:
        refuse_unless_fit(expected_of(question.department, question.service), asked, late.body)
    except Refusal as refusal:
        return refusal
    return None


async def _settle(awaited: Row, came: Exchange) -> None:
    place = (awaited["shard"], awaited["id"])
    await execute(_SETTLE, *place, came.id, clock.now())
    await execute(_NO_LONGER, awaited["shard"], awaited["citizen_id"], awaited["question"], awaited["id"])
    await tell(AnswerSettled(citizen_id=came.citizen_id, subject_id=came.id))


async def _says_the_same(first_id: UUID, late: LateAnswer) -> bool:
    first = await archive.found(first_id)
    if first is None:
        return False
    return _content(msgspec.json.decode(first.messages.request.body, type=LateAnswer)) == _content(late)


def _content(late: LateAnswer) -> bytes:
    """What a late answer says, however it is written."""
    said = (late.status, late.as_of, late.reason, msgspec.json.decode(late.body))
    return msgspec.json.encode(said, order="deterministic")


async def _keep_finding(answered: AnsweredLate, received: Request, question: Exchange, flaw: Refusal) -> None:
    """Keep what was refused, word for word, unless the very same was kept before."""
    late = answered.late
    content = blind_index("exchange_finding", _content(late).decode())
    finding_id, shard = new_id(question.citizen_id), shard_of(question.citizen_id)
    new = await fetch_value(
        "INSERT INTO exchange_finding (id, shard, citizen_id, request_id, at, flaw, content) VALUES ($1, $2, $3, $4, $5, $6, $7) "
        "ON CONFLICT ON CONSTRAINT exchange_finding_is_kept_once DO NOTHING RETURNING true",
        *(finding_id, shard, question.citizen_id, question.id, clock.now(), flaw.code, content),
    )
    if new:
        await DatabaseArchive().keep(exchange_of_late(answered, received, question, "wrong"))
