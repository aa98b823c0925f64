"""What the passing of time does to licences: who holds one is told that it ends soon, twice at the most. Jobs; harmless when repeated."""

from datetime import timedelta
from typing import Final

from app.kernel import clock
from app.kernel.database import fetch_all, transaction
from app.kernel.events import tell
from lifecycle.licences.events import LicenceExpiring
from lifecycle.licences.limits import limit_today
from lifecycle.licences.stepping import ISSUER

_AT_ONCE: Final = 500
_TELL: Final = """
UPDATE licence SET expiry_told = $4 WHERE (shard, id) IN (SELECT shard, id FROM licence WHERE state = 'valid'
    AND valid_to >= $1 AND valid_to <= $2 AND valid_to - (issued_at AT TIME ZONE 'Asia/Shanghai')::date > $3
    AND (expiry_told IS NULL OR expiry_told > $4) ORDER BY valid_to LIMIT $5 FOR UPDATE SKIP LOCKED)
RETURNING id, citizen_id
"""


async def look_ahead() -> None:
    """Tell of licences that end soon: so many days before, and once more shortly before.

    A licence that was issued for no longer than that is told of at its issue only.
    """
    for days in sorted((limit_today("remind_last_days"), limit_today("remind_first_days"))):
        while await _tell_of(days) == _AT_ONCE:
            pass


async def _tell_of(days: int) -> int:
    today = clock.today()
    async with transaction(ISSUER):
        rows = await fetch_all(_TELL, today, today + timedelta(days=days), days, days, _AT_ONCE)
        for row in rows:
            await tell(LicenceExpiring(citizen_id=row["citizen_id"], subject_id=row["id"]))
    return len(rows)
