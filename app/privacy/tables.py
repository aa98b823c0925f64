"""Tables of consents and of what citizens asked for about their data."""

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Date, Integer, Text, Timestamptz
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
    ends_at = Timestamptz(default=None, null=True)
    decided_by = UUID(
        default=None, null=True, help_text="Whoever chose: the person, or a guardian of a child below 14."
    )


class DataExportRow(Table, tablename="data_export"):
    """An archive of everything about a person: ordered, made by the worker, fetched, and deleted after some days."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    ordered_at = Timestamptz(default=None)
    state = Text(default=None)
    attempts = Integer(default=None)
    done = Integer(default=None, help_text="Rooms that were asked, of `total`.")
    total = Integer(default=None)
    object_key = Text(default=None, help_text="Where the archive lies in the store; random.")
    size_bytes = BigInt(default=None, null=True)
    sha256 = Text(default=None, null=True)
    ready_at = Timestamptz(default=None, null=True)
    expires_at = Timestamptz(default=None, null=True)


class ErasureOrderRow(Table, tablename="erasure_order"):
    """An order to erase a person, and the certificate that it was done. It names the person by id only, and is kept as proof."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    ordered_at = Timestamptz(default=None)
    due_at = Timestamptz(default=None)
    state = Text(default=None)
    code_hash = Bytea(default=None, help_text="By which the certificate is found; the code itself is the citizen's.")
    ended_at = Timestamptz(default=None, null=True)
    certificate = Bytea(default=None, null=True, help_text="The bytes that are signed: JSON.")
    signature = Bytea(default=None, null=True)
    chain = Text(default=None, null=True)


class CorrectionRequestRow(Table, tablename="correction_request"):
    """A request to the source of a field to correct it; its texts are sealed under the person's key."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    asked_at = Timestamptz(default=None)
    department = Text(default=None)
    about_table = Text(default=None)
    about_column = Text(default=None)
    about_id = UUID(default=None, null=True, help_text="The row that it is about, where it names one.")
    about_fact = Text(default="", help_text="The kind of fact, where a department's answer holds several.")
    content = Bytea(default=None)
    state = Text(default=None)
    due_on = Date(default=None)
    decided_at = Timestamptz(default=None, null=True)
    officer_id = UUID(default=None, null=True)
    answer = Bytea(default=None, null=True)
