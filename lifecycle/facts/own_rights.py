"""What this room exports of a person, and what it erases."""

from typing import Final
from uuid import UUID

import msgspec

from app.kernel.database import Row, execute, fetch_all, transaction
from app.kernel.ids import shard_of
from lifecycle.facts.declaring import KEEPER, opened

TABLES: Final = ("declared_fact",)


class DeclaredExporter:
    """Exports what a person, or a guardian for them, declared."""

    tables = TABLES

    async def export(self, citizen_id: UUID) -> dict[str, list[dict[str, object]]]:
        """Every declared fact, opened."""
        async with transaction(KEEPER):
            rows = await fetch_all(
                "SELECT * FROM declared_fact WHERE shard = $1 AND citizen_id = $2 ORDER BY kind",
                *(shard_of(citizen_id), citizen_id),
            )
            return {"declared_fact": [await _told(row) for row in rows]}


class DeclaredEraser:
    """Erases what was declared of a person."""

    tables = TABLES

    async def erase(self, citizen_id: UUID) -> int:
        """Delete it, and say how many facts those were; harmless when repeated."""
        async with transaction(KEEPER):
            return await execute(
                "DELETE FROM declared_fact WHERE shard = $1 AND citizen_id = $2", shard_of(citizen_id), citizen_id
            )


async def _told(row: Row) -> dict[str, object]:
    return {
        "kind": row["kind"],
        "declared_at": row["declared_at"],
        "by_guardian": row["declared_by"] != row["citizen_id"],
        "value": msgspec.json.decode(await opened(row)),
    }
