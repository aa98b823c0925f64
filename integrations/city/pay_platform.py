"""The WeChat Pay party: APIv3 for JSAPI payments, refunds and bills, with signed answers and encrypted, signed callbacks."""

import secrets
from datetime import date, datetime
from typing import Final

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath

from app.kernel import clock
from integrations.city import pay_bills, pay_orders, pay_refunds
from integrations.city.pay_bills import BillShelf
from integrations.city.pay_manners import CallbackOrder
from integrations.city.pay_orders import ApiRefused
from integrations.city.post import Item, Parcel
from integrations.city.world import City
from integrations.wechat_pay import wire
from integrations.wechat_pay.port import TradeState
from integrations.wechat_pay.sealed import seal
from integrations.wechat_pay.signing import SCHEME, answer_text, holds, read_authorization, request_text, sign

CLOCK_SKEW_SECONDS: Final = 300
_shelf: Final = BillShelf()


class WeChatPayController(Controller):
    """`/wechat-pay/v3/…`, as `https://api.mch.weixin.qq.com/v3/…`."""

    path = "/wechat-pay/v3"

    @post("/pay/transactions/jsapi", status_code=200)
    async def prepay(self, request: Request[object, object, State], city: NamedDependency[City]) -> Response[bytes]:
        """Open an order."""
        raw = await _verified(city, request)
        return _answer(city, 200, pay_orders.open_order(city, raw))

    @get("/pay/transactions/out-trade-no/{out_trade_no:str}")
    async def query(
        self, request: Request[object, object, State], out_trade_no: FromPath[str], city: NamedDependency[City]
    ) -> Response[bytes]:
        """Tell an order."""
        await _verified(city, request)
        _require_merchant(city, request.query_params.get("mchid"))
        return _answer(city, 200, pay_orders.transaction(pay_orders.require_order(city, out_trade_no)))

    @post("/pay/transactions/out-trade-no/{out_trade_no:str}/close", status_code=200)
    async def close(
        self, request: Request[object, object, State], out_trade_no: FromPath[str], city: NamedDependency[City]
    ) -> Response[bytes]:
        """Close an order."""
        raw = await _verified(city, request)
        try:
            asked = msgspec.json.decode(raw, type=wire.CloseRequest)
        except msgspec.DecodeError as error:
            raise ApiRefused(400, "PARAM_ERROR", str(error)) from error
        _require_merchant(city, asked.mchid)
        pay_orders.close_order(city, out_trade_no)
        return _answer(city, 204, None)

    @post("/refund/domestic/refunds", status_code=200)
    async def refund(self, request: Request[object, object, State], city: NamedDependency[City]) -> Response[bytes]:
        """Take a refund."""
        raw = await _verified(city, request)
        return _answer(city, 200, pay_refunds.refund_order(city, raw))

    @get("/refund/domestic/refunds/{out_refund_no:str}")
    async def query_refund(
        self, request: Request[object, object, State], out_refund_no: FromPath[str], city: NamedDependency[City]
    ) -> Response[bytes]:
        """Tell a refund."""
        await _verified(city, request)
        return _answer(city, 200, pay_refunds.told(city, pay_refunds.require_refund(city, out_refund_no)))

    @get("/bill/tradebill")
    async def trade_bill(self, request: Request[object, object, State], city: NamedDependency[City]) -> Response[bytes]:
        """Say where the bill of a day lies."""
        await _verified(city, request)
        asked = dict(request.query_params)
        try:
            day = date.fromisoformat(asked.pop("bill_date", ""))
        except ValueError as error:
            raise ApiRefused(400, "PARAM_ERROR", "bill_date isn't a day") from error
        if asked != {"bill_type": "ALL", "tar_type": "GZIP"}:
            raise ApiRefused(400, "PARAM_ERROR", "only all trades, zipped, are billed here")
        raw = pay_bills.the_bill(city, day)
        address = f"{city.options.origin}/wechat-pay/v3/billdownload/file?token="
        place, packed = pay_bills.place_of(raw, address)
        digest = "0" * 40 if city.pay_manners.bills.broken == "digest" else place.hash_value
        told = wire.BillPlace(place.hash_type, digest, address + _shelf.lay(packed))
        return _answer(city, 200, told)

    @get("/billdownload/file")
    async def bill_file(self, request: Request[object, object, State], city: NamedDependency[City]) -> Response[bytes]:
        """Hand out a bill; such an answer isn't signed."""
        await _verified(city, request)
        return Response(_shelf.take(request.query_params.get("token", "")), media_type="application/x-gzip")


def refuse(_: Request[object, object, State], refusal: ApiRefused) -> Response[bytes]:
    """Answer a refusal in the platform's form."""
    return Response(msgspec.json.encode(refusal.problem), status_code=refusal.status, media_type="application/json")


