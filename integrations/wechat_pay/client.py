"""The real client of WeChat Pay APIv3 (JSAPI payments, refunds, bills); the sandbox city speaks the same protocol."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import msgspec

from app.kernel import clock
from integrations.wechat_pay import bills, wire
from integrations.wechat_pay.calls import Caller, WeChatPayAccount, decode, instant, new_stamp
from integrations.wechat_pay.errors import (
    CallbackUnreadable,
    CallbackUntrusted,
    PaymentAnswerUntrusted,
    PaymentBillAbsent,
    PaymentBillWrong,
    PaymentOrderUnknown,
    PaymentRefundUnknown,
)
from integrations.wechat_pay.port import (
    CURRENCY,
    CallbackNotice,
    ChannelIdentity,
    ClientParameters,
    OrderState,
    PrepayAnswer,
    PrepayOrder,
    RefundNotice,
    RefundOrder,
    RefundState,
    RefundTold,
    TradeBill,
)
from integrations.wechat_pay.sealed import SealBroken, unseal
from integrations.wechat_pay.signing import client_text, sign
from integrations.wechat_pay.verification import doubt_about

__all__ = ["WeChatPay", "WeChatPayAccount"]
_REFUNDS: Final = "/v3/refund/domestic/refunds"
_STATES: Final[Mapping[wire.RefundStatus, RefundState]] = {
    "SUCCESS": RefundState.REFUNDED,
    "CLOSED": RefundState.CLOSED,
    "PROCESSING": RefundState.PROCESSING,
    "ABNORMAL": RefundState.ABNORMAL,
}
_PAID: Final = "TRANSACTION."
_REFUNDED: Final = "REFUND."


class WeChatPay(Caller):
    """`PaymentChannel` over APIv3."""

    @property
    def identity(self) -> ChannelIdentity:
        """Who we are at the channel."""
        return ChannelIdentity(self._account.appid, self._account.merchant.mchid)

    async def prepay(self, order: PrepayOrder) -> PrepayAnswer:
        """Open an order; see `PaymentChannel.prepay`."""
        account = self._account
        body = wire.PrepayRequest(
            appid=account.appid,
            mchid=account.merchant.mchid,
            description=order.description,
            out_trade_no=order.out_trade_no,
            time_expire=clock.local(order.expires_at).isoformat(timespec="seconds"),
            notify_url=account.notify_url,
            amount=wire.Amount(total=order.amount_fen),
            payer=wire.Payer(openid=order.openid),
        )
        raw = await self.call("POST", "/v3/pay/transactions/jsapi", msgspec.json.encode(body))
        prepay_id = decode(raw, wire.PrepayResponse).prepay_id
        return PrepayAnswer(prepay_id, self._client_parameters(prepay_id))

    async def query(self, out_trade_no: str) -> OrderState:
        """Ask what became of an order; see `PaymentChannel.query`."""
        target = f"{_order_path(out_trade_no)}?mchid={self._account.merchant.mchid}"
        transaction = decode(await self.call("GET", target), wire.Transaction)
        if transaction.out_trade_no != out_trade_no or not self._is_ours(transaction):
            raise PaymentAnswerUntrusted(reason="another_order")
        if transaction.amount is not None and transaction.amount.currency != CURRENCY:
            raise PaymentAnswerUntrusted(reason="currency")
        try:
            paid_at = instant(transaction.success_time)
        except ValueError as error:
            raise PaymentAnswerUntrusted(reason="unreadable") from error
        return OrderState(
            out_trade_no=transaction.out_trade_no,
            state=transaction.trade_state,
            transaction_id=transaction.transaction_id,
            amount_fen=transaction.amount.total if transaction.amount else None,
            success_time=paid_at,
        )

    async def close(self, out_trade_no: str) -> None:
        """Close an unpaid order; see `PaymentChannel.close`."""
        body = msgspec.json.encode(wire.CloseRequest(mchid=self._account.merchant.mchid))
        await self.call("POST", f"{_order_path(out_trade_no)}/close", body)

    def read_callback(self, headers: Mapping[str, str], raw_body: bytes) -> CallbackNotice:
        """Verify and decrypt a callback; see `PaymentChannel.read_callback`."""
        notification = self._verified(headers, raw_body, _PAID)
        try:
            plain = unseal(self._account.apiv3_key, notification.resource)
            return _notice(notification.id, msgspec.json.decode(plain, type=wire.Transaction))
        except (msgspec.DecodeError, SealBroken, ValueError) as error:
            raise CallbackUnreadable from error

    async def refund(self, order: RefundOrder) -> RefundTold:
        """Refund some of an order; see `PaymentChannel.refund`."""
        body = wire.RefundRequest(
            out_trade_no=order.order_number,
            out_refund_no=order.refund_number,
            amount=wire.RefundAmount(refund=order.amount_fen, total=order.total_fen),
            reason=order.reason,
            notify_url=f"{self._account.notify_url}/refunds",
        )
        told = _refund_told(await self.call("POST", _REFUNDS, msgspec.json.encode(body)))
        asked = (order.refund_number, order.order_number, order.amount_fen)
        if (told.refund_number, told.order_number, told.amount_fen) != asked:
            raise PaymentAnswerUntrusted(reason="another_refund")
        return told

    async def query_refund(self, refund_number: str) -> RefundTold:
        """Ask what became of a refund; see `PaymentChannel.query_refund`."""
        try:
            told = _refund_told(await self.call("GET", f"{_REFUNDS}/{refund_number}"))
        except PaymentOrderUnknown as unknown:
            raise PaymentRefundUnknown from unknown
        if told.refund_number != refund_number:
            raise PaymentAnswerUntrusted(reason="another_refund")
        return told

    def read_refund_callback(self, headers: Mapping[str, str], raw_body: bytes) -> RefundNotice:
        """Verify and decrypt a refund's callback; see `PaymentChannel.read_refund_callback`."""
        notification = self._verified(headers, raw_body, _REFUNDED)
        try:
            plain = unseal(self._account.apiv3_key, notification.resource)
            told = msgspec.json.decode(plain, type=wire.RefundTransaction)
        except (msgspec.DecodeError, SealBroken, ValueError) as error:
            raise CallbackUnreadable from error
        return RefundNotice(
            id=notification.id,
            refund_number=told.out_refund_no,
            order_number=told.out_trade_no,
            state=_STATES[told.refund_status],
            amount_fen=told.amount.refund,
            total_fen=told.amount.total,
            mchid=told.mchid,
        )

    async def trade_bill(self, day: date) -> TradeBill:
        """Download the bill of all trades of a day; see `PaymentChannel.trade_bill`."""
        target = f"/v3/bill/tradebill?bill_date={day.isoformat()}&bill_type=ALL&tar_type=GZIP"
        try:
            place = decode(await self.call("GET", target), wire.BillPlace)
        except PaymentBillAbsent:
            return TradeBill(day, bills.NOTHING, ())
        if place.hash_type != "SHA1":
            raise PaymentBillWrong(reason="digest_kind")
        raw = bills.unzipped(await self.download(place.download_url), place.hash_value)
        return bills.read_bill(raw, day, self.identity)

    def _verified(self, headers: Mapping[str, str], raw_body: bytes, event: str) -> wire.Notification:
        """A genuine notification of some kind of event, still encrypted."""
        doubt = doubt_about(headers, raw_body, self._account.platform_keys, clock.epoch_seconds())
        if doubt is not None:
            raise CallbackUntrusted(reason=doubt.value)
        try:
            notification = msgspec.json.decode(raw_body, type=wire.Notification)
        except msgspec.DecodeError as error:
            raise CallbackUnreadable from error
        if not notification.event_type.startswith(event):
            raise CallbackUnreadable
        return notification

    def _client_parameters(self, prepay_id: str) -> ClientParameters:
        timestamp, nonce = new_stamp()
        package = f"prepay_id={prepay_id}"
        text = client_text(self._account.appid, timestamp, nonce, package)
        return ClientParameters(timestamp, nonce, package, "RSA", sign(self._account.merchant.key, text))

    def _is_ours(self, transaction: wire.Transaction) -> bool:
        return (transaction.appid, transaction.mchid) == (self._account.appid, self._account.merchant.mchid)


