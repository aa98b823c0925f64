"""Officers' notes on a case, for colleagues: written once, never changed.

The citizen isn't shown them while the office works; they are data about the citizen all the same, sealed under their key and part of
their export (个人信息保护法, article 45).
"""

from typing import Final
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.identity.officers import in_office
from app.kernel import clock
from app.kernel.actors import Officer
from app.kernel.database import execute, fetch_all, transaction
from app.kernel.ids import new_id, shard_of
from app.kernel.two_officers import require_not_ones_own
from app.keys.persons import open_for_person, seal_for_person
from lifecycle.cases import decisions
from lifecycle.cases.casebook import CaseFile
from lifecycle.cases.desk_structs import NewNote, NoteView
from lifecycle.cases.errors import StepNotAllowed
from lifecycle.cases.states import ON_DESK, State

_TABLE: Final = "case_note"
_INSERT: Final = (
    "INSERT INTO case_note (id, shard, citizen_id, case_id, at, officer_id, text) VALUES ($1, $2, $3, $4, $5, $6, $7)"
)
_NEWEST: Final = "SELECT * FROM case_note WHERE shard = $1 AND case_id = $2 ORDER BY id DESC LIMIT $3"
_SHOWN: Final = 100
"""A case shows so many of its notes, the newest."""


async def add(officer: Officer, case_id: UUID, note: NewNote) -> NoteView:
    """Note something on an open case. Refuses as `decisions.find_for` does, `SameOfficer` one's own affair, and `StepNotAllowed`."""
    async with transaction(officer):
        case = await decisions.find_for(officer, case_id, lock=True)
        require_not_ones_own(officer, case.citizen_id, case.applicant_id)
        if case.state not in ON_DESK | {State.APPROVED}:
            raise StepNotAllowed(state=case.state.value, step="note")
        note_id = await write(officer, case, note.text)
        await seal_act(Act.CASE_NOTED, officer, about=case.citizen_id, subject=case.id, basis=Basis("case", case.named))
        return next(one for one in await shown(officer, case) if one.id == note_id)


async def write(officer: Officer, case: CaseFile, text: str) -> UUID:
    """Write a note in the transaction in progress, and give its id."""
    row_id = new_id(case.citizen_id)
    sealed = await seal_for_person(case.citizen_id, _TABLE, "text", row_id, msgspec.json.encode(text))
    await execute(_INSERT, *(row_id, shard_of(row_id), case.citizen_id, case.id, clock.now(), officer.id, sealed))
    return row_id


async def shown(officer: Officer, case: CaseFile) -> list[NoteView]:
    """The newest notes on a case, oldest first, in the transaction in progress."""
    rows = list(reversed(await fetch_all(_NEWEST, case.shard, case.id, _SHOWN)))
    others = await in_office({row["officer_id"] for row in rows} - {officer.id})
    names = {one.id: one.name for one in (officer, *others.values())}
    return [
        NoteView(
            id=row["id"],
            at=row["at"],
            by=names.get(row["officer_id"]),
            mine=row["officer_id"] == officer.id,
            text=await _opened(case, row["id"], row["text"]),
        )
        for row in rows
    ]


async def _opened(case: CaseFile, row_id: UUID, sealed: bytes) -> str:
    return msgspec.json.decode(await open_for_person(case.citizen_id, _TABLE, "text", row_id, sealed), type=str)
