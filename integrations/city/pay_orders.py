"""Orders at the city's WeChat Pay: open, paid, closed or expired, and never anything else twice."""

import ipaddress
import secrets
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import msgspec

from app.kernel import clock
from integrations.city import post
from integrations.city.errors import CityOrderNotPayable, CityOrderUnknown
from integrations.city.world import City
from integrations.wechat_pay import wire
from integrations.wechat_pay.port import TradeState

_DEFAULT_LIFE: Final = timedelta(days=7)
_LONGEST_LIFE: Final = timedelta(days=90)
_DESCRIPTIONS: Final = {
    TradeState.SUCCESS: "支付成功",
    TradeState.NOTPAY: "订单未支付",
    TradeState.CLOSED: "订单已关闭",
    TradeState.REFUND: "转入退款",
}
PAID: Final = frozenset({TradeState.SUCCESS, TradeState.REFUND})
"""The states of an order that was paid, also where some of it went back since."""


class ApiRefused(Exception):  # noqa: N818 - a refusal is named as a fact
    """WeChat Pay refuses with an HTTP status and a code of its table."""

    def __init__(self, status: int, code: str, message: str) -> None:
        """Refuse with a code of the platform's table."""
        super().__init__(status, code, message)
        self.status = status
        self.problem = wire.Problem(code, message)


class Kept(msgspec.Struct, frozen=True):
    """An order as it is kept."""

    request: wire.PrepayRequest
    state: TradeState
    prepay_id: str
    transaction_id: str | None
    success_time: str | None


def open_order(city: City, raw: bytes) -> wire.PrepayResponse:
    """Open an order; the same number with equal parameters gives a fresh prepay id, with others it is refused."""
    try:
        asked = msgspec.json.decode(raw, type=wire.PrepayRequest)
    except msgspec.DecodeError as error:
        raise ApiRefused(400, "PARAM_ERROR", str(error)) from error
    _require_sound(city, asked)
    prepay_id = f"wx{clock.now():%d%H%M%S}{secrets.token_hex(14)}"
    kept = find_order(city, asked.out_trade_no)
    if kept is None:
        city.store.write(
            "INSERT INTO pay_order VALUES (?, ?, ?, ?, NULL, NULL)",
            asked.out_trade_no,
            msgspec.json.encode(_with_expiry(asked)),
            TradeState.NOTPAY,
            prepay_id,
        )
        return wire.PrepayResponse(prepay_id)
    _require_repeatable(kept, asked)
    city.store.write("UPDATE pay_order SET prepay_id = ? WHERE out_trade_no = ?", prepay_id, asked.out_trade_no)
    return wire.PrepayResponse(prepay_id)


def find_order(city: City, out_trade_no: str) -> Kept | None:
    """Find an order; one that wasn't paid in time is closed."""
    row = city.store.one("SELECT * FROM pay_order WHERE out_trade_no = ?", out_trade_no)
    if row is None:
        return None
    request = msgspec.json.decode(row["request"], type=wire.PrepayRequest)
    kept = Kept(request, TradeState(row["state"]), row["prepay_id"], row["transaction_id"], row["success_time"])
    expired = request.time_expire is not None and datetime.fromisoformat(request.time_expire) <= clock.now()
    return (
        msgspec.structs.replace(kept, state=TradeState.CLOSED) if expired and kept.state is TradeState.NOTPAY else kept
    )


def require_order(city: City, out_trade_no: str) -> Kept:
    """Find an order, or refuse as the platform does."""
    kept = find_order(city, out_trade_no)
    if kept is None:
        raise ApiRefused(404, "ORDER_NOT_EXIST", "订单不存在")
    return kept


def close_order(city: City, out_trade_no: str) -> None:
    """Close an unpaid order; closing it again changes nothing, and a paid one is refused."""
    kept = require_order(city, out_trade_no)
    if kept.state in PAID:
        raise ApiRefused(400, "ORDERPAID", "订单已支付")
    city.store.write("UPDATE pay_order SET state = ? WHERE out_trade_no = ?", TradeState.CLOSED, out_trade_no)


