"""A second payment channel, in memory: the least that stands behind the port. Its callbacks are signed with a shared key."""

import hashlib
import hmac
import json
import uuid
from collections.abc import Mapping
from datetime import date, datetime

from app.kernel import clock
from integrations.wechat_pay.errors import (
    CallbackUnreadable,
    CallbackUntrusted,
    PaymentOrderClosed,
    PaymentOrderNumberUsed,
    PaymentOrderPaid,
    PaymentOrderUnknown,
    PaymentRefundUnknown,
    PaymentRequestWrong,
)
from integrations.wechat_pay.port import (
    BillLine,
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
    TradeState,
)

KEY = b"shared with the plain channel"


class PlainChannel:
    """`PaymentChannel` in memory."""

    def __init__(self) -> None:
        self.orders: dict[str, tuple[PrepayOrder, TradeState]] = {}
        self.refunds: dict[str, RefundOrder] = {}
        self.times: dict[str, datetime] = {}

    @property
    def identity(self) -> ChannelIdentity:
        return ChannelIdentity("plain", "1")

    async def prepay(self, order: PrepayOrder) -> PrepayAnswer:
        known, state = self.orders.setdefault(order.out_trade_no, (order, TradeState.NOTPAY))
        if known != order:
            raise PaymentOrderNumberUsed
        if state is TradeState.CLOSED:
            raise PaymentOrderClosed
        if state is not TradeState.NOTPAY:
            raise PaymentOrderPaid
        return PrepayAnswer(uuid.uuid4().hex, ClientParameters("", "", "", "", ""))

    async def query(self, out_trade_no: str) -> OrderState:
        order, state = self._order(out_trade_no)
        if state not in {TradeState.SUCCESS, TradeState.REFUND}:
            return OrderState(out_trade_no, state, None, None, None)
        return OrderState(out_trade_no, state, f"P{out_trade_no}", order.amount_fen, self.times[out_trade_no])

    async def close(self, out_trade_no: str) -> None:
        order, state = self._order(out_trade_no)
        if state in {TradeState.SUCCESS, TradeState.REFUND}:
            raise PaymentOrderPaid
        self.orders[out_trade_no] = order, TradeState.CLOSED

    def pay(self, number: str) -> None:
        """The payer confirms."""
        self.orders[number] = self._order(number)[0], TradeState.SUCCESS
        self.times[number] = clock.now().replace(microsecond=0)

    async def refund(self, order: RefundOrder) -> RefundTold:
        paid, state = self._order(order.order_number)
        known = self.refunds.get(order.refund_number)
        if known is None:
            given = sum(one.amount_fen for one in self.refunds.values() if one.order_number == order.order_number)
            if state is TradeState.NOTPAY or given + order.amount_fen > paid.amount_fen:
                raise PaymentRequestWrong
            self.refunds[order.refund_number] = order
            self.orders[order.order_number] = paid, TradeState.REFUND
        elif known != order:
            raise PaymentRequestWrong
        return await self.query_refund(order.refund_number)

    async def query_refund(self, refund_number: str) -> RefundTold:
        order = self.refunds.get(refund_number)
        if order is None:
            raise PaymentRefundUnknown
        return RefundTold(
            refund_number, order.order_number, RefundState.REFUNDED, order.amount_fen, f"R{refund_number}"
        )

    def read_callback(self, headers: Mapping[str, str], raw_body: bytes) -> CallbackNotice:
        told = self._read(headers, raw_body)
        order, state = self._order(str(told["order"]))
        number = order.out_trade_no
        return CallbackNotice("1", number, f"P{number}", order.amount_fen, state, None, "plain", "1")

    def read_refund_callback(self, headers: Mapping[str, str], raw_body: bytes) -> RefundNotice:
        order = self.refunds[str(self._read(headers, raw_body)["refund"])]
        return RefundNotice(
            "1",
            order.refund_number,
            order.order_number,
            RefundState.REFUNDED,
            order.amount_fen,
            order.total_fen,
            "1",
        )

    async def trade_bill(self, day: date) -> TradeBill:
        lines = [
            BillLine("payment", at, number, f"P{number}", self._order(number)[0].amount_fen, "SUCCESS")
            for number, at in self.times.items()
            if at.date() == day
        ]
        lines += [
            BillLine(
                "refund",
                clock.now(),
                one.order_number,
                f"P{one.order_number}",
                one.amount_fen,
                "SUCCESS",
                one.refund_number,
                f"R{one.refund_number}",
            )
            for one in self.refunds.values()
        ]
        return TradeBill(day, "plain", tuple(lines))

    def callback(self, **told: str) -> tuple[bytes, dict[str, str]]:
        """A callback with its signature."""
        body = json.dumps(told).encode()
        return body, {"signature": hmac.new(KEY, body, hashlib.sha256).hexdigest()}

    def _order(self, number: str) -> tuple[PrepayOrder, TradeState]:
        if number not in self.orders:
            raise PaymentOrderUnknown
        return self.orders[number]

    @staticmethod
    def _read(headers: Mapping[str, str], raw_body: bytes) -> dict[str, object]:
        if headers.get("signature") != hmac.new(KEY, raw_body, hashlib.sha256).hexdigest():
            raise CallbackUntrusted
        told: dict[str, object] = json.loads(raw_body)
        if not told:
            raise CallbackUnreadable
        return told
