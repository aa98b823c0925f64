"""APIv3 bodies of JSAPI payments, refunds and bills, as far as we use them: named and nested as WeChat Pay does."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from integrations.wechat_pay.port import OutTradeNo, RefundNumber, TradeState
from integrations.wechat_pay.sealed import Sealed


class Amount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be paid, in fen."""

    total: Annotated[int, Meta(gt=0)]
    currency: Literal["CNY"] = "CNY"


class Payer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who pays, as the application `appid` knows them."""

    openid: Annotated[str, Meta(min_length=1, max_length=128)]


class PrepayRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`POST /v3/pay/transactions/jsapi`."""

    appid: Annotated[str, Meta(min_length=1, max_length=32)]
    mchid: Annotated[str, Meta(min_length=1, max_length=32)]
    description: Annotated[str, Meta(min_length=1, max_length=127)]
    out_trade_no: OutTradeNo
    notify_url: Annotated[str, Meta(min_length=1, max_length=255)]
    amount: Amount
    payer: Payer
    time_expire: str | None = None
    attach: Annotated[str, Meta(max_length=128)] | None = None


class PrepayResponse(msgspec.Struct, frozen=True):
    """The order is open."""

    prepay_id: str


class CloseRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v3/pay/transactions/out-trade-no/{no}/close`."""

    mchid: str


class PaidAmount(msgspec.Struct, frozen=True):
    """What was ordered and what the payer paid, in fen."""

    total: int
    payer_total: int = 0
    currency: str = "CNY"
    payer_currency: str = "CNY"


class Transaction(msgspec.Struct, frozen=True, omit_defaults=True):
    """An order as the platform tells it, in a query's answer and inside a callback."""

    appid: str
    mchid: str
    out_trade_no: str
    trade_state: TradeState
    trade_state_desc: str = ""
    transaction_id: str | None = None
    trade_type: str | None = None
    bank_type: str | None = None
    attach: str | None = None
    success_time: str | None = None
    payer: Payer | None = None
    amount: PaidAmount | None = None


RefundStatus = Literal["SUCCESS", "CLOSED", "PROCESSING", "ABNORMAL"]


class RefundAmount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much of what was ordered goes back, in fen."""

    refund: Annotated[int, Meta(gt=0)]
    total: Annotated[int, Meta(gt=0)]
    currency: Literal["CNY"] = "CNY"


class RefundRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`POST /v3/refund/domestic/refunds`."""

    out_trade_no: OutTradeNo
    out_refund_no: RefundNumber
    amount: RefundAmount
    reason: Annotated[str, Meta(max_length=80)] | None = None
    notify_url: Annotated[str, Meta(max_length=255)] | None = None


class RefundedAmount(msgspec.Struct, frozen=True):
    """What was ordered and what goes back; what the payer paid and gets back, in fen."""

    total: int
    refund: int
    payer_total: int = 0
    payer_refund: int = 0
    settlement_total: int = 0
    settlement_refund: int = 0
    discount_refund: int = 0
    currency: str = "CNY"


class Refund(msgspec.Struct, frozen=True, omit_defaults=True):
    """A refund as the platform answers with it."""

    refund_id: str
    out_refund_no: str
    transaction_id: str
    out_trade_no: str
    status: RefundStatus
    amount: RefundedAmount
    channel: str = "ORIGINAL"
    user_received_account: str = ""
    create_time: str = ""
    success_time: str | None = None


class CallbackAmount(msgspec.Struct, frozen=True):
    """The amounts inside a refund's callback, in fen."""

    total: int
    refund: int
    payer_total: int = 0
    payer_refund: int = 0


class RefundTransaction(msgspec.Struct, frozen=True, omit_defaults=True):
    """A refund as a callback tells it, decrypted."""

    mchid: str
    out_trade_no: str
    transaction_id: str
    out_refund_no: str
    refund_id: str
    refund_status: RefundStatus
    amount: CallbackAmount
    user_received_account: str = ""
    success_time: str | None = None


class BillPlace(msgspec.Struct, frozen=True):
    """Where a bill lies for some minutes, and the digest of its unzipped bytes: the answer to `GET /v3/bill/tradebill`."""

    hash_type: str
    hash_value: str
    download_url: str


class Notification(msgspec.Struct, frozen=True):
    """The body of a callback; `resource` is encrypted."""

    id: str
    create_time: str
    event_type: str
    resource_type: str
    resource: Sealed
    summary: str = ""


class Problem(msgspec.Struct, frozen=True):
    """Why a request was refused."""

    code: str
    message: str = ""
