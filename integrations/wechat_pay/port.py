"""What a room may ask of a payment channel: `PaymentChannel`, in plain words that aren't any one channel's.

A second channel implements the same methods with the same structs and refuses by the classes of `errors`. It says who we are there
(`identity`), and keeps these promises, which `tests/integrations/channels` tries on each channel: an order number is opened once and means
the same ever after; money is refunded once for each refund number, however often it is asked for; what is unknown is refused as unknown;
a callback is believed from its untouched bytes only; and a bill is given whole and verified, or not at all. Amounts are fen of CNY.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Final, Literal, Protocol, runtime_checkable

import msgspec
from msgspec import Meta

CURRENCY: Final = "CNY"
"""The only currency of a card."""
RefundNumber = Annotated[
    str, Meta(pattern=r"\A[0-9A-Za-z_\-|*@]{1,64}\Z", description="Our number of a refund, unique per merchant.")
]
OutTradeNo = Annotated[
    str, Meta(pattern=r"\A[0-9A-Za-z_\-|*]{6,32}\Z", description="Our order number, unique per merchant.")
]


class TradeState(StrEnum):
    """What became of an order at the channel (trade_state)."""

    SUCCESS = "SUCCESS"
    REFUND = "REFUND"
    NOTPAY = "NOTPAY"
    CLOSED = "CLOSED"
    REVOKED = "REVOKED"
    USERPAYING = "USERPAYING"
    PAYERROR = "PAYERROR"


class PrepayOrder(msgspec.Struct, frozen=True):
    """An order to be paid in the WeChat client of `openid`: at least one minute and at most 90 days valid."""

    out_trade_no: OutTradeNo
    description: Annotated[str, Meta(min_length=1, max_length=127)]
    amount_fen: Annotated[int, Meta(gt=0)]
    openid: Annotated[str, Meta(min_length=1, max_length=128)]
    expires_at: datetime


class ClientParameters(msgspec.Struct, frozen=True, rename="camel"):
    """What `wx.requestPayment` takes; `package` carries the prepay id."""

    time_stamp: str
    nonce_str: str
    package: str
    sign_type: str
    pay_sign: str


class PrepayAnswer(msgspec.Struct, frozen=True):
    """The channel waits for the payer for two hours under this prepay id."""

    prepay_id: str
    client_parameters: ClientParameters


class OrderState(msgspec.Struct, frozen=True):
    """What the channel says of an order; the last three are there once it was paid."""

    out_trade_no: str
    state: TradeState
    transaction_id: str | None
    amount_fen: int | None
    success_time: datetime | None


class CallbackNotice(msgspec.Struct, frozen=True):
    """A callback whose signature held, decrypted. Compare `appid`, `mchid`, `currency` and `amount_fen` with the order before use."""

    id: str
    out_trade_no: str
    transaction_id: str
    amount_fen: int
    state: TradeState
    success_time: datetime | None
    appid: str
    mchid: str
    currency: str = CURRENCY


class RefundState(StrEnum):
    """What became of a refund at the channel: still on its way, or ended. An abnormal one waits for a person there."""

    PROCESSING = "processing"
    REFUNDED = "refunded"
    ABNORMAL = "abnormal"
    CLOSED = "closed"


class RefundOrder(msgspec.Struct, frozen=True):
    """Some or all of a paid order of `total_fen` is to go back to its payer, under a number of ours."""

    refund_number: RefundNumber
    order_number: OutTradeNo
    amount_fen: Annotated[int, Meta(gt=0)]
    total_fen: Annotated[int, Meta(gt=0)]
    reason: Annotated[str, Meta(min_length=1, max_length=80)]


class RefundTold(msgspec.Struct, frozen=True):
    """What the channel says of a refund. `refund_id` is its own number."""

    refund_number: str
    order_number: str
    state: RefundState
    amount_fen: int
    refund_id: str | None = None
    success_time: datetime | None = None


class RefundNotice(msgspec.Struct, frozen=True):
    """A refund's callback whose signature held, decrypted. Compare `mchid` and the amounts before use, then ask."""

    id: str
    refund_number: str
    order_number: str
    state: RefundState
    amount_fen: int
    total_fen: int
    mchid: str


class BillLine(msgspec.Struct, frozen=True):
    """A payment or a refund as a channel's bill of a day lists it. `amount_fen` is what was ordered, or is refunded."""

    kind: Literal["payment", "refund"]
    at: datetime
    order_number: str
    transaction_id: str
    amount_fen: int
    state: str
    refund_number: str | None = None
    refund_id: str | None = None


class TradeBill(msgspec.Struct, frozen=True):
    """A channel's whole bill of a day, its counts and sums checked; `digest` is the channel's own of the file."""

    day: date
    digest: str
    lines: tuple[BillLine, ...]


class ChannelIdentity(msgspec.Struct, frozen=True):
    """Who we are at the channel: orders are opened as this application and merchant, and only theirs are ours."""

    appid: str
    mchid: str


@runtime_checkable
class PaymentChannel(Protocol):
    """A channel through which a citizen pays an order of ours. Refusals: `integrations.wechat_pay.errors`."""

    @property
    def identity(self) -> ChannelIdentity:
        """Who we are at the channel."""
        ...

    async def prepay(self, order: PrepayOrder) -> PrepayAnswer:
        """Open an order, or open the same one again: equal parameters give a fresh prepay id, others are refused."""
        ...

    async def query(self, out_trade_no: str) -> OrderState:
        """Ask what became of an order; the only proof of payment besides a callback."""
        ...

    async def close(self, out_trade_no: str) -> None:
        """Close an unpaid order, so that it can't be paid any more."""
        ...

    def read_callback(self, headers: Mapping[str, str], raw_body: bytes) -> CallbackNotice:
        """Verify and decrypt a callback from its untouched bytes; header names are taken in any case."""
        ...

    async def refund(self, order: RefundOrder) -> RefundTold:
        """Give money of a paid order back; the same number again refunds nothing more. That it was taken doesn't say that it ended."""
        ...

    async def query_refund(self, refund_number: str) -> RefundTold:
        """Ask what became of a refund; refuses `PaymentRefundUnknown`."""
        ...

    def read_refund_callback(self, headers: Mapping[str, str], raw_body: bytes) -> RefundNotice:
        """Verify and decrypt a refund's callback from its untouched bytes."""
        ...

    async def trade_bill(self, day: date) -> TradeBill:
        """Download and verify the bill of a day that is over, empty if nothing was traded; refuses `PaymentBillNotReady` and `PaymentBillWrong`."""
        ...
