"""What this room exports of a person, and what it erases."""

from typing import Final
from uuid import UUID

import msgspec

from app.kernel.database import Row, execute, fetch_all, transaction
from app.kernel.ids import shard_of
from app.keys.persons import open_for_person
from lifecycle.benefits.offering import KEEPER, TABLE

TABLES: Final = (TABLE,)
_PLAIN: Final = ("id", "benefit", "period", "state", "offered_at", "changed_at", "until", "case_id")


class BenefitExporter:
    """Exports what was offered to a person without an application, and what became of it."""

    tables = TABLES

    async def export(self, citizen_id: UUID) -> dict[str, list[dict[str, object]]]:
        """Every offer, opened."""
        async with transaction(KEEPER):
            rows = await fetch_all(
                "SELECT * FROM benefit_offer WHERE shard = $1 AND citizen_id = $2 ORDER BY id",
                *(shard_of(citizen_id), citizen_id),
            )
            return {TABLE: [await _told(row) for row in rows]}


class BenefitEraser:
    """Erases what was offered to a person."""

    tables = TABLES

    async def erase(self, citizen_id: UUID) -> int:
        """Delete it, and say how many offers those were; harmless when repeated."""
        async with transaction(KEEPER):
            return await execute(
                "DELETE FROM benefit_offer WHERE shard = $1 AND citizen_id = $2", shard_of(citizen_id), citizen_id
            )


async def _told(row: Row) -> dict[str, object]:
    plain = await open_for_person(row["citizen_id"], TABLE, "content", row["id"], row["content"])
    return {name: row[name] for name in _PLAIN} | {"content": msgspec.json.decode(plain)}
