"""The sealed log's tables."""

from piccolo.columns import UUID, Array, BigInt, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class ActRow(Table, tablename="act"):
    """One act, as its transaction wrote it. Rows are never changed or deleted."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    at = Timestamptz(default=None)
    act = Text(default=None)
    actor = Text(default=None)
    actor_kind = Text(default=None)
    actor_department = Text(default=None, null=True)
    on_behalf_of = UUID(default=None, null=True)
    citizen_id = UUID(default=None)
    subject_id = UUID(default=None, null=True)
    basis_kind = Text(default=None, null=True)
    basis_id = Text(default=None, null=True)


class UnnumberedActs(Table, tablename="unnumbered_acts"):
    """Acts that were sealed together and wait for their numbers (`id` is one of theirs; a reference table).

    The row goes when they get them, however late its transaction committed.
    """

    id = UUID(primary_key=True, default=None)
    shards = Array(base_column=Integer(), default=None)
    acts = Array(base_column=UUID(), default=None)


class LogEntry(Table, tablename="log_entry"):
    """An act's number in the log, its number among its person's, and the leaf of that person's entry before."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    number = BigInt(default=None)
    citizen_id = UUID(default=None)
    person_number = BigInt(default=None)
    person_previous = Bytea(default=None)


class LogHead(Table, tablename="log_head"):
    """A person's newest entry (`id` is the person), now and as committed on the last day."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    bucket = Integer(default=None)
    entries = BigInt(default=None)
    head = Bytea(default=None)
    committed_entries = BigInt(default=None)
    committed_head = Bytea(default=None)


class LogState(Table, tablename="log_state"):
    """The tree's size and right edge; its one row is locked by whoever appends."""

    id = Integer(primary_key=True, default=None)
    size = BigInt(default=None)
    edges = Array(base_column=Bytea(), default=None)
    heads_day = Date(default=None, null=True)


class LogTile(Table, tablename="log_tile"):
    """256 hashes of the tree, side by side."""

    level = Integer(default=None)
    position = BigInt(primary_key=True, default=None)
    hashes = Bytea(default=None)


class LogHeads(Table, tablename="log_heads"):
    """A day's root of the map of heads, and its number in the log."""

    day = Date(primary_key=True, default=None)
    number = BigInt(default=None)
    root = Bytea(default=None)
    persons = BigInt(default=None)


class LogMapNode(Table, tablename="log_map_node"):
    """A node of the newest map of heads that isn't empty."""

    level = Integer(default=None)
    position = Integer(primary_key=True, default=None)
    hash = Bytea(default=None)


class LogCheckpoint(Table, tablename="log_checkpoint"):
    """What was published: a signed note of the tree's size and root, and its time-stamp (RFC 3161, DER)."""

    number = BigInt(primary_key=True, default=None)
    at = Timestamptz(default=None)
    size = BigInt(default=None)
    root = Bytea(default=None)
    note = Text(default=None)
    timestamp = Bytea(default=None)


class AccessQuestionRow(Table, tablename="access_question"):
    """A citizen's question why somebody looked at their data or a ward's (`citizen_id`), and its answer; both sealed."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    asker_id = UUID(default=None)
    act_id = UUID(default=None)
    officer_id = UUID(default=None, null=True)
    department = Text(default=None)
    asked_at = Timestamptz(default=None)
    due_on = Date(default=None)
    question = Bytea(default=None, null=True)
    escalated_at = Timestamptz(default=None, null=True)
    answered_at = Timestamptz(default=None, null=True)
    answered_by = UUID(default=None, null=True)
    answer = Bytea(default=None, null=True)
