"""What people declared."""

from piccolo.columns import UUID, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table


class DeclaredFactRow(Table, tablename="declared_fact"):
    """A fact that somebody declared of themselves or a ward; the value is sealed under the person's key."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    kind = Text(default=None)
    declared_by = UUID(default=None, help_text="Who declared it: the person, or a guardian.")
    declared_at = Timestamptz(default=None)
    value = Bytea(default=None)
