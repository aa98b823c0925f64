"""What the disk exports of a person, and how it is emptied."""

from typing import Final
from uuid import UUID

from app.kernel.actors import System
from app.kernel.database import execute, fetch_all, transaction
from app.kernel.ids import shard_of
from app.privacy.rights import StoredFile
from cloud_disk.uploads import order_late_deletion, prefix_of
from integrations.object_store.port import ObjectStore

TABLES: Final = ("disk_node",)
_RIGHTS: Final = System("rights")
_PLAIN: Final = "id, parent_id, kind, name, state, content_type, size_bytes, sha256, created_at, changed_at, trashed_at"


class DiskExporter:
    """Exports names, places and checksums; the bytes are the citizen's to download."""

    tables = TABLES

    async def export(self, citizen_id: UUID) -> dict[str, list[dict[str, object]]]:
        """Every folder and file of the person."""
        async with transaction(_RIGHTS):
            rows = await fetch_all(
                f"SELECT {_PLAIN} FROM disk_node WHERE shard = $1 AND citizen_id = $2 ORDER BY id",
                *(shard_of(citizen_id), citizen_id),
            )
        return {"disk_node": [dict(row) for row in rows]}


class DiskFiles:
    """Tells which files of a person have their bytes in the store, whether in the trash or not."""

    async def files(self, citizen_id: UUID) -> list[StoredFile]:
        """Every file that was checked and found as announced."""
        async with transaction(_RIGHTS):
            rows = await fetch_all(
                "SELECT object_key, name, size_bytes, sha256 FROM disk_node "
                "WHERE shard = $1 AND citizen_id = $2 AND kind = 'file' AND state = 'ready' ORDER BY id",
                *(shard_of(citizen_id), citizen_id),
            )
        return [StoredFile(row["object_key"], row["name"], row["size_bytes"], row["sha256"]) for row in rows]


class DiskEraser:
    """Deletes a person's objects from the store, then their rows."""

    tables = TABLES

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def erase(self, citizen_id: UUID) -> int:
        """Delete everything; a store that is away is tried again with the whole.

        What is posted by a form that was given before and still lasts is deleted when none does any more.
        """
        await self._store.delete_below(prefix_of(citizen_id))
        async with transaction(_RIGHTS):
            await order_late_deletion(prefix_of(citizen_id))
            return await execute(
                "DELETE FROM disk_node WHERE shard = $1 AND citizen_id = $2", shard_of(citizen_id), citizen_id
            )
