"""A file of somebody's disk, for a room that takes a copy of it."""

from collections.abc import Collection
from uuid import UUID

import msgspec

from app.kernel.actors import Citizen
from app.kernel.database import fetch_one, transaction
from app.kernel.ids import shard_of
from cloud_disk.errors import FileNotReady, NodeNotFound
from cloud_disk.nodes import lies_in_trash


class Original(msgspec.Struct, frozen=True):
    """A file that was checked: its name, and where its bytes lie. What they are is for the taker to see for themselves."""

    name: str
    key: str
    size_bytes: int


async def original(reader: Citizen, node_id: UUID, owners: Collection[UUID]) -> Original:
    """A file in the disk of one of some owners whose rows the reader may see.

    Refuses `NodeNotFound` (another's, a folder, in the trash, or in a folder that is) and `FileNotReady`.
    """
    async with transaction(reader):
        row = await fetch_one(
            "SELECT * FROM disk_node WHERE shard = $1 AND id = $2 AND citizen_id = ANY ($3::uuid[]) AND kind = 'file' "
            "AND trashed_at IS NULL",
            *(shard_of(node_id), node_id, list(owners)),
        )
        if row is None or await lies_in_trash(row["parent_id"]):
            raise NodeNotFound
        if row["state"] != "ready":
            raise FileNotReady(state=row["state"])
        return Original(row["name"], row["object_key"], row["size_bytes"])
