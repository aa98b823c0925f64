"""The tables of the lifelong record: what was filed and never changes, and what its person sees of it."""

from piccolo.columns import UUID, Array, BigInt, Boolean, Bytea, Date, Integer, Text, Timestamptz
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
    corrects_id = UUID(default=None, null=True, help_text="The record that this one corrects.")


class LineRow(Table, tablename="timeline_line"):
    """A record or memory as the timeline lists it, under the same id; what its person does with it is kept here."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    happened_at = Timestamptz(default=None)
    kind = Text(default=None)
    source = Text(default=None)
    hidden = Boolean(default=None)
    extras = Boolean(default=None, help_text="Whether attachments or corrections may lie beside it.")
    tokens = Array(base_column=BigInt(), default=None, null=True, help_text="Keyed hashes of its words; null: not yet.")


class MonthRow(Table, tablename="timeline_month"):
    """How many lines of a kind a person's month holds, kept so that nothing is counted."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    month = Date(default=None, help_text="Its first day, in Shanghai.")
    kind = Text(default=None)
    shown = BigInt(default=None)
    hidden = BigInt(default=None)


class MemoryRow(Table, tablename="memory"):
    """What a person wrote into their own timeline; theirs to change and to delete."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    made_at = Timestamptz(default=None)
    changed_at = Timestamptz(default=None)
    day = Date(default=None)
    content = Bytea(default=None, help_text="Title and text, sealed.")


class AttachmentRow(Table, tablename="record_attachment"):
    """A file of somebody's cloud disk that was put beside a line."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None, help_text="Whose line it is.")
    entry_id = UUID(default=None)
    node_id = UUID(default=None)
    at = Timestamptz(default=None)