def pay_order(city: City, out_trade_no: str, *, late: bool = False) -> Kept:
    """Let the payer confirm: the order is paid, and the callback is queued, together or not at all.

    A `late` one was confirmed before the order was closed, which the platform finds out afterwards. Refuses `CityOrderUnknown` and
    `CityOrderNotPayable`.
    """
    kept = find_order(city, out_trade_no)
    if kept is None:
        raise CityOrderUnknown
    if kept.state is not (TradeState.CLOSED if late else TradeState.NOTPAY):
        raise CityOrderNotPayable(state=kept.state.value)
    now = clock.now()
    transaction_id = f"42000{now:%Y%m%d}{secrets.randbelow(10**15):015d}"
    with city.store.together():
        city.store.write(
            "UPDATE pay_order SET state = ?, transaction_id = ?, success_time = ? WHERE out_trade_no = ?",
            TradeState.SUCCESS,
            transaction_id,
            now.isoformat(timespec="seconds"),
            out_trade_no,
        )
        post.send(city, post.Item(f"EV-{secrets.token_hex(16)}", "wechat_pay", out_trade_no, b""))
    return require_order(city, out_trade_no)


def transaction(kept: Kept) -> wire.Transaction:
    """Tell an order as a query and a callback do; what only a paid order has is left out before."""
    request = kept.request
    told = wire.Transaction(
        appid=request.appid,
        mchid=request.mchid,
        out_trade_no=request.out_trade_no,
        trade_state=kept.state,
        trade_state_desc=_DESCRIPTIONS.get(kept.state, kept.state.value),
        attach=request.attach,
    )
    if kept.state not in PAID:
        return told
    total = request.amount.total
    return msgspec.structs.replace(
        told,
        transaction_id=kept.transaction_id,
        trade_type="JSAPI",
        bank_type="OTHERS",
        success_time=kept.success_time,
        payer=request.payer,
        amount=wire.PaidAmount(total, total),
    )


def _with_expiry(asked: wire.PrepayRequest) -> wire.PrepayRequest:
    if asked.time_expire is not None:
        return asked
    return msgspec.structs.replace(asked, time_expire=(clock.now() + _DEFAULT_LIFE).isoformat(timespec="seconds"))


def _require_sound(city: City, asked: wire.PrepayRequest) -> None:
    """Check what types can't say: whose order it is, where it is told, and until when it may be paid."""
    if (asked.appid, asked.mchid) != (city.accounts.appid, city.accounts.mchid):
        raise ApiRefused(400, "APPID_MCHID_NOT_MATCH", "appid和mch_id不匹配")
    try:
        address = urlsplit(asked.notify_url)
    except ValueError as error:
        raise ApiRefused(400, "PARAM_ERROR", "notify_url isn't an address") from error
    if address.query or address.fragment or not _may_be_told(address.scheme, address.hostname):
        raise ApiRefused(
            400, "PARAM_ERROR", "notify_url must be https without a query (http only to this machine or network)"
        )
    if asked.time_expire is None:
        return
    try:
        life = datetime.fromisoformat(asked.time_expire) - clock.now()
    except (ValueError, TypeError) as error:
        raise ApiRefused(400, "PARAM_ERROR", "time_expire isn't RFC 3339 with an offset") from error
    if not timedelta(minutes=1) <= life + timedelta(seconds=5) <= _LONGEST_LIFE + timedelta(seconds=5):
        raise ApiRefused(400, "PARAM_ERROR", "time_expire must lie between one minute and 90 days from now")


def _may_be_told(scheme: str, host: str | None) -> bool:
    """Say whether a callback may go there: https anywhere, http only to this machine or a private network's address."""
    if scheme == "https" or host == "localhost":
        return bool(host)
    try:
        return scheme == "http" and ipaddress.ip_address(host or "").is_private
    except ValueError:
        return False


def _require_repeatable(kept: Kept, asked: wire.PrepayRequest) -> None:
    if kept.state in PAID:
        raise ApiRefused(400, "ORDERPAID", "订单已支付")
    if kept.state is TradeState.CLOSED:
        raise ApiRefused(400, "ORDER_CLOSED", "订单已关闭")
    known = kept.request if asked.time_expire else msgspec.structs.replace(kept.request, time_expire=None)
    if known != asked:
        raise ApiRefused(403, "OUT_TRADE_NO_USED", "商户订单号重复")
