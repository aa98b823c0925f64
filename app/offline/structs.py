"""What crosses the wire. Amounts are integer fen."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from app.card.structs import AmountFen
from app.card.terminal_structs import PayerCode
from app.kernel.structs import Body, Instant, Sha256, View

Number = Annotated[int, Meta(ge=1, le=999_999_999)]
SaleState = Literal["posted", "owed", "borne", "refused"]


class OfflineCertificate(View, frozen=True):
    """An account certificate of this device: `certificate` is the COSE_Sign1 in base64; docs/offline-codes.md says how to show it."""

    certificate: str
    not_before: datetime
    not_after: datetime
    payment_max_fen: int
    sum_max_fen: int


class Sale(Body, frozen=True):
    """A sale that a terminal made without a line. `counter` is its own, one more for each such sale, for good."""

    counter: Number
    sold_at: Instant
    amount_fen: AmountFen
    payer_code: PayerCode


class OfflineBatch(Body, frozen=True):
    """What a terminal sold without a line. `previous_digest` is that of its batch before, 64 zeros for its first one."""

    batch_number: Number
    previous_digest: Sha256
    sales: Annotated[list[Sale], Meta(min_length=1, max_length=2_000)]
    ended_at: Instant


class JudgedSale(View, frozen=True):
    """What became of a sale; `transaction_id` is the payment, which can be refunded by it.

    `posted`: paid. `owed`: the card lacks the money and pays as soon as it has it. `borne`: the merchant is paid, though the card had been
    stopped, since the terminal couldn't know. `refused`: nobody pays; `reason` says why.
    """

    counter: int
    state: SaleState
    reason: str | None
    transaction_id: UUID | None


class JudgedBatch(View, frozen=True):
    """What became of a batch: `digest` is what the next one names, `findings` what was wrong with it as a whole."""

    batch_number: int
    digest: str
    received_at: datetime
    sales: tuple[JudgedSale, ...]
    findings: tuple[str, ...]


class DenialChange(View, frozen=True):
    """A change of the list: an account doesn't pay any more (`add`), or pays again. It can be forgotten once its certificate ends."""

    account: str
    change: Literal["add", "remove"]
    expires_at: datetime


class DenyList(View, frozen=True):
    """Changes in their order, after which the list is at `version`; with `more`, ask again from there.

    With `full`, what the terminal had before is to be forgotten first.
    """

    version: int
    full: bool
    more: bool
    changes: tuple[DenialChange, ...]
