"""APIv3 bodies of JSAPI payments, as far as we use them: named and nested as WeChat Pay does."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from integrations.wechat_pay.port import OutTradeNo, TradeState
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
