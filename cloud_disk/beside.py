"""What the lifelong record, which lies below, may know of files that a citizen puts beside its entries."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from app.kernel.actors import Citizen
from app.kernel.database import fetch_all
from app.kernel.ids import shard_of
from app.records.files import KnownFile
from cloud_disk.nodes import lies_in_trash

_FILES: Final = """
SELECT id, parent_id, name, content_type, size_bytes FROM disk_node
WHERE shard = $1 AND citizen_id = $2 AND id = ANY ($3::uuid[]) AND kind = 'file' AND state = 'ready' AND trashed_at IS NULL
"""


class DiskFilesBeside:
    """Knows the whole files of a citizen's own disk that lie in no trash."""

    async def known(self, citizen: Citizen, node_ids: Collection[UUID]) -> dict[UUID, KnownFile]:
        """Name, type and size of those that the citizen may see, in the transaction in progress."""
        rows = await fetch_all(_FILES, shard_of(citizen.id), citizen.id, list(node_ids))
        return {
            row["id"]: KnownFile(row["name"], row["content_type"], row["size_bytes"])
            for row in rows
            if not await lies_in_trash(row["parent_id"])
        }
