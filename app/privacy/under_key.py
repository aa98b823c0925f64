"""Tables whose content is sealed under the person's key, or is evidence that no law lets go.

Nothing in their rows is erased one by one: destroying the person's key makes all that is sealed unreadable, in every backup.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import Row, fetch_all, transaction
from app.kernel.ids import shard_of
from app.keys.fields import place_of
from app.keys.persons import DataKey, destroy_person_key, destroy_retained_keys, person_key
from app.privacy.retention import last_day

Hiding = Callable[[UUID], Awaitable[frozenset[UUID]]]
_RIGHTS: Final = System("rights")
_PAGE: Final = 500
_START: Final = UUID(int=0)


class UnderKey:
    """Exporter and eraser of one such table: its plain columns, and those that are sealed (JSON inside).

    `hiding` gives the rows that a law keeps from the person for now.
    """

    def __init__(
        self, table: str, columns: Sequence[str], sealed: Sequence[str] = (), hiding: Hiding | None = None
    ) -> None:
        self.tables = (table,)
        self._columns = tuple(columns)
        self._sealed = tuple(sealed)
        self._hiding = hiding

    async def export(self, citizen_id: UUID) -> dict[str, list[dict[str, object]]]:
        """Every row of the person, sealed columns opened."""
        pages = [page[self.tables[0]] async for page in self.pages(citizen_id)]
        return {self.tables[0]: [row for page in pages for row in page]}

    async def pages(self, citizen_id: UUID) -> AsyncIterator[dict[str, list[dict[str, object]]]]:
        """The same, some rows at a time."""
        after = _START
        while True:
            rows = await self._page(citizen_id, after)
            hidden = await self._hiding(citizen_id) if self._hiding else frozenset()
            yield {self.tables[0]: [row for row in rows if row["id"] not in hidden]}
            if len(rows) < _PAGE:
                return
            after = UUID(str(rows[-1]["id"]))

    async def _page(self, citizen_id: UUID, after: UUID) -> list[dict[str, object]]:
        names = ", ".join(dict.fromkeys(("id", *self._columns, *self._sealed)))
        async with transaction(_RIGHTS):
            rows = await fetch_all(
                f"SELECT {names} FROM {self.tables[0]} WHERE shard = $1 AND citizen_id = $2 AND id > $3 ORDER BY id LIMIT $4",
                *(shard_of(citizen_id), citizen_id, after, _PAGE),
            )
            key = await person_key(citizen_id) if rows and self._sealed else None
        return [dict(row) | self._opened(row, key) for row in rows]

    def _opened(self, row: Row, key: DataKey | None) -> dict[str, object]:
        return {
            name: msgspec.json.decode(key.open(place_of(self.tables[0], name, row["id"]), row[name]))
            for name in self._sealed
            if key is not None and row[name] is not None
        }

    async def erase(self, _citizen_id: UUID) -> int:
        """Nothing by itself; `PersonKeyEraser` makes what is sealed unreadable."""
        return 0


class PersonKeyEraser:
    """Destroys the person's key; it's asked last, when every other room has done its part."""

    tables = ("person_key",)

    async def export(self, _citizen_id: UUID) -> dict[str, list[dict[str, object]]]:
        """A key isn't handed out."""
        return {"person_key": []}

    async def erase(self, citizen_id: UUID) -> int:
        """Destroy the key for good; the retention's key stays until the last of the terms ends."""
        async with transaction(_RIGHTS):
            return int(await destroy_person_key(citizen_id, last_day(clock.today())))


async def end_retention() -> None:
    """Destroy the retention's keys whose terms have ended."""
    async with transaction(_RIGHTS):
        await destroy_retained_keys()
