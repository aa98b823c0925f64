"""Licences read: the holder's own and their wards'. What an erased holder's licence says can't be read any more: there is none.

`find`, `known`, `by_number` and `licences_of_case` run in the caller's transaction.
"""

from uuid import UUID

import msgspec

from app.audit.ward_looks import note_ward_look
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import Row, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.ids import shard_of
from app.kernel.paging import Page, after_id, page
from app.keys.fields import place_of
from app.keys.persons import DataKey, key_unless_erased, keys_unless_erased
from lifecycle.catalogue import published
from lifecycle.licences.errors import LicenceNotFound
from lifecycle.licences.kinds import TITLES
from lifecycle.licences.structs import LicenceState, LicenceView, Line

_MADE = "EXISTS (SELECT 1 FROM licence_document d WHERE d.shard = l.shard AND d.licence_id = l.id) AS made"


async def licences(citizen: Citizen, cursor: str | None, limit: int) -> Page[LicenceView]:
    """The licences of the citizen and their wards, newest first."""
    async with transaction(citizen):
        keys = await keys_unless_erased(citizen.people)
        people = list(keys)
        rows = await fetch_all(
            f"SELECT l.*, {_MADE} FROM licence l WHERE l.shard = ANY ($1::int[]) AND l.citizen_id = ANY ($2::uuid[]) "
            "AND ($3::uuid IS NULL OR l.id < $3) ORDER BY l.id DESC LIMIT $4",
            *(sorted({shard_of(person) for person in people}), people, after_id(cursor), limit + 1),
        )
        found = [_view(row, keys[row["citizen_id"]]) for row in rows]
    return page(found, limit, found[limit - 1].id if len(found) > limit else None)


async def find(licence_id: UUID) -> LicenceView:
    """A licence that the transaction's actor may see; refuses `LicenceNotFound`."""
    found = await known(licence_id)
    if found is None:
        raise LicenceNotFound
    return found


async def known(licence_id: UUID) -> LicenceView | None:
    """A licence that the transaction's actor may see, if there is one."""
    row = await fetch_one(
        f"SELECT l.*, {_MADE} FROM licence l WHERE l.shard = $1 AND l.id = $2",
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
    )


def _state(row: Row) -> LicenceState:
    """The state of a licence today: one past its last day is expired, whatever its row says of it."""
    state: LicenceState = row["state"]
    if state == "valid" and row["valid_to"] is not None and row["valid_to"] < clock.today():
        return "expired"
    return state
