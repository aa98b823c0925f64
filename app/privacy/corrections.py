"""Requests for correction (个人信息保护法 art. 46): what is wrong is said here, and decided by the department that it came from.

The texts are sealed under the person's key. An officer sees their own department's requests only; each look is an act.
"""

from datetime import date
from typing import Final, TypeVar
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.audit.ward_looks import note_ward_look
from app.kernel import clock
from app.kernel.actors import Citizen, CustodyElsewhere, NoRight, Officer, System, may, require_right
from app.kernel.calendar import add_working_days
from app.kernel.database import Row, execute, fetch_all, fetch_one, transaction
from app.kernel.events import tell
from app.kernel.ids import new_id, shard_of
from app.kernel.paging import Page, decode_cursor, page
from app.kernel.two_officers import require_not_ones_own
from app.kernel.words import Words
from app.keys.persons import open_for_person, seal_for_person
from app.privacy.deciding import refuse_unless_deciding
from app.privacy.errors import (
    CorrectionAskedAlready,
    CorrectionDecidedAlready,
    CorrectionNotFound,
    FieldNotCorrectable,
)
from app.privacy.events import CorrectionAsked, CorrectionDecided
from app.privacy.limits import limit_today
from app.privacy.provenance import Provenance, provenance_of
from app.privacy.row_corrections import described
from app.privacy.structs import (
    CorrectedRow,
    CorrectionContent,
    CorrectionDecision,
    CorrectionForOfficer,
    CorrectionItem,
    CorrectionList,
    CorrectionView,
    NewCorrection,
)
from app.residents.families import guardians_of
from app.residents.people import resident
from integrations.departments.directory import NAMES

T = TypeVar("T")
RIGHT: Final = "correct"
MATTER: Final = "corrections"
ACTIONS: Final = {RIGHT: Words(zh="裁定更正申请", en="Decide on requests for correction")}
"""What officers can be granted in this room."""
_KEEPER: Final = System("rights")
_TABLE: Final = "correction_request"
_INSERT: Final = """
INSERT INTO correction_request (id, shard, citizen_id, asked_at, department, about_table, about_column, about_fact, content, state, due_on)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', $10)
ON CONFLICT (shard, citizen_id, about_table, about_column, department, about_fact) WHERE state = 'open' AND about_id IS NULL DO NOTHING RETURNING *
"""
_DESK: Final = """
SELECT id, about_table, about_column, about_id, asked_at, due_on FROM correction_request
WHERE department = $1 AND state = 'open' AND (due_on, id) > ($2, $3::uuid) ORDER BY due_on, id LIMIT $4
"""


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where a page of the desk ends: what is due first comes first."""

    due_on: date
    id: UUID


_START: Final = Place(date(1970, 1, 1), UUID(int=0))


async def ask(citizen: Citizen, wanted: NewCorrection) -> CorrectionView:
    """Ask the source of a field to correct it, also for a ward below 14 who lives with the citizen.

    Refuses `NotYoursToDecide`, `DecidesThemselves`, `CustodyElsewhere`, `FieldNotCorrectable`, and `CorrectionAskedAlready` while one is open.
    """
    person = wanted.person_id or citizen.id
    known = provenance_of(wanted.table)
    if known is None or known.correct != "request" or wanted.column not in known.columns:
        raise FieldNotCorrectable
    row_id, due_on = new_id(person), add_working_days(clock.today(), limit_today("correction_working_days"))
    content = msgspec.json.encode(CorrectionContent(wanted.what_is_wrong, wanted.wanted_value, wanted.note))
    async with transaction(citizen):
        await _refuse_unless_asking(citizen, person)
        sealed = await seal_for_person(person, _TABLE, "content", row_id, content)
        row = await fetch_one(
            _INSERT,
            *(row_id, shard_of(row_id), person, clock.now(), _source(known, wanted), wanted.table, wanted.column),
            *((wanted.fact or "") if known.by_department else "", sealed, due_on),
        )
        if row is None:
            raise CorrectionAskedAlready
        await tell(CorrectionAsked(citizen_id=person, subject_id=row_id))
        await seal_act(Act.DATA_CORRECTION_ASKED, citizen, about=person, subject=row_id)
        return await _view(row)


async def _refuse_unless_asking(citizen: Citizen, person_id: UUID) -> None:
    await refuse_unless_deciding(citizen, person_id)
    if person_id in citizen.apart:
        raise CustodyElsewhere


def _source(known: Provenance, wanted: NewCorrection) -> str:
    """The department that corrects it; refuses (`FieldNotCorrectable`) one that isn't there, or tells nothing of this table."""
    if wanted.department is None or wanted.department == known.department:
        return known.department
    if not known.by_department or wanted.department not in NAMES:
        raise FieldNotCorrectable
    return wanted.department


