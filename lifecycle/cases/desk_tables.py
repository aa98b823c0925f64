"""What officers add to cases, and what the desk counts."""

from piccolo.columns import UUID, Boolean, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class CaseNote(Table, tablename="case_note"):
    """What an officer noted on a case for colleagues. Rows are never changed; `text` is sealed."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    case_id = UUID(default=None)
    at = Timestamptz(default=None)
    officer_id = UUID(default=None)
    text = Bytea(default=None)


class CaseOpinion(Table, tablename="case_opinion"):
    """What another department was asked about a case (征求意见), with what was passed on, and its answer.

    `content` (the question and the fields passed on) and `answer` are sealed; matter and division are those of the asking.
    """

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    case_id = UUID(default=None)
    department = Text(default=None, help_text="Who is asked.")
    matter_code = Text(default=None)
    division = Text(default=None)
    asked_by = Text(default=None)
    asked_at = Timestamptz(default=None)
    due_on = Date(default=None, null=True, help_text="Nothing while holidays of that year aren't known.")
    content = Bytea(default=None)
    state = Text(default=None, help_text="open, agreed, disagreed, withdrawn or lapsed.")
    answer = Bytea(default=None, null=True)
    closed_by = Text(default=None, null=True)
    closed_at = Timestamptz(default=None, null=True)
    reminded_on = Date(default=None, null=True)


class OpinionEntry(Table, tablename="opinion_entry"):
    """An opinion that is awaited, as the asked department lists it: fed by events, without personal data."""

    opinion_id = UUID(primary_key=True, default=None)
    department = Text(default=None)
    asked_by = Text(default=None, help_text="The department that asks.")
    matter_code = Text(default=None)
    division = Text(default=None)
    number = Text(default=None)
    asked_at = Timestamptz(default=None)
    due_on = Date(default=None, null=True)


class DecidedEntry(Table, tablename="decided_entry"):
    """A decision as the desk counts it: how long it took and whether it came in time; nobody's name, and no officer's."""

    case_id = UUID(primary_key=True, default=None)
    department = Text(default=None)
    matter_code = Text(default=None)
    division = Text(default=None)
    decided_on = Date(default=None)
    outcome = Text(default=None, help_text="approved, rejected or declined.")
    working_days = Integer(
        default=None, null=True, help_text="From submission; nothing where a year's holidays aren't known."
    )
    in_time = Boolean(default=None, null=True, help_text="Nothing where no limit holds.")
