"""This room's own exporters and erasers."""

from uuid import UUID

from app.kernel.actors import System
from app.kernel.database import execute, fetch_all, transaction
from app.kernel.ids import shard_of
from integrations.object_store.port import ObjectStore

TABLES = ("consent",)


class ConsentExporter:
    """Exports every consent that was given or taken back."""

    tables = TABLES

    async def export(self, citizen_id: UUID) -> dict[str, list[dict[str, object]]]:
        """Consents in the order of their making."""
        async with transaction(System("privacy")):
            rows = await fetch_all(
                "SELECT purpose, given, at, ends_at, decided_by FROM consent WHERE shard = $1 AND citizen_id = $2 ORDER BY id",
                *(shard_of(citizen_id), citizen_id),
            )
        return {"consent": [dict(row) for row in rows]}


class ConsentEraser:
    """Keeps consents: they prove that what was done was allowed (个人信息保护法 art. 69), and name nobody but by id."""

    tables = TABLES

    async def erase(self, citizen_id: UUID) -> int:  # noqa: ARG002 - the protocol's shape
        """Erase nothing."""
        return 0


class ExportRights:
    """Exports and erases the orders of archives; what an archive holds isn't put into the next one."""

    tables = ("data_export",)

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def export(self, citizen_id: UUID) -> dict[str, list[dict[str, object]]]:
        """Every order."""
        async with transaction(System("privacy")):
            rows = await fetch_all(
                "SELECT id, ordered_at, state, size_bytes, sha256, expires_at FROM data_export "
                "WHERE shard = $1 AND citizen_id = $2 ORDER BY id",
                *(shard_of(citizen_id), citizen_id),
            )
        return {"data_export": [dict(row) for row in rows]}

    async def erase(self, citizen_id: UUID) -> int:
        """Delete every archive from the store, then the orders; a store that is away is tried again with the whole."""
        async with transaction(System("privacy")):
            rows = await fetch_all(
                "SELECT object_key FROM data_export WHERE shard = $1 AND citizen_id = $2",
                shard_of(citizen_id),
                citizen_id,
            )
        for row in rows:
            await self._store.delete(row["object_key"])
        async with transaction(System("privacy")):
            return await execute(
                "DELETE FROM data_export WHERE shard = $1 AND citizen_id = $2", shard_of(citizen_id), citizen_id
            )


class ErasureRights:
    """Keeps the orders of erasure, which prove that it was done, and name nobody but by id."""

    tables = ("erasure_order",)

    async def export(self, citizen_id: UUID) -> dict[str, list[dict[str, object]]]:
        """Every order."""
        async with transaction(System("privacy")):
            rows = await fetch_all(
                "SELECT id, ordered_at, due_at, state, ended_at FROM erasure_order WHERE shard = $1 AND citizen_id = $2 ORDER BY id",
                *(shard_of(citizen_id), citizen_id),
            )
        return {"erasure_order": [dict(row) for row in rows]}

    async def erase(self, citizen_id: UUID) -> int:  # noqa: ARG002 - the protocol's shape
        """Erase nothing."""
        return 0
