"""One resident: read with their numbers opened, written where something new is learnt."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import Row, execute, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.ids import shard_of
from app.keys.fields import open_field, seal_field
from app.residents.errors import ResidentUnknown
from app.residents.structs import Person, Resident

RESIDENTS: Final = System("residents")
_NUMBERS: Final = ("id_number", "phone", "birth_certificate_no")
SEALED: Final = (*_NUMBERS, "document_number")
_PLAIN: Final = (
    *("name", "birth_date", "sex", "division_code", "died_on", "real_name_at", "merged_into", "known_since"),
    *("frozen_at", "document_type"),
)


async def resident(resident_id: UUID) -> Resident:
    """Read a resident in the transaction in progress, whose actor decides whom it sees; refuses `ResidentUnknown`."""
    row = await fetch_one("SELECT * FROM resident WHERE shard = $1 AND id = $2", shard_of(resident_id), resident_id)
    if row is None:
        raise ResidentUnknown
    return opened(row)


async def locked(resident_id: UUID) -> Resident:
    """A resident whose row nobody else may change until the transaction in progress ends. System transactions only."""
    await fetch_value(
        "SELECT id FROM resident WHERE shard = $1 AND id = $2 FOR UPDATE", shard_of(resident_id), resident_id
    )
    return await resident(resident_id)


async def is_alive(resident_id: UUID) -> bool:
    """Whether nobody has told of a resident's death; in the transaction in progress."""
    return (await resident(resident_id)).died_on is None


async def names_of(people: Collection[UUID]) -> dict[UUID, str | None]:
    """The names of some people, for who may know that they acted; who isn't known is left out."""
    if not people:
        return {}
    async with transaction(RESIDENTS):
        rows = await fetch_all(
            "SELECT id, name FROM resident WHERE shard = ANY ($1::int4[]) AND id = ANY ($2::uuid[])",
            *(sorted({shard_of(person) for person in people}), list(people)),
        )
    return {row["id"]: row["name"] for row in rows}


async def merged_with(resident_id: UUID) -> list[UUID]:
    """Who turned out to be this resident. It asks every shard, so it is for what is done rarely. System transactions only."""
    rows = await fetch_all("SELECT id FROM resident WHERE merged_into = $1", resident_id)
    return [row["id"] for row in rows]


def opened(row: Row) -> Resident:
    """A row of `resident` with its numbers opened."""
    facts: dict[str, Any] = {column: row[column] for column in _PLAIN}
    facts |= {column: _open(row["id"], column, row[column]) for column in SEALED}
    return Resident(id=row["id"], **facts)


def _open(resident_id: UUID, column: str, sealed: bytes | None) -> str | None:
    return None if sealed is None else open_field("resident", column, resident_id, sealed).decode()


def sealed(resident_id: UUID, column: str, value: str | None) -> bytes | None:
    """Seal one of a resident's numbers for its column."""
    return None if value is None else seal_field("resident", column, resident_id, value.encode())


async def insert_resident(resident_id: UUID, person: Person) -> None:
    """Write a new resident; system transactions only."""
    await execute(
        "INSERT INTO resident (id, shard, known_since, name, birth_date, sex, division_code, id_number, phone, "
        "birth_certificate_no) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        *(resident_id, shard_of(resident_id), clock.now()),
        *(person.name, person.birth_date, person.sex, person.division_code),
        *(sealed(resident_id, column, getattr(person, column)) for column in _NUMBERS),
    )


async def fill_blanks(resident_id: UUID, person: Person) -> None:
    """Write what wasn't known of a resident yet; what is known stays. System transactions only."""
    await execute(
        "UPDATE resident SET name = coalesce(name, $3), birth_date = coalesce(birth_date, $4), sex = coalesce(sex, $5), "
        "division_code = coalesce(division_code, $6), id_number = coalesce(id_number, $7), phone = coalesce(phone, $8), "
        "birth_certificate_no = coalesce(birth_certificate_no, $9) WHERE shard = $1 AND id = $2",
        *(shard_of(resident_id), resident_id),
        *(person.name, person.birth_date, person.sex, person.division_code),
        *(sealed(resident_id, column, getattr(person, column)) for column in _NUMBERS),
    )


async def take_phone(resident_id: UUID) -> None:
    """Forget a resident's phone, which is somebody else's now; system transactions only."""
    await execute("UPDATE resident SET phone = NULL WHERE shard = $1 AND id = $2", shard_of(resident_id), resident_id)


async def void_means(resident_id: UUID) -> None:
    """Let nothing count any more that was given out in somebody's name until now (a payer code); system transactions only."""
    await execute(
        "UPDATE resident SET means_from = $3 WHERE shard = $1 AND id = $2",
        *(shard_of(resident_id), resident_id, clock.now()),
    )


async def record_death(resident_id: UUID, died_on: date) -> None:
    """Record that a resident has died: their sessions are refused from now on."""
    async with transaction(RESIDENTS):
        await execute(
            "UPDATE resident SET died_on = $3 WHERE shard = $1 AND id = $2", shard_of(resident_id), resident_id, died_on
        )


async def record_real_name(resident_id: UUID, person: Person, at: datetime) -> None:
    """Record what the police confirmed of a resident; it replaces what was known. System transactions only."""
    await execute(
        "UPDATE resident SET name = $3, birth_date = $4, sex = $5, division_code = coalesce($6, division_code), "
        "id_number = $7, real_name_at = $8, document_number = $9, document_type = $10 WHERE shard = $1 AND id = $2",
        *(shard_of(resident_id), resident_id, person.name, person.birth_date, person.sex, person.division_code),
        *(sealed(resident_id, "id_number", person.id_number), at),
        *(sealed(resident_id, "document_number", person.document_number), person.document_type),
    )
