"""Licences read: the holder's own and their wards'. What an erased holder's licence says can't be read any more: there is none.

The step that was taken last says why a licence stands as it does; what officers propose to each other doesn't count.
`find`, `known`, `by_number` and `licences_of_case` run in the caller's transaction.
"""

from typing import Final
from uuid import UUID

import msgspec

from app.audit.ward_looks import note_ward_look
from app.kernel import clock
from app.kernel.actors import Citizen, own_person
from app.kernel.database import Row, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.ids import shard_of
from app.kernel.paging import Page, after_id, page
from app.kernel.structs import ShortLine
from app.keys.fields import place_of
from app.keys.persons import DataKey, key_unless_erased, keys_unless_erased
from lifecycle.catalogue import published
from lifecycle.licences.errors import LicenceNotFound
from lifecycle.licences.grounds import GROUNDS
from lifecycle.licences.kinds import TITLES
from lifecycle.licences.states import INTERNAL, LicenceState
from lifecycle.licences.structs import LicenceView, Line, StandingView

_UNTOLD: Final = ", ".join(f"'{step}'" for step in sorted(INTERNAL))
_READ: Final = f"""
SELECT l.*, EXISTS (SELECT 1 FROM licence_document d WHERE d.shard = l.shard AND d.licence_id = l.id) AS made,
    e.id AS step_id, e.at AS step_at, e.ground, e.reason
FROM licence l LEFT JOIN LATERAL (SELECT * FROM licence_event e WHERE e.shard = l.shard AND e.licence_id = l.id
    AND e.step NOT IN ({_UNTOLD}) ORDER BY e.id DESC LIMIT 1) e ON true
"""
_STANDING_NOW: Final = "CASE WHEN l.state = 'valid' AND l.valid_to < $5 THEN 'expired' ELSE l.state END"
_LIST: Final = f"""
{_READ} WHERE l.shard = ANY ($1::int[]) AND l.citizen_id = ANY ($2::uuid[]) AND ($3::uuid IS NULL OR l.id < $3)
AND ($4::text IS NULL OR l.type_code = $4) AND ($6::text IS NULL OR {_STANDING_NOW} = $6) ORDER BY l.id DESC LIMIT $7
"""


class Wanted(msgspec.Struct, frozen=True):
    """Which licences are looked for: of a type, in a state, of one person."""

    type: ShortLine | None = None
    state: LicenceState | None = None
    person_id: UUID | None = None


ALL: Final = Wanted()


async def licences(citizen: Citizen, cursor: str | None, limit: int, wanted: Wanted = ALL) -> Page[LicenceView]:
    """The licences of the citizen and their wards, newest first. Refuses `PersonNotYours`."""
    people = citizen.people if wanted.person_id is None else (own_person(citizen, wanted.person_id),)
    async with transaction(citizen):
        keys = await keys_unless_erased(people)
        rows = await fetch_all(
            _LIST,
            *(_shards(keys), list(keys), after_id(cursor), wanted.type, clock.today(), wanted.state, limit + 1),
        )
        found = [_view(row, keys[row["citizen_id"]]) for row in rows]
    return page(found, limit, found[limit - 1].id if len(found) > limit else None)


async def ends_of(person_id: UUID) -> list[Row]:
    """Id, type, number, last day and matter of a person's valid licences that end; in the system transaction in progress."""
    return await fetch_all(
        "SELECT id, type_code, number, valid_to, matter_code FROM licence WHERE shard = $1 AND citizen_id = $2 "
        "AND state = 'valid' AND valid_to >= $3 ORDER BY valid_to, id",
        *(shard_of(person_id), person_id, clock.today()),
    )


async def find(licence_id: UUID) -> LicenceView:
    """A licence that the transaction's actor may see; refuses `LicenceNotFound`."""
    found = await known(licence_id)
    if found is None:
        raise LicenceNotFound
    return found


async def known(licence_id: UUID) -> LicenceView | None:
    """A licence that the transaction's actor may see, if there is one."""
    row = await fetch_one(
        f"{_READ} WHERE l.shard = $1 AND l.id = $2",
        *(shard_of(licence_id), licence_id),
    )
    key = None if row is None else await key_unless_erased(row["citizen_id"])
    return None if row is None or key is None else _view(row, key)


async def licence(citizen: Citizen, licence_id: UUID) -> LicenceView:
    """One licence of the citizen or a ward; refuses `LicenceNotFound`."""
    async with transaction(citizen):
        view = await find(licence_id)
        await note_ward_look(citizen, view.holder_id)
        return view


async def by_number(shard: int, number: str) -> LicenceView | None:
    """The licence of a number, which names its shard; for system transactions."""
    licence_id: UUID | None = await fetch_value(
        "SELECT id FROM licence WHERE shard = $1 AND number = $2", shard, number
    )
    return None if licence_id is None else await known(licence_id)


async def licences_of_case(holder_id: UUID, case_id: UUID) -> list[UUID]:
    """The licences that a case was issued with."""
    rows = await fetch_all(
        "SELECT id FROM licence WHERE shard = $1 AND case_id = $2 ORDER BY id", shard_of(holder_id), case_id
    )
    return [row["id"] for row in rows]


def _view(row: Row, key: DataKey) -> LicenceView:
    def opened(column: str) -> bytes:
        return key.open(place_of("licence", column, row["id"]), row[column])

    return LicenceView(
        id=row["id"],
        type_code=row["type_code"],
        title=TITLES[row["type_code"]],
        number=row["number"],
        holder_id=row["citizen_id"],
        department=row["department"],
        department_name=published.catalogue().department(row["department"]).name,
        issued_at=row["issued_at"],
        valid_to=row["valid_to"],
        state=_state(row),
        lines=msgspec.json.decode(opened("lines"), type=list[Line]),
        check_code=opened("check_code").decode(),
        document="ready" if row["made"] else "being_made",
        case_id=row["case_id"],
        matter_code=row["matter_code"],
        standing=_standing(row, key),
        replaced_by=row["replaced_by"],
    )


def _standing(row: Row, key: DataKey) -> StandingView | None:
    if row["step_id"] is None:
        return None
    sealed = row["reason"]
    place = place_of("licence_event", "reason", row["step_id"])
    reason = None if sealed is None else msgspec.json.decode(key.open(place, sealed), type=str)
    return StandingView(row["step_at"], row["ground"], GROUNDS[row["ground"]].words, reason)


def _shards(keys: dict[UUID, DataKey]) -> list[int]:
    return sorted({shard_of(person) for person in keys})


def _state(row: Row) -> LicenceState:
    """The state of a licence today: one past its last day is expired, whatever its row says of it."""
    state: LicenceState = row["state"]
    if state == "valid" and row["valid_to"] is not None and row["valid_to"] < clock.today():
        return "expired"
    return state
