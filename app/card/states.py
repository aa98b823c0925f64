"""What a card can be, and which step leads from where to where."""

from enum import StrEnum
from typing import Final


class CardState(StrEnum):
    """Whether the card pays."""

    ACTIVE = "active"
    LOST = "lost"


class CardStep(StrEnum):
    """What its owner can do to it: report its loss (挂失), report it found (解挂)."""

    REPORT_LOSS = "report_loss"
    REPORT_FOUND = "report_found"


NEXT: Final[dict[tuple[CardState, CardStep], CardState]] = {
    (CardState.ACTIVE, CardStep.REPORT_LOSS): CardState.LOST,
    (CardState.LOST, CardStep.REPORT_LOSS): CardState.LOST,
    (CardState.LOST, CardStep.REPORT_FOUND): CardState.ACTIVE,
    (CardState.ACTIVE, CardStep.REPORT_FOUND): CardState.ACTIVE,
}


class TopUpState(StrEnum):
    """How far a top-up is. The last two wait for a person: money came that can't be credited as ordered."""

    CREATED = "created"
    AWAITING = "awaiting"
    PAID = "paid"
    CLOSED = "closed"
    PAID_AFTER_CLOSE = "paid_after_close"
    AMOUNT_DIFFERS = "amount_differs"


UNFINISHED: Final = frozenset({TopUpState.CREATED, TopUpState.AWAITING})
