"""Which licence of some types somebody holds, for rooms that would else ask for the paper, or that give another in its place."""

from collections.abc import Collection
from uuid import UUID

from app.kernel.database import fetch_all, transaction
from app.kernel.ids import shard_of
from lifecycle.licences import reading
from lifecycle.licences.issuing import ISSUER
from lifecycle.licences.structs import LicenceView


async def valid_licence(holder_id: UUID, types: Collection[str]) -> LicenceView | None:
    """The newest licence of these types that somebody holds and that is valid today, if there is one."""
    async with transaction(ISSUER):
        rows = await fetch_all(
            "SELECT id FROM licence WHERE shard = $1 AND citizen_id = $2 AND type_code = ANY ($3::text[]) AND state = 'valid' "
            "ORDER BY id DESC",
            *(shard_of(holder_id), holder_id, list(types)),
        )
        for row in rows:
            view = await reading.known(row["id"])
            if view is not None and view.state == "valid":
                return view
    return None


async def licence_saying(holder_id: UUID, type_code: str, line: str, value: str) -> UUID | None:
    """The newest licence of a type that hasn't ended and whose named line says something: the one of a home, a car, a shop."""
    async with transaction(ISSUER):
        rows = await fetch_all(
            "SELECT id FROM licence WHERE shard = $1 AND citizen_id = $2 AND type_code = $3 AND state IN ('valid', 'suspended') "
            "ORDER BY id DESC",
            *(shard_of(holder_id), holder_id, type_code),
        )
        for row in rows:
            view = await reading.known(row["id"])
            if view is not None and any((one.name, one.value) == (line, value) for one in view.lines):
                return view.id
    return None
