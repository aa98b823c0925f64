"""Tables of the exchange."""

from piccolo.columns import UUID, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table


class UnprovedExchange(Table, tablename="unproved_exchange"):
    """An exchange whose signatures are still to be proved; it has the exchange's id."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)


class AwaitedAnswer(Table, tablename="awaited_answer"):
    """An answer that a department promised for later; it has the id of the exchange in which it did."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None, help_text="Whom the exchange is about.")
    department = Text(default=None)
    service = Text(default=None)
    question = Bytea(default=None, help_text="A keyed hash of what was asked and what for, to know a repeat by.")
    ticket = Text(default=None)
    asked_at = Timestamptz(default=None)
    expected_by = Timestamptz(default=None)
    closes_at = Timestamptz(default=None, help_text="Until when an answer is taken.")
    asked_times = Integer(default=None)
    ask_again_at = Timestamptz(default=None, null=True, help_text="Null once nobody waits for it any more.")
    answer_id = UUID(default=None, null=True, help_text="The exchange in which it came.")
    answered_at = Timestamptz(default=None, null=True)
    used_at = Timestamptz(default=None, null=True, help_text="From when on the question is asked anew.")


class ExchangeMessage(Table, tablename="exchange_message"):
    """A request and its answer, with both signatures. Rows are never changed or deleted."""

    id = UUID(primary_key=True, default=None, help_text="The exchange's id, which stands in both messages.")
    shard = Integer(default=None)
    citizen_id = UUID(default=None, help_text="Whom the exchange is about.")
    at = Timestamptz(default=None)
    direction = Text(default=None)
    department = Text(default=None)
    service = Text(default=None)
    purpose = Text(default=None)
    basis_kind = Text(default=None)
    basis_id = Text(default=None)
    end_user_kind = Text(default=None)
    end_user_id = Text(default=None)
    outcome = Text(default=None)
    attempts = Integer(default=None)
    payload = Bytea(default=None, help_text="Both messages, sealed under the person's key.")
