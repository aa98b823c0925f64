"""Of an investigation the person is told after its period; until then their log withholds what was done for it."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.audit.basis import BasisKind
from app.identity.break_glass import TOLD_LATER
from app.identity.officer_limits import limit_today
from app.kernel import clock
from app.kernel.database import fetch_all

_UNTOLD: Final = """
SELECT id, tell_at, see_by FROM break_glass WHERE citizen_id = ANY ($1::uuid[]) AND reason = $2 AND told_at IS NULL
"""


class InvestigationsUntold:
    """Break-glass requests for an investigation of which the person wasn't told.

    One that was never opened (refused, or lapsed) is told of by nobody; it is withheld as long as if it had been opened at last.
    """

    kind: BasisKind = "break_glass"

    async def untold(self, people: Collection[UUID]) -> Mapping[str, datetime]:
        """Their requests, with when they are told."""
        period, now = timedelta(days=limit_today("break_glass_told_days")), clock.now()
        rows = await fetch_all(_UNTOLD, list(people), TOLD_LATER)
        ends = {str(row["id"]): row["tell_at"] or row["see_by"] + period for row in rows}
        opened = {str(row["id"]) for row in rows if row["tell_at"] is not None}
        return {request_id: end for request_id, end in ends.items() if request_id in opened or end > now}
