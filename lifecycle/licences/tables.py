"""Licences and their documents."""

from piccolo.columns import UUID, Bytea, Date, Integer, SmallInt, Text, Timestamptz
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
    matter_code = Text(default=None, help_text="Whose decision it is; grants of officers name it.")
    division = Text(default=None, help_text="Where it was decided; empty if that isn't known.")
    expiry_told = SmallInt(
        default=None, null=True, help_text="Of how many days before its end the holder was told last."
    )
    replaced_by = UUID(default=None, null=True)


class LicenceDocumentRow(Table, tablename="licence_document"):
    """A licence as a sealed PDF; the bytes are encrypted under the holder's key."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    licence_id = UUID(default=None)
    made_at = Timestamptz(default=None)
    sha256 = Text(default=None)
    pdf = Bytea(default=None)


class LicenceEventRow(Table, tablename="licence_event"):
    """A step taken with a licence after its issue; rows are never changed."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    licence_id = UUID(default=None)
    department = Text(default=None)
    at = Timestamptz(default=None)
    step = Text(default=None)
    state = Text(default=None, help_text="The state that it led to.")
    ground = Text(default=None)
    reason = Bytea(default=None, null=True, help_text="Sealed.")
    actor = Text(default=None, help_text="A principal.")


class LicencePresentationRow(Table, tablename="licence_presentation"):
    """Some lines of a licence, shown to somebody for some minutes."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    licence_id = UUID(default=None)
    presented_by = UUID(default=None, help_text="The holder or a guardian.")
    code_index = Bytea(default=None, help_text="A keyed hash of the code under the QR code.")
    content = Bytea(default=None, help_text="Sealed: which lines, to whom, for what.")
    made_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    ended_at = Timestamptz(default=None, null=True)
    checked = Integer(default=None)
    checked_at = Timestamptz(default=None, null=True)
