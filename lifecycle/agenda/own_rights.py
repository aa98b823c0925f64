"""What this room exports of a person, and what it erases."""

from typing import Final
from uuid import UUID

import msgspec

from app.kernel.database import Row, execute, fetch_all, transaction
from app.kernel.ids import shard_of
from app.keys.persons import DataKey, person_key
from lifecycle.agenda.bookkeeping import KEEPER, book_of, choices_of, facts_of

TABLES: Final = ("agenda_book", "agenda_feed")


class AgendaExporter:
    """Exports a person's agenda: what stands on it and stood there, what it was worked out from, and what they chose."""

    tables = TABLES

    async def export(self, citizen_id: UUID) -> dict[str, list[dict[str, object]]]:
        """The agenda, and whether a calendar reads it."""
        async with transaction(KEEPER):
            books = await fetch_all(
                "SELECT * FROM agenda_book WHERE shard = $1 AND id = $2", shard_of(citizen_id), citizen_id
            )
            feeds = await fetch_all("SELECT made_at, read_at FROM agenda_feed WHERE citizen_id = $1", citizen_id)
            key = await person_key(citizen_id) if books else None
        return {
            "agenda_book": [_told(row, key) for row in books if key is not None],
            "agenda_feed": [dict(row) for row in feeds],
        }


class AgendaEraser:
    """Erases a person's agenda and the address of its feed."""

    tables = TABLES

    async def erase(self, citizen_id: UUID) -> int:
        """Delete both, and say how many rows those were; harmless when repeated."""
        async with transaction(KEEPER):
            books = await execute(
                "DELETE FROM agenda_book WHERE shard = $1 AND id = $2", shard_of(citizen_id), citizen_id
            )
            return books + await execute("DELETE FROM agenda_feed WHERE citizen_id = $1", citizen_id)


def _told(row: Row, key: DataKey) -> dict[str, object]:
    book = book_of(row, key)
    return {
        "looked_on": row["looked_on"],
        "look_on": row["look_on"],
        "facts": msgspec.to_builtins(facts_of(row, key).said()),
        "book": [] if book is None else msgspec.to_builtins(book.kept),
        "choices": msgspec.to_builtins(choices_of(row, key)),
    }
