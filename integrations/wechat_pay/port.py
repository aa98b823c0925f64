"""What a room may ask of the payment channel."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Protocol, runtime_checkable

import msgspec
from msgspec import Meta

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
    """A callback whose signature held, decrypted. Compare `appid`, `mchid` and `amount_fen` with the order before use."""

    id: str
    out_trade_no: str
    transaction_id: str
    amount_fen: int
    state: TradeState
    success_time: datetime | None
    appid: str
    mchid: str


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
