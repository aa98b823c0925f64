"""The table of consents."""

from piccolo.columns import UUID, Boolean, Integer, Text, Timestamptz
from piccolo.table import Table


class ConsentRow(Table, tablename="consent"):
    """A consent given or taken back. Rows are never changed: the newest of a purpose holds, the others are evidence."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    purpose = Text(default=None)
    version = Integer(default=None, help_text="Counts the changes of this citizen's consents.")
    given = Boolean(default=None)
    at = Timestamptz(default=None)
