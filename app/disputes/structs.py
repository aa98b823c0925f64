"""What crosses the wire. Amounts are integer fen."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from app.kernel.structs import TEXT, Body, View
from app.kernel.words import Words

DisputeReason = Literal["not_mine", "amount_wrong", "paid_twice", "not_received", "not_refunded", "other"]
DisputeStateName = Literal["open", "claimed", "awaiting_evidence", "proposed", "accepted", "rejected", "withdrawn"]
DisputeStepName = Literal[
    "open",
    "claim",
    "release",
    "ask_evidence",
    "give_evidence",
    "propose",
    "send_back",
    "accept",
    "reject",
    "withdraw",
]
Told = Annotated[
    str, Meta(min_length=2, max_length=1000, pattern=TEXT, description="What is said, in one's own words.")
]
ReturnedFen = Annotated[int, Meta(gt=0, le=100_000_000, description="Amount in fen, a whole number.")]


class NewDispute(Body, frozen=True):
    """What is wrong with a payment."""

    reason: DisputeReason
    text: Told


class DisputeStepView(View, frozen=True):
    """A step that was taken, and what was said; what officers weigh among themselves isn't shown."""

    at: datetime
    step: DisputeStepName
    text: str | None


class DisputeView(View, frozen=True, kw_only=True):
    """A dispute as its payer sees it. `return_id` is the receipt of what was given back."""

    id: UUID
    transaction_id: UUID
    amount_fen: int
    merchant: Words | None
    opened_at: datetime
    reason: DisputeReason
    state: DisputeStateName
    due_on: date
    returned_fen: int
    return_id: UUID | None
    steps: list[DisputeStepView]


class DisputeItem(View, frozen=True):
    """A dispute in the office's queue; nobody is named."""

    id: UUID
    state: DisputeStateName
    reason: DisputeReason
    amount_fen: int
    merchant_code: str | None
    opened_at: datetime
    due_on: date
    overdue: bool
    yours: bool


class DisputeFile(View, frozen=True, kw_only=True):
    """A dispute as its office sees it: the payment, what both sides say, and what is proposed. `left_fen` is what can be given back."""

    id: UUID
    state: DisputeStateName
    reason: DisputeReason
    holder_name: str | None
    transaction_id: UUID
    paid_at: datetime
    amount_fen: int
    left_fen: int
    merchant_code: str | None
    merchant: Words | None
    opened_at: datetime
    due_on: date
    evidence_due_on: date | None
    yours: bool
    proposal: Literal["accept", "reject"] | None
    proposed_fen: int | None
    returned_fen: int
    steps: list[DisputeStepView]


class EvidenceAsked(Body, frozen=True):
    """What the merchant is asked."""

    question: Told


class EvidenceGiven(Body, frozen=True):
    """What the merchant says."""

    text: Told


class DisputeProposal(Body, frozen=True):
    """Whether money is to be given back (all that is left, unless `amount_fen` says how much), and why; the payer is told the reason."""

    accept: bool
    reason: Told
    amount_fen: ReturnedFen | None = None


class DisputeDecision(Body, frozen=True):
    """A second officer's yes or no to what was proposed; a no says why."""

    confirm: bool
    reason: Told | None = None
