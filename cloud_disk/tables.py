"""The disk's table."""

from piccolo.columns import UUID, BigInt, Integer, Text, Timestamptz
from piccolo.table import Table


class NodeRow(Table, tablename="disk_node"):
    """A folder or a file. The root of each disk is no row: `parent_id` is null there.

    `state`: `uploading` (its bytes are awaited), `checking` (being read once), `ready`, `refused` (not what was announced).
    """

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    parent_id = UUID(default=None, null=True)
    kind = Text(default=None)
    name = Text(default=None)
    compared_name = Text(default=None)
    version = Integer(default=None)
    created_at = Timestamptz(default=None)
    changed_at = Timestamptz(default=None)
    trashed_at = Timestamptz(default=None, null=True)
    state = Text(default=None)
    object_key = Text(default=None, null=True)
    content_type = Text(default=None, null=True)
    size_bytes = BigInt(default=None, null=True)
    sha256 = Text(default=None, null=True)
    source_ref = Text(default=None, null=True)
