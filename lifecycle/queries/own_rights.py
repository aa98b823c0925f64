"""What this room exports of a person, and what it may erase."""

from typing import Final
from uuid import UUID

import msgspec

from app.kernel.actors import System
from app.kernel.database import Row, execute, fetch_all, transaction
from app.kernel.ids import shard_of
from lifecycle.queries.remembered import opened

TABLES: Final = ("remembered_answer",)
KEEPER: Final = System("queries")


class AnswerExporter:
    """Exports what departments said last about a person."""

    tables = TABLES

    async def export(self, citizen_id: UUID) -> dict[str, list[dict[str, object]]]:
        """Every remembered answer, opened."""
        async with transaction(KEEPER):
            rows = await fetch_all(
                "SELECT * FROM remembered_answer WHERE shard = $1 AND citizen_id = $2 ORDER BY fact",
                *(shard_of(citizen_id), citizen_id),
            )
            return {"remembered_answer": [await _told(row) for row in rows]}


class AnswerEraser:
    """Erases every remembered answer: departments can be asked again."""

    tables = TABLES

    async def erase(self, citizen_id: UUID) -> int:
        """Delete the person's remembered answers, and say how many those were."""
        async with transaction(KEEPER):
            return await execute(
                "DELETE FROM remembered_answer WHERE shard = $1 AND citizen_id = $2", shard_of(citizen_id), citizen_id
            )


async def _told(row: Row) -> dict[str, object]:
    plain = {name: row[name] for name in ("fact", "department", "as_of", "asked_at")}
    return plain | {"answer": msgspec.json.decode(await opened(row))}
