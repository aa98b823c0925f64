"""The WeChat Pay party: APIv3 for JSAPI payments, with signed answers and encrypted, signed callbacks."""

import secrets
from datetime import datetime
from typing import Final

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath

from app.kernel import clock
from integrations.city import pay_orders
from integrations.city.pay_orders import ApiRefused
from integrations.city.post import Item, Parcel
from integrations.city.world import City
from integrations.wechat_pay import wire
from integrations.wechat_pay.sealed import seal
from integrations.wechat_pay.signing import SCHEME, answer_text, holds, read_authorization, request_text, sign

CLOCK_SKEW_SECONDS: Final = 300


class WeChatPayController(Controller):
    """`/wechat-pay/v3/…`, as `https://api.mch.weixin.qq.com/v3/…`."""

    path = "/wechat-pay/v3/pay/transactions"

    @post("/jsapi", status_code=200)
    async def prepay(self, request: Request[object, object, State], city: NamedDependency[City]) -> Response[bytes]:
        """Open an order."""
        raw = await _verified(city, request)
        return _answer(city, 200, pay_orders.open_order(city, raw))

    @get("/out-trade-no/{out_trade_no:str}")
    async def query(
        self, request: Request[object, object, State], out_trade_no: FromPath[str], city: NamedDependency[City]
    ) -> Response[bytes]:
        """Tell an order."""
        await _verified(city, request)
        _require_merchant(city, request.query_params.get("mchid"))
        return _answer(city, 200, pay_orders.transaction(pay_orders.require_order(city, out_trade_no)))

    @post("/out-trade-no/{out_trade_no:str}/close", status_code=200)
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


def refuse(_: Request[object, object, State], refusal: ApiRefused) -> Response[bytes]:
    """Answer a refusal in the platform's form."""
    return Response(msgspec.json.encode(refusal.problem), status_code=refusal.status, media_type="application/json")


def pack_callback(city: City, item: Item, now: datetime) -> Parcel:
    """Encrypt and sign the callback of a paid order, for one attempt; its id stays the same at each."""
    kept = pay_orders.require_order(city, item.subject)
    plain = msgspec.json.encode(pay_orders.transaction(kept))
    notification = wire.Notification(
        id=item.id,
        create_time=kept.success_time or now.isoformat(timespec="seconds"),
        event_type="TRANSACTION.SUCCESS",
        resource_type="encrypt-resource",
        resource=seal(city.accounts.apiv3_key.encode(), plain, secrets.token_hex(6)),
        summary="支付成功",
    )
    body = msgspec.json.encode(notification)
    headers = {"Content-Type": "application/json"} | _signature(city, body)
    return Parcel(kept.request.notify_url, headers, city.faults.spoil("wechat_pay", body))


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


def _signature(city: City, body: bytes) -> dict[str, str]:
    timestamp, nonce = str(clock.epoch_seconds()), secrets.token_hex(16)
    return {
        "Wechatpay-Timestamp": timestamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Serial": city.accounts.platform_serial,
        "Wechatpay-Signature-Type": SCHEME,
        "Wechatpay-Signature": sign(city.platform_key, answer_text(timestamp, nonce, body)),
    }
