"""What departments said last."""

from piccolo.columns import UUID, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table


class RememberedAnswerRow(Table, tablename="remembered_answer"):
    """The last answer of a department about one fact of one person, sealed under their key."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    fact = Text(default=None)
    department = Text(default=None)
    as_of = Timestamptz(default=None, help_text="When it held, as the department says.")
    asked_at = Timestamptz(default=None)
    answer = Bytea(default=None)
    changed_at = Timestamptz(default=None, null=True, help_text="Since when the department says otherwise, as it told.")


class EverybodysAnswerRow(Table, tablename="everybodys_answer"):
    """The last answer of a department to a question that is about nobody."""

    fact = Text(primary_key=True, default=None)
    question = Bytea(default=None, help_text="SHA-256 of what was asked.")
    department = Text(default=None)
    as_of = Timestamptz(default=None, help_text="When it held, as the department says.")
    asked_at = Timestamptz(default=None)
    answer = Bytea(default=None)
