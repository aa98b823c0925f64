"""Tables of officers' looks at people."""

from piccolo.columns import UUID, Array, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class PersonLookRow(Table, tablename="person_look"):
    """One look at a person; what it was for is sealed under the person's key. Rows are never changed; the act names this row."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    at = Timestamptz(default=None)
    officer_id = UUID(default=None)
    purpose = Bytea(default=None)
    data_classes = Array(base_column=Text(), default=None)


class OfficerDay(Table, tablename="officer_day"):
    """How many people an officer tried to look at on a day."""

    officer_id = UUID(primary_key=True, default=None)
    day = Date(default=None)
    looks = Integer(default=None)


class BreakGlassRow(Table, tablename="break_glass"):
    """A request to look without a case. `citizen_id` is empty where the number was nobody's; `text` is sealed, and blank once erased."""

    id = UUID(primary_key=True, default=None)
    officer_id = UUID(default=None)
    department = Text(default=None)
    citizen_id = UUID(default=None, null=True)
    reason = Text(default=None)
    text = Bytea(default=None, null=True)
    data_classes = Array(base_column=Text(), default=None)
    state = Text(default=None, help_text="pending, open (at once, not seen yet), approved or refused.")
    asked_at = Timestamptz(default=None)
    opened_at = Timestamptz(default=None, null=True)
    open_until = Timestamptz(default=None, null=True)
    see_by = Timestamptz(default=None, help_text="By when a second officer must have seen it.")
    decided_by = UUID(default=None, null=True)
    decided_at = Timestamptz(default=None, null=True)
    escalated_at = Timestamptz(default=None, null=True)
    tell_at = Timestamptz(default=None, null=True)
    told_at = Timestamptz(default=None, null=True)
