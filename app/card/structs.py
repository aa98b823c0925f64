"""What crosses the wire. Amounts are integer fen."""

from datetime import date, datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from msgspec import Meta, field

from app.card.categories import Group
from app.kernel.structs import Body, View
from app.kernel.words import Words
from integrations.wechat_pay.port import ClientParameters

AmountFen = Annotated[int, Meta(gt=0, le=100_000_000, description="Amount in fen, a whole number.")]
Openid = Annotated[
    str, Meta(min_length=1, max_length=128, pattern=r"\A[A-Za-z0-9_-]+\Z", description="Whose WeChat client pays.")
]
CardForm = Literal["virtual", "physical"]
CardClassName = Literal["ordinary", "child", "student", "elder_60", "elder_65", "disabled"]
ReplacementReason = Literal["lost", "damaged", "class_changed"]
CardNumber = Annotated[str, Meta(pattern=r"\A[0-9]{19}\Z", description="The 19 digits of a citizen card's number.")]
OwnLimitFen = Annotated[int, Meta(ge=0, le=100_000_000, description="Amount in fen, a whole number; 0 allows nothing.")]
Channel = Literal["wechat_pay"]
TransferKind = Literal[
    "payment",
    "top_up",
    "charge",
    "return",
    "refund",
    "reversal",
    "pending",
    "pending_posted",
    "pending_voided",
]


PAYING: Final = frozenset({"payment", "charge", "pending"})
"""The kinds of transfers that take money from a card."""
BEHIND: Final[frozenset[TransferKind]] = frozenset({"pending_posted"})
"""The kinds of transfers that touch no card: they end what one of its own began."""


class NewCard(Body, frozen=True):
    """Which card is wanted: of a class that is one's due, in the app or as a card that is posted; without a class, an ordinary one."""

    card_class: CardClassName | None = field(default=None, name="class")
    form: CardForm = "virtual"


ORDINARY: Final = NewCard()
"""What is wanted by whoever says nothing."""


class CardView(View, frozen=True):
    """A citizen's card and what is on it. The number of one that isn't activated yet is masked: whoever activates it has it in hand.

    `class_until` is the last day of its class, if that ends; `replaces` is the card whose place it took.
    """

    id: UUID
    number: str
    state: Literal["issued", "active", "lost", "cancelled"]
    opened_at: datetime
    balance_fen: int
    card_class: CardClassName = field(name="class")
    class_until: date | None
    form: CardForm
    replaces: UUID | None


class CardClassView(View, frozen=True):
    """A class of card, and whether it is one's due: why or why not, through which day, and what isn't known yet."""

    card_class: CardClassName = field(name="class")
    name: Words
    entitled: bool
    because: Words
    until_on: date | None
    lacks: list[Words]


class CardActivation(Body, frozen=True):
    """The number that stands on the card."""

    number: CardNumber


class CardReplacement(Body, frozen=True):
    """Which card is replaced, and why; with another class where that has changed. What lay on it stays."""

    card_id: UUID
    reason: ReplacementReason
    card_class: CardClassName | None = field(default=None, name="class")
    form: CardForm = "virtual"


class OwnLimits(Body, frozen=True):
    """What one allows oneself, in one payment, a day and a month; null is no limit of one's own."""

    payment_fen: OwnLimitFen | None
    day_fen: OwnLimitFen | None
    month_fen: OwnLimitFen | None


class SpendingLimits(View, frozen=True):
    """At most so much in one payment, a day and a calendar month by codes, and offline."""

    payment_fen: int
    day_fen: int
    month_fen: int
    offline_payment_fen: int
    offline_sum_fen: int


class OwnLimitsView(View, frozen=True):
    """Limits of one's own."""

    payment_fen: int | None
    day_fen: int | None
    month_fen: int | None


class CardLimitsView(View, frozen=True):
    """What holds today for codes that this session shows, what is left of it, the most that could hold, and one's own limits.

    `raised` is what one raised, from `raised_from` on. The `ETag` is the version, for `If-Match`.
    """

    in_force: SpendingLimits
    left_today_fen: int
    left_this_month_fen: int
    most: SpendingLimits
    own: OwnLimitsView
    raised: OwnLimitsView | None
    raised_from: date | None


class PayerCodeView(View, frozen=True):
    """A code to show at a terminal: it pays once, until it expires."""

    code: str
    expires_at: datetime


class DisputeMark(View, frozen=True):
    """That a transaction is or was disputed."""

    id: UUID
    state: Literal["open", "claimed", "awaiting_evidence", "proposed", "accepted", "rejected", "withdrawn"]


class TransactionView(View, frozen=True):
    """One movement on the card, as its owner sees it. Its receipt is found under the same id.

    `of_transaction_id` is the payment or charge of which a refund, a reversal or a return gives money back; `dispute` the latest about it.
    """

    id: UUID
    at: datetime
    kind: TransferKind
    direction: Literal["in", "out"]
    amount_fen: int
    merchant_code: str | None
    merchant: Words | None
    category: Group
    receipt_id: UUID
    of_transaction_id: UUID | None
    dispute: DisputeMark | None


class Receipt(View, frozen=True):
    """What a receipt says. It shows four digits of the card and nothing of its owner."""

    format: Literal["fuhai.receipt.v1"]
    id: UUID
    at: datetime
    kind: TransferKind
    amount_fen: int
    currency: Literal["CNY"]
    card: str
    merchant_code: str | None
    merchant: Words | None
    terminal_code: str | None
    sequence: int | None
    reference: str | None
    channel: Channel | None
    order_number: str | None
    channel_transaction_id: str | None


class SignedReceipt(View, frozen=True):
    """A receipt with the city's seal over exactly `signed_bytes_b64` (the receipt's JSON); see docs/receipts.md.

    `algorithm` is ES256, and then `signature` base64 of an ECDSA signature (P-256, SHA-256) in DER; `certificate_chain` is PEM: seal, authority, root.
    """

    receipt: Receipt
    signed_bytes_b64: str
    algorithm: str
    signature: str
    certificate_chain: str


class NewTopUp(Body, frozen=True):
    """An order to put money on one's card."""

    amount_fen: AmountFen
    channel: Channel
    payer_openid: Openid | None = None


class RefundView(View, frozen=True):
    """Money of a top-up that goes back through the channel that it came by. A failed one is dealt with by a person."""

    id: UUID
    order_number: str
    at: datetime
    amount_fen: int
    state: Literal["waiting", "processing", "refunded", "failed"]
    ended_at: datetime | None


class TopUpView(View, frozen=True):
    """A top-up. `prepay` is what `wx.requestPayment` takes, while the order can be paid.

    What is paid after the order's end is refunded (`paid_after_close`, `refunding`, `refunded`); `refunds` are all of it that goes back.
    """

    id: UUID
    order_number: str
    at: datetime
    amount_fen: int
    channel: Channel
    state: Literal[
        "created",
        "awaiting",
        "paid",
        "closed",
        "paid_after_close",
        "refunding",
        "refunded",
        "refund_failed",
        "amount_differs",
    ]
    expires_at: datetime
    prepay: ClientParameters | None
    transaction_id: UUID | None
    refunds: tuple[RefundView, ...]
