"""What the card's room tells; `subject_id` is the card, the transfer or the top-up."""

from typing import ClassVar

from app.kernel.events import Event


class CardOpened(Event, frozen=True, kw_only=True):
    """A citizen opened a card; the subject is the card."""

    kind: ClassVar[str] = "card.opened"


class CardReportedLost(Event, frozen=True, kw_only=True):
    """A card doesn't pay any more; the subject is the card."""

    kind: ClassVar[str] = "card.reported_lost"


class CardReportedFound(Event, frozen=True, kw_only=True):
    """A lost card pays again; the subject is the card."""

    kind: ClassVar[str] = "card.reported_found"


class CardActivated(Event, frozen=True, kw_only=True):
    """A card that was handed out pays from now on; the subject is the card."""

    kind: ClassVar[str] = "card.activated"


class CardWasReplaced(Event, frozen=True, kw_only=True):
    """A card pays no more, and another has its account; the subject is the old card, the cause the new one."""

    kind: ClassVar[str] = "card.replaced"


class CardLimitsSet(Event, frozen=True, kw_only=True):
    """A holder set limits of their own; the subject is the card."""

    kind: ClassVar[str] = "card.limits_set"


class CardClassEnded(Event, frozen=True, kw_only=True):
    """A card isn't of its class any more but of another, since something changed; the subject is the card."""

    kind: ClassVar[str] = "card.class_ended"


class CardClassDue(Event, frozen=True, kw_only=True):
    """A class of card has become somebody's due; the subject is their card."""

    kind: ClassVar[str] = "card.class_due"


class CardToppedUp(Event, frozen=True, kw_only=True):
    """Money came onto a card; the subject is the transfer."""

    kind: ClassVar[str] = "card.topped_up"


class CardPaid(Event, frozen=True, kw_only=True):
    """A card paid at a terminal; the subject is the transfer."""

    kind: ClassVar[str] = "card.paid"


class CardCharged(Event, frozen=True, kw_only=True):
    """A card paid a department or a company within the app; the subject is the transfer, the cause what was paid for."""

    kind: ClassVar[str] = "card.charged"


class ChargeReturned(Event, frozen=True, kw_only=True):
    """Money that a card paid within the app came back; the subject is the transfer, the cause the charge."""

    kind: ClassVar[str] = "card.charge_returned"


class CardRefunded(Event, frozen=True, kw_only=True):
    """Money that a card paid at a terminal came back, some or all; the subject is the transfer, the cause the payment."""

    kind: ClassVar[str] = "card.refunded"


class CardPaymentReversed(Event, frozen=True, kw_only=True):
    """A payment at a terminal was undone; the subject is the transfer, the cause the payment."""

    kind: ClassVar[str] = "card.payment_reversed"


class TopUpDisputed(Event, frozen=True, kw_only=True):
    """Money came that can't be credited as ordered (after the end, or another amount); the subject is the top-up."""

    kind: ClassVar[str] = "card.top_up_disputed"


class CardCancelled(Event, frozen=True, kw_only=True):
    """A card pays no more and its balance is given back; the subject is the card, the cause the cancellation."""

    kind: ClassVar[str] = "card.cancelled"


class TopUpRefunded(Event, frozen=True, kw_only=True):
    """Money of a top-up went back to its payer at the channel; the subject is the refund, the cause the top-up."""

    kind: ClassVar[str] = "card.top_up_refunded"


class TopUpRefundFailed(Event, frozen=True, kw_only=True):
    """The channel couldn't give money of a top-up back; the subject is the refund, the cause the top-up."""

    kind: ClassVar[str] = "card.top_up_refund_failed"


class CardPayoutDue(Event, frozen=True, kw_only=True):
    """Money of a cancelled card waits at the counter; the subject is the payout, the cause the cancellation."""

    kind: ClassVar[str] = "card.payout_due"


class CardBalanceReturned(Event, frozen=True, kw_only=True):
    """All of a cancelled card's balance was given back; the subject is the cancellation."""

    kind: ClassVar[str] = "card.balance_returned"
