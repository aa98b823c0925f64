"""What proves exchanges with departments."""

from piccolo.columns import UUID, Bytea, Integer, Timestamptz
from piccolo.table import Table


class ExchangeEvidenceRow(Table, tablename="exchange_evidence"):
    """Certificates, OCSP answers and time-stamps over the signatures of one exchange, whose id it has."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    at = Timestamptz(default=None)
    evidence = Bytea(default=None, help_text="`proving.Proved`, JSON; it is about keys and times, and names nobody.")
