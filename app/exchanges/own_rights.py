"""What this room exports of a person, and what it may erase."""

from typing import Final
from uuid import UUID

from app.exchanges.late_answers import TAKER
from app.kernel.database import execute, fetch_all, transaction
from app.kernel.ids import shard_of

TABLES: Final = ("awaited_answer",)
_COLUMNS: Final = "id, department, service, asked_at, expected_by, closes_at, asked_times, answer_id, answered_at"


class AwaitedExporter:
    """Exports which answers departments promised about a person."""

    tables = TABLES

    async def export(self, citizen_id: UUID) -> dict[str, list[dict[str, object]]]:
        """Every ticket; what was asked and said stands in the exchanges."""
        async with transaction(TAKER):
            rows = await fetch_all(
                f"SELECT {_COLUMNS} FROM awaited_answer WHERE shard = $1 AND citizen_id = $2 ORDER BY id",
                *(shard_of(citizen_id), citizen_id),
            )
        return {"awaited_answer": [dict(row) for row in rows]}


class AwaitedEraser:
    """Erases every ticket: an answer that still comes is refused as not awaited."""

    tables = TABLES

    async def erase(self, citizen_id: UUID) -> int:
        """Delete the person's tickets, and say how many those were."""
        async with transaction(TAKER):
            return await execute(
                "DELETE FROM awaited_answer WHERE shard = $1 AND citizen_id = $2", shard_of(citizen_id), citizen_id
            )