def pack_callback(city: City, item: Item, now: datetime) -> Parcel:
    """Encrypt and sign the callback of a paid order, for one attempt; its id stays the same at each."""
    wanted = _wanted(item)
    kept = pay_orders.require_order(city, item.subject)
    told = msgspec.structs.replace(pay_orders.transaction(kept), trade_state=TradeState.SUCCESS)
    if wanted.amount_fen is not None:
        told = msgspec.structs.replace(told, amount=wire.PaidAmount(wanted.amount_fen, wanted.amount_fen))
    at = kept.success_time or now.isoformat(timespec="seconds")
    notification = _notification(city, (wanted.notice_id or item.id, at), "TRANSACTION.SUCCESS", told)
    return _parcel(city, kept.request.notify_url, notification, wanted)


def pack_refund_callback(city: City, item: Item, now: datetime) -> Parcel:
    """Encrypt and sign the callback of a refund that has ended, for one attempt."""
    wanted = _wanted(item)
    kept = pay_refunds.require_refund(city, item.subject)
    refund = pay_refunds.told(city, kept)
    fen = wanted.amount_fen or refund.amount.refund
    told = wire.RefundTransaction(
        mchid=city.accounts.mchid,
        out_trade_no=refund.out_trade_no,
        transaction_id=refund.transaction_id,
        out_refund_no=refund.out_refund_no,
        refund_id=refund.refund_id,
        refund_status=refund.status,
        amount=wire.CallbackAmount(refund.amount.total, fen, refund.amount.total, fen),
        user_received_account=refund.user_received_account,
        success_time=refund.success_time,
    )
    at = now.isoformat(timespec="seconds")
    notification = _notification(city, (wanted.notice_id or item.id, at), f"REFUND.{refund.status}", told)
    return _parcel(city, kept.request.notify_url or "", notification, wanted)


def _wanted(item: Item) -> CallbackOrder:
    """What is to be wrong about a callback; nothing, unless it was ordered so."""
    return msgspec.json.decode(item.payload, type=CallbackOrder) if item.payload else CallbackOrder(item.subject)


def _notification(city: City, named: tuple[str, str], event: str, told: msgspec.Struct) -> wire.Notification:
    notice_id, at = named
    kind = "refund" if event.startswith("REFUND.") else "transaction"
    return wire.Notification(
        id=notice_id,
        create_time=at,
        event_type=event,
        resource_type="encrypt-resource",
        resource=seal(city.accounts.apiv3_key.encode(), msgspec.json.encode(told), secrets.token_hex(6), kind),
        summary="退款通知" if kind == "refund" else "支付成功",
    )


def _parcel(city: City, url: str, notification: wire.Notification, wanted: CallbackOrder) -> Parcel:
    body = msgspec.json.encode(notification)
    signed = body + b" " if wanted.forged else body
    headers = {"Content-Type": "application/json"} | _signature(city, signed, wanted.seconds_ago)
    return Parcel(url, headers, city.faults.spoil("wechat_pay", body))


async def _verified(city: City, request: Request[object, object, State]) -> bytes:
    """Check who calls (SIGN_ERROR otherwise), and give the raw body."""
    await city.faults.suffer("wechat_pay")
    raw = await request.body()
    claim = read_authorization(request.headers.get("authorization", ""))
    if claim is None or (claim.mchid, claim.serial_no) != (city.accounts.mchid, city.accounts.merchant_serial):
        raise ApiRefused(401, "SIGN_ERROR", "Authorization isn't of this merchant and certificate")
    if not claim.timestamp.isdecimal() or abs(clock.epoch_seconds() - int(claim.timestamp[:12])) > CLOCK_SKEW_SECONDS:
        raise ApiRefused(401, "SIGN_ERROR", "the timestamp is more than five minutes away")
    text = request_text(request.method, _target(request), (claim.timestamp, claim.nonce_str), raw)
    if not holds(city.merchant_key, text, claim.signature):
        raise ApiRefused(401, "SIGN_ERROR", "签名错误，请检查后再试")
    return raw


def _target(request: Request[object, object, State]) -> str:
    path = request.scope["raw_path"].decode("ascii")
    query = request.scope["query_string"].decode("ascii")
    return f"{path}?{query}" if query else path


def _require_merchant(city: City, mchid: str | None) -> None:
    if mchid != city.accounts.mchid:
        raise ApiRefused(400, "PARAM_ERROR", "mchid isn't the caller's")


def _answer(city: City, status: int, content: msgspec.Struct | None) -> Response[bytes]:
    body = b"" if content is None else msgspec.json.encode(content)
    sent = body if content is None else city.faults.spoil("wechat_pay", body)
    headers = _signature(city, body) | {"Request-ID": secrets.token_hex(16)}
    return Response(sent, status_code=status, headers=headers, media_type="application/json")


def _signature(city: City, body: bytes, seconds_ago: int = 0) -> dict[str, str]:
    timestamp, nonce = str(clock.epoch_seconds() - seconds_ago), secrets.token_hex(16)
    return {
        "Wechatpay-Timestamp": timestamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Serial": city.accounts.platform_serial,
        "Wechatpay-Signature-Type": SCHEME,
        "Wechatpay-Signature": sign(city.platform_key, answer_text(timestamp, nonce, body)),
    }
