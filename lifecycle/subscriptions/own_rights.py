"""What this room exports of a person, and what it erases."""

from typing import Final
from uuid import UUID

from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import execute, fetch_all, transaction
from app.kernel.ids import shard_of

TABLES: Final = ("subscription",)
_KEEPER: Final = System("subscriptions")
_TOLD: Final = "reader_id, matter, matter_version, terms, advertising, sensitive, topics, agreed_at, level, client_id, changed_at, ended_at, ended_by"


class SubscriptionExporter:
    """Exports what a person has on, and had."""

    tables = TABLES

    async def export(self, citizen_id: UUID) -> dict[str, list[dict[str, object]]]:
        """Every choice about the person, in the order of their making."""
        async with transaction(_KEEPER):
            rows = await fetch_all(
                f"SELECT {_TOLD} FROM subscription WHERE shard = $1 AND citizen_id = $2 ORDER BY id",
                shard_of(citizen_id),
                citizen_id,
            )
        return {"subscription": [dict(row) for row in rows]}


class SubscriptionEraser:
    """Ends a person's choices and forgets what was chosen of them; that they were made stays as proof (个人信息保护法 art. 69)."""

    tables = TABLES

    async def erase(self, citizen_id: UUID) -> int:
        """End what is on, and say how many those were; harmless when repeated."""
        async with transaction(_KEEPER):
            return await execute(
                "UPDATE subscription SET ended_at = $3, changed_at = $3, ended_by = 'erased', topics = '{}', reminded = '{}' "
                "WHERE shard = $1 AND citizen_id = $2 AND ended_at IS NULL",
                *(shard_of(citizen_id), citizen_id, clock.now()),
            )
