"""What crosses the wire between terminals and us. Amounts are integer fen."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from app.card.structs import AmountFen, SignedReceipt
from app.kernel.structs import Body, PemText, ShortLine, View
from app.kernel.words import Words

Sequence = Annotated[
    int, Meta(ge=1, le=999_999_999, description="The terminal's own counter, one more for each payment or refund.")
]
PayerCode = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=400,
        pattern=r"\A([\x21-\x7e]{1,120}|FH1:[0-9A-Z $%*+./:-]{1,396})\Z",
        description="The payer's code as it was read, opaque, with its spaces; docs/offline-codes.md for one that begins with `FH1:`.",
    ),
]
ReversalReason = Literal["no_answer", "answer_untrusted", "cancelled"]


class SignOn(Body, frozen=True):
    """A terminal starts its day."""

    software: ShortLine | None = None


class TerminalRenewal(Body, frozen=True):
    """A terminal's next key: a PKCS #10 request (RFC 2986), of which only the key counts."""

    csr: PemText


class TerminalCertificate(View, frozen=True):
    """A terminal's new certificate with its authority (PEM), and the `keyid` that its signatures carry from now on."""

    keyid: str
    certificate: str
    serial: str


class IssuerKey(View, frozen=True):
    """A key that account certificates are signed with: the `kid` that they name it by (8 hexadecimal digits), and its PEM."""

    kid: str
    public_key: str


class SignedOnOffline(View, frozen=True):
    """What a terminal needs to take payments without a line; see docs/offline-codes.md.

    A code is good for `token_seconds`, give or take `clock_skew_seconds`. A batch holds at most `batch_sales` sales and `batch_sum_fen`,
    and is brought in within `upload_hours`; the list of what doesn't pay, now at `list_version`, is fetched within `list_hours`. A terminal
    that lost what it knew goes on after its last batch that came in: number and digest of it, and the last counter of any (0 and 64 zeros
    where there is none).
    """

    issuer_keys: tuple[IssuerKey, ...]
    token_seconds: int
    clock_skew_seconds: int
    batch_sales: int
    batch_sum_fen: int
    upload_hours: int
    list_hours: int
    list_version: int
    last_batch_number: int
    last_batch_digest: str
    last_counter: int


class SignedOn(View, frozen=True):
    """What a terminal needs for its day.

    `last_sequence` is the highest that we have posted, declined or refused lately, or 0; `certificate_ends_at` is when the certificate ends
    that signed this request: have the next key certified before; `answer_certificates` (PEM) are those by which the
    signatures of our answers are checked.
    """

    terminal_code: str
    merchant_code: str
    merchant: Words | None
    at: datetime
    payment_max_fen: int
    currency: Literal["CNY"]
    last_sequence: int
    certificate_ends_at: datetime
    answer_certificates: str
    offline: SignedOnOffline | None


class FareQuestion(Body, frozen=True):
    """Whose fare is wanted: the payer's code as it was read."""

    payer_code: PayerCode


class Fare(View, frozen=True):
    """10 for adults, 20 for students, 30 from 60 on, 31 from 65 on, 40 for disabled people."""

    fare_class: int


class TerminalPayment(Body, frozen=True):
    """A payment by the code that the payer shows. `reference` is the till's own number, which the receipt repeats."""

    sequence: Sequence
    amount_fen: AmountFen
    payer_code: PayerCode
    reference: ShortLine | None = None


class TerminalReversal(Body, frozen=True):
    """A payment that got no answer is to be as if it had never been asked for.

    It says again what the payment said, and takes no number of its own: `of_sequence` is the payment's.
    """

    of_sequence: Sequence
    amount_fen: AmountFen
    payer_code: PayerCode
    reason: ReversalReason


class KnownReversal(Body, frozen=True):
    """Why a payment is reversed whose receipt the terminal has."""

    reason: ReversalReason


class Reversed(View, frozen=True):
    """A payment that doesn't stand: its money is back, by the receipt; or it was never taken (`not_paid`), and never will be."""

    outcome: Literal["reversed", "not_paid"]
    receipt: SignedReceipt | None


class TerminalRefund(Body, frozen=True):
    """Some or all of a payment is to go back to the card that paid. `payment_id` is its receipt's."""

    sequence: Sequence
    payment_id: UUID
    amount_fen: AmountFen
