"""How much is held of a person, table by table, and what stands in the way of erasing it."""

from collections.abc import Sequence
from typing import Final, Protocol
from uuid import UUID

import msgspec

from app.audit.withholding import withheld_subjects
from app.kernel.database import fetch_all, fetch_value
from app.kernel.ids import shard_of
from app.kernel.words import Words
from app.privacy.rights import exporters

_COUNT: Final = "SELECT count(*) FROM {table} WHERE shard = $1 AND {owner} = $2"
_BY_ID: Final = frozenset({"resident", "person_key", "agenda_book"})
_WITHOUT_SHARD: Final = {
    "identifier": "SELECT count(*) FROM identifier WHERE $1::int4 IS NOT NULL AND citizen_id = $2",
    "agenda_feed": "SELECT count(*) FROM agenda_feed WHERE $1::int4 IS NOT NULL AND citizen_id = $2",
    "wechat_identifier": "SELECT count(*) FROM wechat_identifier WHERE $1::int4 IS NOT NULL AND citizen_id = $2",
    "break_glass": "SELECT count(*) FROM break_glass WHERE $1::int4 IS NOT NULL AND citizen_id = $2 AND told_at IS NOT NULL",
}
"""Reference tables; a request of which the person isn't to be told yet isn't counted either."""
_LOOKS: Final = "SELECT id FROM person_look WHERE shard = $1 AND citizen_id = $2"
"""A look that is withheld isn't counted either."""


class Blocker(Protocol):
    """One reason for which somebody can't be erased yet."""

    @property
    def code(self) -> str:
        """Its name in answers."""
        ...

    @property
    def title(self) -> Words:
        """What stands in the way, and what to do about it."""
        ...

    async def count(self, citizen_id: UUID) -> int:
        """How many of them there are, in the (system) transaction in progress, which then holds their rows locked."""
        ...


class Blocking(msgspec.Struct, frozen=True):
    """A reason that holds now."""

    code: str
    title: Words
    count: int


_blockers: Final[dict[str, Blocker]] = {}


def register_blocker(blocker: Blocker) -> None:
    """Make a reason known; called from wiring, and again without harm."""
    _blockers[blocker.code] = blocker


async def blocking(citizen_id: UUID) -> list[Blocking]:
    """What stands in the way now, with its rows locked until the (system) transaction ends."""
    counted = [(one, await one.count(citizen_id)) for one in _blockers.values()]
    return [Blocking(one.code, one.title, count) for one, count in counted if count]


async def held(people: Sequence[UUID]) -> dict[str, int]:
    """How many rows every table holds of these residents, who are one person; system transactions only."""
    tables = [table for exporter in exporters() for table in exporter.tables]
    return {table: sum([await _count(table, person) for person in people]) for table in tables}


async def _count(table: str, person: UUID) -> int:
    if table == "person_look":
        rows = await fetch_all(_LOOKS, shard_of(person), person)
        hidden = await withheld_subjects(person)
        return sum(row["id"] not in hidden for row in rows)
    owner = "id" if table in _BY_ID else "citizen_id"
    sql = _WITHOUT_SHARD.get(table) or _COUNT.format(table=table, owner=owner)
    counted: int = await fetch_value(sql, shard_of(person), person)
    return counted
