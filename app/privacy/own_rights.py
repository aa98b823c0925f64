"""This room's own exporter and eraser."""

from uuid import UUID

from app.kernel.actors import System
from app.kernel.database import fetch_all, transaction
from app.kernel.ids import shard_of

TABLES = ("consent",)


class ConsentExporter:
    """Exports every consent that was given or taken back."""

    tables = TABLES

    async def export(self, citizen_id: UUID) -> dict[str, list[dict[str, object]]]:
        """Consents in the order of their making."""
        async with transaction(System("privacy")):
            rows = await fetch_all(
                "SELECT purpose, given, at FROM consent WHERE shard = $1 AND citizen_id = $2 ORDER BY id",
                *(shard_of(citizen_id), citizen_id),
            )
        return {"consent": [dict(row) for row in rows]}


class ConsentEraser:
    """Keeps consents: they prove that what was done was allowed (个人信息保护法 art. 69), and name nobody but by id."""

    tables = TABLES

    async def erase(self, citizen_id: UUID) -> int:  # noqa: ARG002 - the protocol's shape
        """Erase nothing."""
        return 0