async def mine(citizen: Citizen, person_id: UUID | None = None) -> CorrectionList:
    """The citizen's requests, or a ward's below 14, newest first. Refuses `NotYoursToDecide`, `DecidesThemselves`."""
    person = person_id or citizen.id
    async with transaction(citizen):
        await refuse_unless_deciding(citizen, person)
        await note_ward_look(citizen, person)
        rows = await fetch_all(
            "SELECT * FROM correction_request WHERE shard = $1 AND citizen_id = $2 ORDER BY id DESC LIMIT 100",
            *(shard_of(person), person),
        )
        return CorrectionList([await _view(row) for row in rows])


async def one(citizen: Citizen, request_id: UUID) -> CorrectionView:
    """One of the citizen's requests, or of a ward's below 14; refuses `CorrectionNotFound`, `DecidesThemselves`."""
    async with transaction(citizen):
        return await _view(await _own(citizen, request_id))


async def withdraw(citizen: Citizen, request_id: UUID) -> CorrectionView:
    """Take a request back; again changes nothing. Refuses `CorrectionDecidedAlready`, and what `ask` refuses of a ward's."""
    async with transaction(citizen):
        await _refuse_unless_asking(citizen, (await _own(citizen, request_id))["citizen_id"])
        done = await execute(
            "UPDATE correction_request SET state = 'withdrawn' WHERE shard = $1 AND id = $2 AND state = 'open'",
            *(shard_of(request_id), request_id),
        )
        row = await _own(citizen, request_id)
        if not done and row["state"] != "withdrawn":
            raise CorrectionDecidedAlready
        return await _view(row)


async def desk(officer: Officer, cursor: str | None, limit: int) -> Page[CorrectionItem]:
    """The open requests to the officer's department, the first due first; nothing of what they say."""
    _require_somewhere(officer)
    after = decode_cursor(cursor, Place) if cursor else _START
    async with transaction(officer):
        rows = await fetch_all(_DESK, officer.department, after.due_on, after.id, limit + 1)
    items = [
        CorrectionItem(
            id=row["id"],
            table=row["about_table"],
            column=row["about_column"],
            about_id=row["about_id"],
            asked_at=row["asked_at"],
            due_on=row["due_on"],
            overdue=row["due_on"] < clock.today(),
        )
        for row in rows
    ]
    last = rows[limit - 1] if len(rows) > limit else None
    return page(items, limit, Place(last["due_on"], last["id"]) if last else None)


async def look(officer: Officer, request_id: UUID) -> CorrectionForOfficer:
    """What a request says; an act in the person's log. Refuses another department's (`CorrectionNotFound`) and `NoRight`."""
    async with transaction(officer):
        row = await _for(officer, request_id)
        await seal_act(
            Act.DATA_CORRECTION_LOOKED_AT,
            officer,
            about=row["citizen_id"],
            subject=request_id,
            basis=Basis("registry", str(request_id)),
        )
        return await _for_officer(row)


