"""Finding discrepancies: each has a kind of its own and an identity, so that what is found again stays one."""

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.database import execute, fetch_value
from app.kernel.ids import new_plain_id
from app.settlement.holds import release

DEPARTMENT: Final = "CARD"
"""Who deals with discrepancies: the card's operator."""
_FIND: Final = """
INSERT INTO discrepancy (id, identity, kind, day, merchant_code, principal, amount_fen, evidence, department, state, found_at, last_found_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', $10, $10)
ON CONFLICT (identity) DO UPDATE SET last_found_at = excluded.last_found_at RETURNING id
"""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A difference: `about` is what makes it the same when it is found again, `evidence` what each side says and the ids of rows."""

    kind: str
    about: str
    day: date
    merchant_code: str | None = None
    principal: str | None = None
    amount_fen: int | None = None
    evidence: Mapping[str, object]

    @property
    def identity(self) -> str:
        """Its kind, and what it is about."""
        return f"{self.kind} {self.about}"


async def find(found: Found) -> UUID:
    """Name a discrepancy, in the system transaction in progress; gives its id, the first one's where it was found before."""
    discrepancy_id: UUID = await fetch_value(
        _FIND,
        *(new_plain_id(), found.identity, found.kind, found.day, found.merchant_code, found.principal),
        *(found.amount_fen, msgspec.json.encode(found.evidence).decode(), DEPARTMENT, clock.now()),
    )
    return discrepancy_id


_END: Final = "UPDATE discrepancy SET state = 'ended' WHERE id = $1 AND state IN ('open', 'claimed', 'proposed')"
_NOTE_END: Final = "INSERT INTO discrepancy_step (id, discrepancy_id, at, step, note) VALUES ($1, $2, $3, 'ended', $4)"


async def end(discrepancy_id: UUID, note: str) -> None:
    """Say that a discrepancy is over since what was missing has come, and let go what it held; in the system transaction in progress."""
    if await execute(_END, discrepancy_id):
        await execute(_NOTE_END, new_plain_id(), discrepancy_id, clock.now(), note)
        await release(discrepancy_id)
