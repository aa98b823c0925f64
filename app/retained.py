"""What a law retained of an erased person, opened for that law's purpose: a court's order, an auditor's question.

Only whoever runs the product can (`fuhai retained`), it names the order's reference, and it is an act in the person's log.
"""

from typing import Final
from uuid import UUID

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.bytes_at_rest import RETAINED, UNDER_PERSON
from app.kernel.actors import System
from app.kernel.database import Row, fetch_all, transaction
from app.kernel.ids import shard_of
from app.keys.fields import place_of
from app.keys.persons import DataKey, retained_key

_KEEPER: Final = System("retention")


async def opened(person_id: UUID, reference: str) -> dict[str, list[dict[str, object]]]:
    """Every retained row of an erased person with its sealed columns opened; refuses `PersonErased` once the term is over."""
    async with transaction(_KEEPER):
        key = await retained_key(person_id)
        await seal_act(Act.RETAINED_OPENED, _KEEPER, about=person_id, basis=Basis("registry", reference))
        return {table: [_opened(table, row, key) for row in await _rows(table, person_id)] for table in RETAINED}


async def _rows(table: str, person_id: UUID) -> list[Row]:
    return await fetch_all(
        f"SELECT * FROM {table} WHERE shard = $1 AND citizen_id = $2 ORDER BY id", shard_of(person_id), person_id
    )


def _opened(table: str, row: Row, key: DataKey) -> dict[str, object]:
    columns = [place.split(".")[1] for place in UNDER_PERSON if place.startswith(f"{table}.")]
    return dict(row) | {
        name: key.open(place_of(table, name, row["id"]), row[name]) for name in columns if row[name] is not None
    }
