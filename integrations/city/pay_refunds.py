"""Refunds at the city's WeChat Pay: taken once for each number, never more than was paid, ended as it is told to."""

import secrets
from datetime import datetime, timedelta
from typing import Final

import msgspec

from app.kernel import clock
from integrations.city import post
from integrations.city.errors import CityOrderUnknown
from integrations.city.pay_orders import PAID, ApiRefused, Kept, find_order
from integrations.city.world import City
from integrations.wechat_pay import wire
from integrations.wechat_pay.port import TradeState

REFUNDABLE: Final = timedelta(days=365)
MOST_REFUNDS: Final = 50
_ACCOUNT: Final = "支付用户零钱"


class KeptRefund(msgspec.Struct, frozen=True):
    """A refund as it is kept, in its present state."""

    request: wire.RefundRequest
    refund_id: str
    created_at: datetime
    status: wire.RefundStatus
    ended_at: datetime | None


def refund_order(city: City, raw: bytes) -> wire.Refund:
    """Take a refund; the same number again gives the same one, with other parameters it is refused."""
    try:
        asked = msgspec.json.decode(raw, type=wire.RefundRequest)
    except msgspec.DecodeError as error:
        raise ApiRefused(400, "PARAM_ERROR", str(error)) from error
    order = find_order(city, asked.out_trade_no)
    if order is None:
        raise ApiRefused(404, "RESOURCE_NOT_EXISTS", "订单号不存在")
    known = find_refund(city, asked.out_refund_no)
    if known is not None:
        if (known.request.out_trade_no, known.request.amount) != (asked.out_trade_no, asked.amount):
            raise ApiRefused(400, "INVALID_REQUEST", "订单金额或退款金额与之前请求不一致")
        return told(city, known)
    _require_refundable(city, order, asked)
    _take(city, asked)
    return told(city, require_refund(city, asked.out_refund_no))


def find_refund(city: City, out_refund_no: str) -> KeptRefund | None:
    """Find a refund as it is by now."""
    row = city.store.one("SELECT * FROM pay_refund WHERE out_refund_no = ?", out_refund_no)
    if row is None:
        return None
    ended = row["ending"] != "PROCESSING" and row["ends_at"] <= clock.now().timestamp()
    return KeptRefund(
        request=msgspec.json.decode(row["request"], type=wire.RefundRequest),
        refund_id=row["refund_id"],
        created_at=datetime.fromtimestamp(row["created_at"], clock.SHANGHAI),
        status=row["ending"] if ended else "PROCESSING",
        ended_at=datetime.fromtimestamp(row["ends_at"], clock.SHANGHAI) if ended else None,
    )


def require_refund(city: City, out_refund_no: str) -> KeptRefund:
    """Find a refund, or refuse as the platform does."""
    kept = find_refund(city, out_refund_no)
    if kept is None:
        raise ApiRefused(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
    return kept


def refunds_of(city: City, out_trade_no: str) -> list[KeptRefund]:
    """The refunds of an order."""
    rows = city.store.all(
        "SELECT out_refund_no FROM pay_refund WHERE out_trade_no = ? ORDER BY created_at", out_trade_no
    )
    return [require_refund(city, row["out_refund_no"]) for row in rows]


def end_refund(city: City, out_refund_no: str, ending: wire.RefundStatus) -> KeptRefund:
    """End a refund now, also one that had ended otherwise; the callback is queued. Refuses `CityOrderUnknown`."""
    if find_refund(city, out_refund_no) is None:
        raise CityOrderUnknown
    with city.store.together():
        city.store.write(
            "UPDATE pay_refund SET ending = ?, ends_at = ? WHERE out_refund_no = ?",
            *(ending, clock.now().timestamp(), out_refund_no),
        )
        _tell(city, out_refund_no, ending, 0)
    return require_refund(city, out_refund_no)


def told(city: City, kept: KeptRefund) -> wire.Refund:
    """A refund as the platform answers with it."""
    order = find_order(city, kept.request.out_trade_no)
    amount = kept.request.amount
    return wire.Refund(
        refund_id=kept.refund_id,
        out_refund_no=kept.request.out_refund_no,
        transaction_id=(order.transaction_id if order else None) or "",
        out_trade_no=kept.request.out_trade_no,
        status=kept.status,
        amount=wire.RefundedAmount(
            amount.total, amount.refund, amount.total, amount.refund, amount.total, amount.refund
        ),
        user_received_account=_ACCOUNT,
        create_time=kept.created_at.isoformat(timespec="seconds"),
        success_time=kept.ended_at.isoformat(timespec="seconds")
        if kept.ended_at and kept.status == "SUCCESS"
        else None,
    )


def _take(city: City, asked: wire.RefundRequest) -> None:
    now, manner = clock.now(), city.pay_manners.refunds
    refund_id = f"50300{now:%Y%m%d}{secrets.randbelow(10**16):016d}"
    with city.store.together():
        city.store.write(
            "INSERT INTO pay_refund VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(asked.out_refund_no, asked.out_trade_no, msgspec.json.encode(asked), refund_id, now.timestamp()),
            *(manner.ending, now.timestamp() + manner.after_seconds),
        )
        city.store.write("UPDATE pay_order SET state = ? WHERE out_trade_no = ?", TradeState.REFUND, asked.out_trade_no)
        _tell(city, asked.out_refund_no, manner.ending, manner.after_seconds)


def _tell(city: City, out_refund_no: str, ending: wire.RefundStatus, due_in: float) -> None:
    if ending != "PROCESSING":
        post.send(city, post.Item(f"EV-{secrets.token_hex(16)}", "wechat_pay_refund", out_refund_no, b""), due_in)


def _require_refundable(city: City, order: Kept, asked: wire.RefundRequest) -> None:
    """Check what the order allows: paid, of that total, lately enough, not too often, and no more than is left."""
    if order.state not in PAID or order.success_time is None:
        raise ApiRefused(400, "INVALID_REQUEST", "订单未支付，不能退款")
    if asked.amount.total != order.request.amount.total:
        raise ApiRefused(400, "INVALID_REQUEST", "订单金额不一致")
    now = clock.now()
    if now - datetime.fromisoformat(order.success_time) > REFUNDABLE:
        raise ApiRefused(400, "INVALID_REQUEST", "订单已超过退款期限")
    earlier = refunds_of(city, asked.out_trade_no)
    if len(earlier) >= MOST_REFUNDS:
        raise ApiRefused(400, "INVALID_REQUEST", "一笔订单最多支持50次部分退款")
    interval = timedelta(seconds=city.pay_manners.refunds.interval_seconds)
    if any(now - one.created_at < interval for one in earlier):
        raise ApiRefused(429, "FREQUENCY_LIMITED", "同一笔订单多次退款需要间隔1分钟")
    given = sum(one.request.amount.refund for one in earlier if one.status != "CLOSED")
    if given + asked.amount.refund > asked.amount.total:
        raise ApiRefused(400, "INVALID_REQUEST", "申请退款金额大于订单可退金额")
