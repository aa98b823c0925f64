"""Tables of the exchange."""

from piccolo.columns import UUID, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table


class UnprovedExchange(Table, tablename="unproved_exchange"):
    """An exchange whose signatures are still to be proved; it has the exchange's id."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)


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
