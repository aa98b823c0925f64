"""How the city's WeChat Pay behaves until it is set otherwise: how refunds end, what its callbacks and bills get wrong."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from app.kernel.structs import Body
from integrations.wechat_pay.port import OutTradeNo, RefundNumber
from integrations.wechat_pay.wire import RefundStatus


class RefundManner(Body, frozen=True):
    """How refunds that are asked for from now on end, and after how long; PROCESSING ones wait until they are ended by hand.

    `interval_seconds` is the least time between two refunds of one order.
    """

    ending: RefundStatus = "SUCCESS"
    after_seconds: Annotated[float, Meta(ge=0, le=2_592_000)] = 0.0
    interval_seconds: Annotated[float, Meta(ge=0, le=3_600)] = 60.0


class RefundEnding(Body, frozen=True):
    """A refund that ends now, and how."""

    out_refund_no: RefundNumber
    ending: RefundStatus = "SUCCESS"


class CallbackOrder(Body, frozen=True):
    """A callback to be sent, right or wrong: of a payment or of one of its refunds.

    A forged one carries another's signature; `notice_id` repeats an earlier one's; it says that it was signed `seconds_ago`.
    """

    out_trade_no: OutTradeNo
    out_refund_no: RefundNumber | None = None
    notice_id: str | None = None
    forged: bool = False
    amount_fen: Annotated[int, Meta(gt=0)] | None = None
    seconds_ago: Annotated[int, Meta(ge=0, le=86_400)] = 0


class ExtraRow(Body, frozen=True):
    """A payment that stands on a bill, and was never ordered here."""

    out_trade_no: OutTradeNo
    amount_fen: Annotated[int, Meta(gt=0)]


class BillManner(Body, frozen=True):
    """What the bills that are asked for from now on get wrong: rows (by our number of order or refund) missing, changed, or extra.

    `early` bills are there before their time, today's too; a `broken` one isn't what its digest or its summary says.
    """

    early: bool = False
    missing: tuple[str, ...] = ()
    changed_fen: dict[str, Annotated[int, Meta(gt=0)]] = msgspec.field(default_factory=dict)
    extra: tuple[ExtraRow, ...] = ()
    broken: Literal["digest", "count", "sum"] | None = None


class PayManners(msgspec.Struct):
    """How the platform behaves just now; a restart heals everything."""

    refunds: RefundManner = RefundManner()
    bills: BillManner = BillManner()
