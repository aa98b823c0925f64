"""`POST /v1/callbacks/wechat-pay`: verified by the channel's own rules from the raw body, answered as it wants to be."""

from typing import Any

from litestar import Controller, Request, Response, post
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.exceptions import HTTPException

from app.card import callbacks, refund_callbacks
from app.card.channel_errors import RefundDiffers, RefundUnknown
from app.card.errors import (
    CHANNEL_REFUSALS,
    CallbackDiffers,
    CallbackNotConfirmed,
    TopUpUnknown,
)
from app.kernel.errors import Refusal
from app.kernel.problems import on_fault, problems
from integrations.wechat_pay.errors import CallbackUnreadable, CallbackUntrusted, PaymentRefundUnknown
from integrations.wechat_pay.port import PaymentChannel


def refused(_request: Request[Any, Any, Any], refusal: Refusal) -> Response[Any]:
    """Tell the channel that its callback wasn't taken, so that it comes again."""
    body = {"code": "FAIL", "message": refusal.code}
    return Response(body, status_code=refusal.status, media_type=MediaType.JSON)


def unreadable(_request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Tell the channel that its callback can't be read at all (it is too large, say)."""
    body = {"code": "FAIL", "message": "unreadable"}
    return Response(body, status_code=error.status_code, media_type=MediaType.JSON)


def failed(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Log a fault of ours, and have the channel come again."""
    on_fault(request, error)
    body = {"code": "FAIL", "message": "internal_error"}
    return Response(body, status_code=500, media_type=MediaType.JSON)


class WeChatPayCallbackController(Controller):
    """What WeChat Pay tells us."""

    path = "/v1/callbacks/wechat-pay"
    tags = ("Callbacks",)
    opt = {"public": True}  # noqa: RUF012 - litestar's own shape
    exception_handlers = {Refusal: refused, HTTPException: unreadable, Exception: failed}  # noqa: RUF012 - the same

    @post(
        "/",
        operation_id="takeWeChatPayCallback",
        status_code=204,
        responses=problems(
            CallbackUntrusted,
            CallbackUnreadable,
            TopUpUnknown,
            CallbackDiffers,
            CallbackNotConfirmed,
            *CHANNEL_REFUSALS,
        ),
    )
    async def take(self, request: Request[Any, Any, Any], payments: NamedDependency[PaymentChannel]) -> None:
        """Take a payment notification (APIv3), signed by the platform and encrypted for us."""
        await callbacks.take_wechat_pay(payments, request.headers, await request.body())

    @post(
        "/refunds",
        operation_id="takeWeChatPayRefund",
        status_code=204,
        responses=problems(
            CallbackUntrusted,
            CallbackUnreadable,
            RefundUnknown,
            RefundDiffers,
            CallbackDiffers,
            CallbackNotConfirmed,
            PaymentRefundUnknown,
            *CHANNEL_REFUSALS,
        ),
    )
    async def take_refund(self, request: Request[Any, Any, Any], payments: NamedDependency[PaymentChannel]) -> None:
        """Take a refund's notification (APIv3), signed by the platform and encrypted for us."""
        await refund_callbacks.take_wechat_pay_refund(payments, request.headers, await request.body())
