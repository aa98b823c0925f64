"""The record's table."""

from piccolo.columns import UUID, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table


class RecordRow(Table, tablename="record"):
    """One thing that happened. The phrase is stored as a code; its facts are sealed under the person's key."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    filed_at = Timestamptz(default=None)
    citizen_id = UUID(default=None)
    happened_at = Timestamptz(default=None)
    kind = Text(default=None)
    phrase = Text(default=None)
    facts = Bytea(default=None)
    source = Text(default=None)
    source_ref = Text(default=None)
    about_id = UUID(default=None, null=True)
