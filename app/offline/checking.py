"""Proving that what was sold without a line and what the ledger says are the same."""

from datetime import timedelta
from typing import Final

from app.kernel import clock
from app.kernel.database import fetch_one, fetch_value, transaction
from app.kernel.settings import Settings
from app.offline.issuer import OFFLINE

_UNLIKE: Final = """
SELECT count(*) FROM (SELECT * FROM transfer WHERE principal LIKE 'terminal:% offline') t
FULL JOIN (SELECT * FROM offline_sale WHERE state = 'posted') s ON s.shard = t.shard AND s.transfer_id = t.id
  AND s.amount_fen = t.amount_fen AND s.citizen_id = t.citizen_id AND s.merchant_code = t.merchant_code
  AND t.principal = s.principal || ' offline' AND t.sequence = s.counter AND t.code_id = s.code_id
WHERE t.id IS NULL OR s.id IS NULL
"""
_COUNTERS: Final = """
SELECT count(*) FROM offline_sale s LEFT JOIN offline_counter c ON c.principal = s.principal AND c.counter = s.counter
  AND c.batch_number = s.batch_number AND c.digest = s.digest AND c.state = s.state AND c.transfer_id IS NOT DISTINCT FROM s.transfer_id
WHERE c.principal IS NULL
"""
_LEFT: Final = "SELECT count(*) FROM offline_batch WHERE state = 'received' AND received_at < $1"
_LATE: Final = timedelta(minutes=10)
_TOLD: Final = """
SELECT count(*) FILTER (WHERE state = 'posted') AS posted, count(*) FILTER (WHERE state = 'owed') AS owed,
  coalesce(sum(amount_fen) FILTER (WHERE state = 'owed'), 0)::int8 AS owed_fen FROM offline_sale
"""


class OfflineWrong(Exception):  # noqa: N818 - a finding, named as a fact
    """Sales and ledger differ, or a batch was left unjudged; the message says how many."""


async def offline_finding(_settings: Settings) -> str:
    """Say for `fuhai check` that every posted sale is one transfer and the other way round; raises `OfflineWrong` otherwise."""
    async with transaction(OFFLINE):
        counts = {
            "sales unlike their transfers": await fetch_value(_UNLIKE),
            "sales unlike their counters": await fetch_value(_COUNTERS),
            "batches left unjudged": await fetch_value(_LEFT, clock.now() - _LATE),
        }
        told = await fetch_one(_TOLD)
    wrong = [f"{name}: {count}" for name, count in counts.items() if count]
    if wrong or told is None:
        raise OfflineWrong(", ".join(wrong))
    return f"{told['posted']} sales made without a line stand in the ledger; {told['owed']} are owed ({told['owed_fen']} fen)"
