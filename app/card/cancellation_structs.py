"""What the owner of a cancelled card sees of its balance. Amounts are integer fen."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from app.card.structs import RefundView
from app.kernel.structs import View


class PayoutView(View, frozen=True):
    """Money that waits at the counter: no top-up can take it back, or the channel couldn't. Withdrawn: the channel did after all."""

    id: UUID
    at: datetime
    amount_fen: int
    reason: Literal["no_order", "refund_failed"]
    state: Literal["due", "paid", "withdrawn"]
    ended_at: datetime | None


class CancellationView(View, frozen=True):
    """A cancelled card: all that lay on it or came since (`amount_fen`), and how it goes back.

    `giving_back` while the channel is at it, `at_counter` when the rest waits for its owner, `done` when all was given back.
    """

    id: UUID
    card_id: UUID
    at: datetime
    amount_fen: int
    state: Literal["giving_back", "at_counter", "done"]
    ended_at: datetime | None
    refunds: tuple[RefundView, ...]
    payouts: tuple[PayoutView, ...]
