"""The sealed log's table."""

from piccolo.columns import UUID, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table


class ActRow(Table, tablename="act"):
    """One act. Rows are never changed or deleted; `salt` lets a later erasure hide what a sealed leaf says."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    at = Timestamptz(default=None)
    act = Text(default=None)
    actor = Text(default=None)
    actor_kind = Text(default=None)
    citizen_id = UUID(default=None)
    subject_id = UUID(default=None, null=True)
    basis_kind = Text(default=None, null=True)
    basis_id = Text(default=None, null=True)
    salt = Bytea(default=None)
