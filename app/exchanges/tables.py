"""What proves exchanges with departments."""

from piccolo.columns import UUID, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table


class ExchangeEvidenceRow(Table, tablename="exchange_evidence"):
    """Certificates, OCSP answers and time-stamps over the signatures of one exchange, whose id it has."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    at = Timestamptz(default=None)
    evidence = Bytea(default=None, help_text="`proving.Proved`, JSON; it is about keys and times, and names nobody.")


class ExchangeFindingRow(Table, tablename="exchange_finding"):
    """A late answer that was refused. It stands word for word in the archive."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    request_id = UUID(default=None, help_text="The exchange in which was asked.")
    at = Timestamptz(default=None)
    flaw = Text(default=None, help_text="The refusal's code.")
    content = Bytea(default=None, help_text="A keyed hash of what was said, to keep it once.")