def _order_path(out_trade_no: str) -> str:
    return f"/v3/pay/transactions/out-trade-no/{out_trade_no}"


def _notice(notification_id: str, transaction: wire.Transaction) -> CallbackNotice:
    if transaction.transaction_id is None or transaction.amount is None:
        raise CallbackUnreadable
    return CallbackNotice(
        id=notification_id,
        out_trade_no=transaction.out_trade_no,
        transaction_id=transaction.transaction_id,
        amount_fen=transaction.amount.total,
        state=transaction.trade_state,
        success_time=instant(transaction.success_time),
        appid=transaction.appid,
        mchid=transaction.mchid,
        currency=transaction.amount.currency,
    )


def _refund_told(raw: bytes) -> RefundTold:
    refund = decode(raw, wire.Refund)
    if refund.amount.currency != CURRENCY:
        raise PaymentAnswerUntrusted(reason="currency")
    try:
        ended_at = instant(refund.success_time)
    except ValueError as error:
        raise PaymentAnswerUntrusted(reason="unreadable") from error
    return RefundTold(
        refund_number=refund.out_refund_no,
        order_number=refund.out_trade_no,
        state=_STATES[refund.status],
        amount_fen=refund.amount.refund,
        refund_id=refund.refund_id,
        success_time=ended_at,
    )
