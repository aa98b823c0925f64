"""The table of freezes."""

from piccolo.columns import UUID, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table


class IdentityFreezeRow(Table, tablename="identity_freeze"):
    """An identity was frozen (冻结) or unfrozen, and by whom; rows are never changed. The reason is sealed under the person's key."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    at = Timestamptz(default=None)
    step = Text(default=None, help_text="frozen or unfrozen.")
    actor = Text(default=None, help_text="Who did it, as acts name them.")
    session_id = UUID(default=None, null=True, help_text="The citizen's session that did it.")
    reason = Bytea(default=None, null=True)