async def decide(officer: Officer, request_id: UUID, decision: CorrectionDecision) -> CorrectionForOfficer:
    """Decide a request and say why; the citizen is told. Refuses `CorrectionDecidedAlready`, another's, `NoRight`, `SameOfficer`."""
    async with transaction(officer):
        row = await _for(officer, request_id)
        require_not_ones_own(officer, row["citizen_id"], *await guardians_of(row["citizen_id"]))
        if row["state"] != "open":
            raise CorrectionDecidedAlready
        answer = msgspec.json.encode(decision.answer)
        sealed = await seal_for_person(row["citizen_id"], _TABLE, "answer", request_id, answer)
        await execute(
            "UPDATE correction_request SET state = $3, decided_at = $4, officer_id = $5, answer = $6 WHERE shard = $1 AND id = $2",
            *(row["shard"], row["id"], "granted" if decision.granted else "refused", clock.now(), officer.id, sealed),
        )
        await tell(CorrectionDecided(citizen_id=row["citizen_id"], subject_id=request_id))
        await seal_act(
            Act.DATA_CORRECTION_DECIDED,
            officer,
            about=row["citizen_id"],
            subject=request_id,
            basis=Basis("registry", str(request_id)),
        )
        return await _for_officer(await _for(officer, request_id))


def _require_somewhere(officer: Officer) -> None:
    """The list says nothing of anybody, so the right in any division opens it; a request needs it where its person lives."""
    divisions = [division for grant in officer.grants for division in grant.divisions]
    if not any(may(officer, RIGHT, MATTER, division, clock.today()) for division in divisions):
        raise NoRight(action=RIGHT, matter=MATTER)


async def _for(officer: Officer, request_id: UUID) -> Row:
    """A request to the officer's department, locked; refuses (`NoRight`) where its person is registered elsewhere."""
    row = _there(
        await fetch_one(
            "SELECT * FROM correction_request WHERE shard = $1 AND id = $2 AND department = $3 FOR UPDATE",
            *(shard_of(request_id), request_id, officer.department),
        )
    )
    async with transaction(_KEEPER):
        division = (await resident(row["citizen_id"])).division_code or ""
    require_right(officer, RIGHT, MATTER, division, clock.today())
    return row


async def _own(citizen: Citizen, request_id: UUID) -> Row:
    row = _there(
        await fetch_one(
            "SELECT * FROM correction_request WHERE shard = $1 AND id = $2 AND citizen_id = ANY ($3::uuid[])",
            *(shard_of(request_id), request_id, list(citizen.people)),
        )
    )
    await refuse_unless_deciding(citizen, row["citizen_id"])
    await note_ward_look(citizen, row["citizen_id"])
    return row


def _there(row: Row | None) -> Row:
    if row is None:
        raise CorrectionNotFound
    return row


async def _view(row: Row) -> CorrectionView:
    return CorrectionView(
        id=row["id"],
        person_id=row["citizen_id"],
        state=row["state"],
        department=row["department"],
        table=row["about_table"],
        column=row["about_column"],
        about_id=row["about_id"],
        asked_at=row["asked_at"],
        due_on=row["due_on"],
        decided_at=row["decided_at"],
        content=await _opened(row, "content", CorrectionContent),
        answer=None if row["answer"] is None else await _opened(row, "answer", str),
    )


async def _for_officer(row: Row) -> CorrectionForOfficer:
    return CorrectionForOfficer(
        id=row["id"],
        person_id=row["citizen_id"],
        table=row["about_table"],
        column=row["about_column"],
        asked_at=row["asked_at"],
        due_on=row["due_on"],
        state=row["state"],
        content=await _opened(row, "content", CorrectionContent),
        about=await _described(row),
    )


async def _described(row: Row) -> CorrectedRow | None:
    async with transaction(_KEEPER):
        return await described(row)


async def _opened(row: Row, column: str, kind: type[T]) -> T:
    plain = await open_for_person(row["citizen_id"], _TABLE, column, row["id"], row[column])
    return msgspec.json.decode(plain, type=kind)
