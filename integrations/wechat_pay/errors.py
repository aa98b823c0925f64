"""Refusals of the payment channel, and which of its codes each one stands for.

`Payment…` → our request is wrong | order closed | number used | unknown order or refund | bill | business refusal | too many | down
`Callback…` → signature | content
"""

from typing import Final

from app.kernel.errors import BadGateway, Conflict, NotFound, Refusal, TooMany, Unauthorized, Unavailable, Unprocessable
from app.kernel.words import Words


class PaymentRequestWrong(BadGateway):
    """The channel doesn't accept our parameters or set-up: an operator must act."""

    code = "payment_request_wrong"
    title = Words(zh="支付通道未接受请求。", en="The payment channel doesn't accept the request.")


class PaymentSignatureRefused(BadGateway):
    """The channel doesn't accept our signature: wrong key, or the clock is off."""

    code = "payment_signature_refused"
    title = Words(zh="支付通道验签失败。", en="The payment channel doesn't accept our signature.")


class PaymentOrderClosed(Conflict):
    """The order is closed: pay a new one, under a new number."""

    code = "payment_order_closed"
    title = Words(zh="订单已关闭，请重新下单。", en="This order is closed; please start a new one.")


class PaymentOrderPaid(Conflict):
    """The order is already paid."""

    code = "payment_order_paid"
    title = Words(zh="订单已支付。", en="This order is already paid.")


class PaymentOrderNumberUsed(Conflict):
    """The same number was used with other parameters."""

    code = "payment_order_number_used"
    title = Words(zh="订单号已被使用。", en="This order number was used with other details.")


class PaymentOrderUnknown(NotFound):
    """The channel knows no such order."""

    code = "payment_order_unknown"
    title = Words(zh="支付通道查无此订单。", en="The payment channel knows no such order.")


class PaymentRefundUnknown(NotFound):
    """The channel knows no refund of this number."""

    code = "payment_refund_unknown"
    title = Words(zh="支付通道查无此退款。", en="The payment channel knows no such refund.")


class PaymentBillNotReady(Conflict):
    """The channel hasn't made the bill of that day yet; it does after ten o'clock of the next."""

    code = "payment_bill_not_ready"
    title = Words(zh="支付通道账单尚未生成。", en="The payment channel hasn't made that day's bill yet.")


class PaymentBillAbsent(NotFound):
    """There is no bill of that day, since nothing was traded."""

    code = "payment_bill_absent"
    title = Words(zh="当日无交易账单。", en="There is no bill of that day.")


class PaymentBillWrong(BadGateway):
    """A bill that isn't what its digest, its sums or its form say; `reason` tells."""

    code = "payment_bill_wrong"
    title = Words(zh="支付通道账单校验失败。", en="The payment channel's bill doesn't verify.")


class PaymentRefused(Unprocessable):
    """A business rule of the channel stands against it (limits, account, balance)."""

    code = "payment_refused"
    title = Words(zh="支付通道拒绝了此笔交易。", en="The payment channel refuses this payment.")


class PaymentTooFrequent(TooMany):
    """The channel's rate limit still stands after waiting."""

    code = "payment_too_frequent"
    title = Words(zh="支付请求过于频繁，请稍后再试。", en="Too many payment requests; please try again later.")


class PaymentChannelUnavailable(Unavailable):
    """The channel is down or didn't answer. The outcome is unknown: query the order before opening another."""

    code = "payment_channel_unavailable"
    title = Words(zh="支付通道暂不可用。", en="The payment channel isn't available right now.")


class PaymentAnswerUntrusted(BadGateway):
    """An answer without a signature that holds, or that can't be read."""

    code = "payment_answer_untrusted"
    title = Words(zh="支付通道返回无法验证。", en="The payment channel's answer can't be trusted.")


class CallbackUntrusted(Unauthorized):
    """A callback whose signature, key, or time doesn't hold; probes of the platform end here too."""

    code = "callback_untrusted"
    title = Words(zh="回调验签失败。", en="The callback's signature doesn't hold.")


class CallbackUnreadable(Unprocessable):
    """A signed callback that can't be decrypted, or that isn't about a payment."""

    code = "callback_unreadable"
    title = Words(zh="回调内容无法解析。", en="The callback's content can't be read.")


RETRYABLE: Final = frozenset({"SYSTEM_ERROR", "BANK_ERROR", "BANKERROR", "FREQUENCY_LIMITED", "RATELIMIT_EXCEEDED"})
"""Codes that the platform's table lets us try again with the same parameters."""

SERVER_ERRORS: Final = 500
_BY_CODE: Final[dict[str, type[Refusal]]] = {
    "SIGN_ERROR": PaymentSignatureRefused,
    "ORDER_CLOSED": PaymentOrderClosed,
    "ORDERPAID": PaymentOrderPaid,
    "OUT_TRADE_NO_USED": PaymentOrderNumberUsed,
    "ORDER_NOT_EXIST": PaymentOrderUnknown,
    "RESOURCE_NOT_EXISTS": PaymentOrderUnknown,
    "STATEMENT_CREATING": PaymentBillNotReady,
    "NO_STATEMENT_EXIST": PaymentBillAbsent,
    "NO_AUTH": PaymentRefused,
    "RULE_LIMIT": PaymentRefused,
    "TRADE_ERROR": PaymentRefused,
    "NOT_ENOUGH": PaymentRefused,
    "ACCOUNT_ERROR": PaymentRefused,
    "SYSTEM_ERROR": PaymentChannelUnavailable,
    "BANK_ERROR": PaymentChannelUnavailable,
    "BANKERROR": PaymentChannelUnavailable,
}


def refusal_of(channel_code: str, http_status: int) -> Refusal:
    """Name a refusal of the channel by its `code`; the HTTP status only decides where the code is unknown."""
    if channel_code in {"FREQUENCY_LIMITED", "RATELIMIT_EXCEEDED"}:
        return PaymentTooFrequent(retry_after_seconds=10, channel_code=channel_code)
    kind = _BY_CODE.get(channel_code)
    if kind is None:
        kind = PaymentChannelUnavailable if http_status >= SERVER_ERRORS else PaymentRequestWrong
    return kind(channel_code=channel_code, channel_status=http_status)
