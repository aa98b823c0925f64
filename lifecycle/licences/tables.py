"""Licences and their documents."""

from piccolo.columns import UUID, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class LicenceRow(Table, tablename="licence"):
    """One licence, kept with its holder. What stands on it is sealed under the holder's key."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None, help_text="The holder.")
    type_code = Text(default=None)
    number = Text(default=None, help_text="Names its shard, so that a check asks one node.")
    check_code = Bytea(default=None, help_text="Sealed; who shows the licence shows it too.")
    department = Text(default=None)
    case_id = UUID(default=None)
    issued_at = Timestamptz(default=None)
    valid_to = Date(default=None, null=True)
    state = Text(default=None)
    lines = Bytea(default=None)


class LicenceDocumentRow(Table, tablename="licence_document"):
    """A licence as a sealed PDF; the bytes are encrypted under the holder's key."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    licence_id = UUID(default=None)
    made_at = Timestamptz(default=None)
    sha256 = Text(default=None)
    pdf = Bytea(default=None)
