"""What a card can be, and which step leads from where to where."""

from enum import StrEnum
from typing import Final


class CardState(StrEnum):
    """Whether the card pays: only an active one does. One that is handed out waits to be activated; one that was replaced is history."""

    ISSUED = "issued"
    ACTIVE = "active"
    LOST = "lost"
    REPLACED = "replaced"
    CANCELLED = "cancelled"


class CardStep(StrEnum):
    """What its owner can do to it: report its loss (挂失), report it found (解挂)."""

    REPORT_LOSS = "report_loss"
    REPORT_FOUND = "report_found"


NEXT: Final[dict[tuple[CardState, CardStep], CardState]] = {
    (CardState.ACTIVE, CardStep.REPORT_LOSS): CardState.LOST,
    (CardState.LOST, CardStep.REPORT_LOSS): CardState.LOST,
    (CardState.LOST, CardStep.REPORT_FOUND): CardState.ACTIVE,
    (CardState.ACTIVE, CardStep.REPORT_FOUND): CardState.ACTIVE,
    (CardState.ISSUED, CardStep.REPORT_LOSS): CardState.LOST,
    (CardState.ISSUED, CardStep.REPORT_FOUND): CardState.ISSUED,
    (CardState.REPLACED, CardStep.REPORT_LOSS): CardState.REPLACED,
    (CardState.REPLACED, CardStep.REPORT_FOUND): CardState.REPLACED,
    (CardState.CANCELLED, CardStep.REPORT_LOSS): CardState.CANCELLED,
    (CardState.CANCELLED, CardStep.REPORT_FOUND): CardState.CANCELLED,
}
"""A lost card that was never activated is found as an issued one."""


class TopUpState(StrEnum):
    """How far a top-up is. What was paid after its end is refunded; where that fails, or another amount came, it waits for a person."""

    CREATED = "created"
    AWAITING = "awaiting"
    PAID = "paid"
    CLOSED = "closed"
    PAID_AFTER_CLOSE = "paid_after_close"
    REFUNDING = "refunding"
    REFUNDED = "refunded"
    REFUND_FAILED = "refund_failed"
    AMOUNT_DIFFERS = "amount_differs"


UNFINISHED: Final = frozenset({TopUpState.CREATED, TopUpState.AWAITING})


class GivingBack(StrEnum):
    """How far a refund at the channel is. An abnormal or closed one waits for a person; one refunded twice does all the more."""

    WAITING = "waiting"
    PROCESSING = "processing"
    REFUNDED = "refunded"
    REFUNDED_TWICE = "refunded_twice"
    ABNORMAL = "abnormal"
    CLOSED = "closed"


GOING_BACK: Final = frozenset({GivingBack.WAITING, GivingBack.PROCESSING})


class CancellationState(StrEnum):
    """How far the giving back of a cancelled card's balance is; what waits at the counter waits for its owner."""

    GIVING_BACK = "giving_back"
    AT_COUNTER = "at_counter"
    DONE = "done"


class PayoutState(StrEnum):
    """Whether money waits at the counter; it is withdrawn if the channel refunded it after all."""

    DUE = "due"
    PAID = "paid"
    WITHDRAWN = "withdrawn"
