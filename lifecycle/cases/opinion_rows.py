"""The rows of opinions that other departments are asked for. Everything here runs in the caller's transaction."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import Actor
from app.kernel.database import Row, execute, fetch_all, fetch_one, fetch_value
from app.kernel.ids import new_id, shard_of
from app.keys.persons import open_for_person, seal_for_person
from lifecycle.cases import timing
from lifecycle.cases.casebook import CaseFile
from lifecycle.cases.desk_errors import OpinionAwaited, OpinionClosed, OpinionUnknown
from lifecycle.cases.desk_structs import AskedView, OpinionState, OpinionView, PassedField
from lifecycle.catalogue import published

_TABLE: Final = "case_opinion"
_INSERT: Final = """
INSERT INTO case_opinion (id, shard, citizen_id, case_id, department, matter_code, division, asked_by, asked_at, due_on, content, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'open') ON CONFLICT (shard, case_id, department) WHERE state = 'open' DO NOTHING
"""
_CLOSE: Final = "UPDATE case_opinion SET state = $3, answer = $4, closed_by = $5, closed_at = $6 WHERE shard = $1 AND id = $2 AND state = 'open'"
_OF_CASE: Final = "SELECT * FROM case_opinion WHERE shard = $1 AND case_id = $2 ORDER BY id"
_AWAITED: Final = "SELECT EXISTS (SELECT 1 FROM case_opinion WHERE shard = $1 AND case_id = $2 AND state = 'open')"


class Content(msgspec.Struct, frozen=True):
    """What was asked, and what was passed on for the answer."""

    question: str
    fields: list[PassedField]


class Opinion(msgspec.Struct, frozen=True, kw_only=True):
    """One opinion as its row holds it; `content` and `answer` are sealed."""

    id: UUID
    shard: int
    citizen_id: UUID
    case_id: UUID
    department: str
    matter_code: str
    division: str
    asked_by: str
    asked_at: datetime
    due_on: date | None
    content: bytes
    state: OpinionState
    answer: bytes | None
    closed_at: datetime | None
    reminded_on: date | None

    @property
    def is_overdue(self) -> bool:
        """Whether its last day is over and nobody has answered."""
        return self.state == "open" and timing.is_overdue(self.due_on)


async def find(opinion_id: UUID) -> Opinion:
    """Find an opinion; refuses `OpinionUnknown`."""
    row = await fetch_one("SELECT * FROM case_opinion WHERE shard = $1 AND id = $2", shard_of(opinion_id), opinion_id)
    if row is None:
        raise OpinionUnknown
    return _read(row)


async def of_case(case: CaseFile) -> list[Opinion]:
    """Every opinion that was asked for about a case, oldest first."""
    return [_read(row) for row in await fetch_all(_OF_CASE, case.shard, case.id)]


async def insert(actor: Actor, case: CaseFile, department: str, due_on: date | None, content: Content) -> UUID | None:
    """Write that a department is asked; gives the opinion's id, or nothing where one of this department is awaited already."""
    row_id = new_id(case.citizen_id)
    sealed = await seal_for_person(case.citizen_id, _TABLE, "content", row_id, msgspec.json.encode(content))
    written = await execute(
        _INSERT,
        *(row_id, shard_of(row_id), case.citizen_id, case.id, department, case.matter_code, case.division),
        *(actor.principal, clock.now(), due_on, sealed),
    )
    return row_id if written else None


async def close(actor: Actor, opinion: Opinion, state: OpinionState, answer: str | None = None) -> Opinion:
    """Write that an opinion isn't awaited any more; refuses (`OpinionClosed`) one that wasn't."""
    sealed = None
    if answer is not None:
        sealed = await seal_for_person(opinion.citizen_id, _TABLE, "answer", opinion.id, msgspec.json.encode(answer))
    if not await execute(_CLOSE, opinion.shard, opinion.id, state, sealed, actor.principal, clock.now()):
        raise OpinionClosed(state=(await find(opinion.id)).state)
    return await find(opinion.id)


async def refuse_while_awaited(case: CaseFile) -> None:
    """Refuse (`OpinionAwaited`) what must wait for other departments' opinions of a locked case."""
    if await fetch_value(_AWAITED, case.shard, case.id):
        raise OpinionAwaited


async def content_of(opinion: Opinion) -> Content:
    """Open what was asked and passed on."""
    return msgspec.json.decode(await _open(opinion, "content", opinion.content), type=Content)


async def view(opinion: Opinion) -> OpinionView:
    """An opinion as the officers of the case see it."""
    content = await content_of(opinion)
    answer = None if opinion.answer is None else await _open(opinion, "answer", opinion.answer)
    return OpinionView(
        id=opinion.id,
        department=opinion.department,
        department_name=published.catalogue().department(opinion.department).name,
        question=content.question,
        fields=content.fields,
        asked_at=opinion.asked_at,
        until=opinion.due_on,
        overdue=opinion.is_overdue,
        state=opinion.state,
        answer=None if answer is None else msgspec.json.decode(answer, type=str),
        closed_at=opinion.closed_at,
    )


async def asked(case: CaseFile) -> list[AskedView]:
    """Which other departments were asked, as the citizen sees it: whom and until when; not those that aren't asked any more."""
    return [_asked(one) for one in await of_case(case) if one.state in {"open", "agreed", "disagreed"}]


def _asked(opinion: Opinion) -> AskedView:
    return AskedView(
        department=opinion.department,
        department_name=published.catalogue().department(opinion.department).name,
        asked_at=opinion.asked_at,
        until=opinion.due_on,
        overdue=opinion.is_overdue,
        answered=opinion.state != "open",
    )


async def _open(opinion: Opinion, column: str, sealed: bytes) -> bytes:
    return await open_for_person(opinion.citizen_id, _TABLE, column, opinion.id, sealed)


def _read(row: Row) -> Opinion:
    values: dict[str, Any] = dict(row)
    return msgspec.convert(values, Opinion)
