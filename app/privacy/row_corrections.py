"""Requests for correction that name one row, such as a record of the timeline: asked here by the room that keeps the row.

They are decided like all others (`corrections`). The room that keeps the rows says what one of them tells, so that the officer who
decides sees what is disputed.
"""

from collections.abc import Awaitable, Callable, Collection
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.calendar import add_working_days
from app.kernel.database import Row, fetch_all, fetch_value
from app.kernel.events import tell
from app.kernel.ids import new_id, shard_of
from app.kernel.phrases import Phrase
from app.keys.fields import place_of
from app.keys.persons import DataKey, seal_for_person
from app.privacy.errors import CorrectionAskedAlready
from app.privacy.events import CorrectionAsked
from app.privacy.limits import limit_today
from app.privacy.structs import CorrectedRow, CorrectionContent

Describe = Callable[[UUID, UUID], Awaitable[Phrase | None]]
"""What a row (the second) of a person (the first) tells; asked in a system transaction."""
TABLE: Final = "correction_request"
_INSERT: Final = """
INSERT INTO correction_request (id, shard, citizen_id, asked_at, department, about_table, about_column, about_id, content, state, due_on)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', $10)
ON CONFLICT (shard, about_id) WHERE state = 'open' AND about_id IS NOT NULL DO NOTHING RETURNING true
"""
_NEWEST: Final = """
SELECT DISTINCT ON (about_id) id, about_id, state, department, asked_at, due_on, decided_at, content, answer FROM correction_request
WHERE shard = ANY ($1::int4[]) AND about_id = ANY ($2::uuid[]) AND about_table = $3 ORDER BY about_id, id DESC
"""
_describe: Final[dict[str, Describe]] = {}


class About(msgspec.Struct, frozen=True):
    """Which row of whom is disputed, in which of its columns, and which department answers."""

    citizen_id: UUID
    table: str
    column: str
    row_id: UUID
    department: str


class RowCorrection(msgspec.Struct, frozen=True):
    """A request about a row, its texts sealed still."""

    id: UUID
    state: Literal["open", "granted", "refused", "withdrawn"]
    department: str
    asked_at: datetime
    due_on: date
    decided_at: datetime | None
    sealed_content: bytes
    sealed_answer: bytes | None

    def text(self, key: DataKey) -> str:
        """What the person wrote."""
        plain = key.open(place_of(TABLE, "content", self.id), self.sealed_content)
        return msgspec.json.decode(plain, type=CorrectionContent).what_is_wrong

    def answer(self, key: DataKey) -> str | None:
        """What was answered, if anything."""
        if self.sealed_answer is None:
            return None
        return msgspec.json.decode(key.open(place_of(TABLE, "answer", self.id), self.sealed_answer), type=str)


def register_described(table: str, describe: Describe) -> None:
    """Set who says what a table's rows tell; called from wiring."""
    _describe[table] = describe


async def described(request: Row) -> CorrectedRow | None:
    """What a request's row tells, if it names one that can be read still."""
    describe = _describe.get(request["about_table"])
    if request["about_id"] is None or describe is None:
        return None
    phrase = await describe(request["citizen_id"], request["about_id"])
    return None if phrase is None else CorrectedRow(request["about_id"], phrase.title, phrase.text)


async def ask_about(citizen: Citizen, about: About, what_is_wrong: str) -> UUID:
    """Ask a row's department to correct it, in the citizen's transaction in progress; refuses `CorrectionAskedAlready`.

    Who may ask for whom is the caller's to judge.
    """
    row_id, person = new_id(about.citizen_id), about.citizen_id
    due_on = add_working_days(clock.today(), limit_today("correction_working_days"))
    content = msgspec.json.encode(CorrectionContent(what_is_wrong, "", ""))
    sealed = await seal_for_person(person, TABLE, "content", row_id, content)
    asked = await fetch_value(
        _INSERT,
        *(row_id, shard_of(row_id), person, clock.now(), about.department, about.table, about.column, about.row_id),
        *(sealed, due_on),
    )
    if not asked:
        raise CorrectionAskedAlready
    await tell(CorrectionAsked(citizen_id=person, subject_id=row_id))
    await seal_act(Act.DATA_CORRECTION_ASKED, citizen, about=person, subject=row_id)
    return row_id


async def newest_about(table: str, row_ids: Collection[UUID]) -> dict[UUID, RowCorrection]:
    """The newest request about each of these rows, as far as the actor of the transaction in progress sees them."""
    rows = await fetch_all(_NEWEST, sorted({shard_of(one) for one in row_ids}), list(row_ids), table)
    return {row["about_id"]: _correction(row) for row in rows}


def _correction(row: Row) -> RowCorrection:
    return RowCorrection(
        id=row["id"],
        state=row["state"],
        department=row["department"],
        asked_at=row["asked_at"],
        due_on=row["due_on"],
        decided_at=row["decided_at"],
        sealed_content=row["content"],
        sealed_answer=row["answer"],
    )
