"""Finding discrepancies: each has a kind of its own and an identity, so that what is found again stays one."""

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.database import fetch_value
from app.kernel.ids import new_plain_id

DEPARTMENT: Final = "CARD"
"""Who deals with discrepancies: the card's operator."""
Kind = Literal[
    "terminal_total_differs",
    "terminal_silent",
    "day_end_changed",
    "sequence_gap",
    "sequence_unexpected",
    "sequence_on_two_cards",
    "key_on_two_cards",
    "offline_finding",
    "offline_missing",
    "merchant_owes",
    "channel_bill_missing",
    "channel_missing_here",
    "channel_missing_there",
    "channel_amount_differs",
    "channel_state_differs",
    "refund_differs",
]
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
