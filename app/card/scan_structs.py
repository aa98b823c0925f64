"""What crosses the wire of paying by a merchant's code. Amounts are integer fen."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from app.card.structs import AmountFen
from app.kernel.structs import LINE, Body, View
from app.kernel.words import Words

ScannedText = Annotated[
    str, Meta(min_length=1, max_length=512, pattern=LINE, description="What was read from a merchant's QR code, whole.")
]


class ScannedCode(Body, frozen=True):
    """A merchant's code, and how much is paid where the code itself doesn't say so."""

    code: ScannedText
    amount_fen: AmountFen | None = None


class Obstacle(View, frozen=True):
    """Why you couldn't pay it just now: the refusal that paying would give. `required_level` is set where a higher one is needed."""

    code: str
    title: Words
    required_level: int | None


class ScannedCodeView(View, frozen=True):
    """Who is paid by a code, and what for.

    `amount_fen` is null until the code or you name one, and `amount_is_fixed` where the code does. A code with a bill's `reference`
    is paid once.
    """

    merchant_code: str
    merchant: Words
    amount_fen: int | None
    amount_is_fixed: bool
    reference: str | None
    terminal_code: str | None
    obstacle: Obstacle | None


class MerchantPaid(View, frozen=True):
    """A payment by a merchant's code: a transaction of your card, whose receipt is found under the same id."""

    transaction_id: UUID
    merchant_code: str
    merchant: Words
    amount_fen: int
    reference: str | None
