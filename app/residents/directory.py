"""Finding a resident by a number, through blind indexes: one look-up, no fan-out, and no number in any index."""

from typing import Literal
from uuid import UUID

from app.kernel.database import execute, fetch_value, transaction
from app.keys.fields import blind_index
from app.residents.people import RESIDENTS

IdentifierKind = Literal["id_number", "phone", "birth_certificate", "hm_permit", "tw_permit", "passport", "foreign_pr"]


async def find(kind: IdentifierKind, value: str) -> UUID | None:
    """Whose a number is, if it is known."""
    async with transaction(RESIDENTS):
        found: UUID | None = await fetch_value(
            "SELECT citizen_id FROM identifier WHERE kind = $1 AND blind_index = $2", kind, blind_index(kind, value)
        )
        return found


async def find_by_id_number(id_number: str) -> UUID | None:
    """The resident with an identity number of 18 characters, if known."""
    return await find("id_number", id_number.upper())


async def find_by_phone(phone: str) -> UUID | None:
    """The resident who signs in with a phone, if known."""
    return await find("phone", phone)


async def find_by_birth_certificate(certificate_no: str) -> UUID | None:
    """The child of a birth certificate, if known."""
    return await find("birth_certificate", certificate_no)


async def claim(kind: IdentifierKind, value: str, resident_id: UUID) -> UUID:
    """Give a number to a resident unless it is somebody's; says whose it is now. Of several at once one wins, the others wait."""
    async with transaction(RESIDENTS):
        owner: UUID = await fetch_value(
            "INSERT INTO identifier (kind, blind_index, citizen_id) VALUES ($1, $2, $3) "
            "ON CONFLICT (kind, blind_index) DO UPDATE SET kind = excluded.kind RETURNING citizen_id",
            *(kind, blind_index(kind, value), resident_id),
        )
        return owner


async def release(kind: IdentifierKind, value: str, resident_id: UUID) -> None:
    """Take a number from a resident, whose it isn't any more: whoever comes with it next is somebody new."""
    async with transaction(RESIDENTS):
        await execute(
            "DELETE FROM identifier WHERE kind = $1 AND blind_index = $2 AND citizen_id = $3",
            *(kind, blind_index(kind, value), resident_id),
        )


async def move(kind: IdentifierKind, value: str, resident_id: UUID) -> None:
    """Hand a number over to another resident, who turned out to be the same person."""
    async with transaction(RESIDENTS):
        await execute(
            "UPDATE identifier SET citizen_id = $3 WHERE kind = $1 AND blind_index = $2",
            *(kind, blind_index(kind, value), resident_id),
        )
