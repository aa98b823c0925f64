"""The real client of WeChat Pay APIv3 (JSAPI); the sandbox city speaks the same protocol."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Final, TypeVar

import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from app.kernel import clock
from integrations.wechat_pay import wire
from integrations.wechat_pay.errors import (
    RETRYABLE,
    CallbackUnreadable,
    CallbackUntrusted,
    PaymentAnswerUntrusted,
    PaymentChannelUnavailable,
    PaymentTooFrequent,
    refusal_of,
)
from integrations.wechat_pay.port import (
    CallbackNotice,
    ChannelIdentity,
    ClientParameters,
    OrderState,
    PrepayAnswer,
    PrepayOrder,
)
from integrations.wechat_pay.sealed import SealBroken, unseal
from integrations.wechat_pay.signing import Merchant, authorization, client_text, request_text, sign
from integrations.wechat_pay.verification import doubt_about

ATTEMPTS: Final = 3
FIRST_PAUSE_SECONDS: Final = 0.5
T = TypeVar("T")


class WeChatPayAccount(msgspec.Struct, frozen=True):
    """Our account at WeChat Pay. `platform_keys` are pinned by serial; `apiv3_key` has 32 bytes."""

    base_url: str
    appid: str
    merchant: Merchant
    apiv3_key: bytes
    platform_keys: Mapping[str, RSAPublicKey]
    notify_url: str

    def __repr__(self) -> str:
        """Show no key."""
        return f"WeChatPayAccount({self.appid!r}, {self.merchant.mchid!r})"


class WeChatPay:
    """`PaymentChannel` over APIv3. Only what the platform's table allows is tried again, with equal parameters."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        account: WeChatPayAccount,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Speak through `http`, as `account`; `pause` waits between attempts."""
        self._http = http
        self._account = account
        self._pause = pause

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
        raw = await self._call("POST", "/v3/pay/transactions/jsapi", msgspec.json.encode(body))
        prepay_id = _decode(raw, wire.PrepayResponse).prepay_id
        return PrepayAnswer(prepay_id, self._client_parameters(prepay_id))

    async def query(self, out_trade_no: str) -> OrderState:
        """Ask what became of an order; see `PaymentChannel.query`."""
        target = f"{_order_path(out_trade_no)}?mchid={self._account.merchant.mchid}"
        transaction = _decode(await self._call("GET", target), wire.Transaction)
        if transaction.out_trade_no != out_trade_no or not self._is_ours(transaction):
            raise PaymentAnswerUntrusted(reason="another_order")
        try:
            paid_at = _instant(transaction.success_time)
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
        await self._call("POST", f"{_order_path(out_trade_no)}/close", body)

    def read_callback(self, headers: Mapping[str, str], raw_body: bytes) -> CallbackNotice:
        """Verify and decrypt a callback; see `PaymentChannel.read_callback`."""
        doubt = doubt_about(headers, raw_body, self._account.platform_keys, clock.epoch_seconds())
        if doubt is not None:
            raise CallbackUntrusted(reason=doubt.value)
        try:
            notification = msgspec.json.decode(raw_body, type=wire.Notification)
            plain = unseal(self._account.apiv3_key, notification.resource)
            return _notice(notification.id, msgspec.json.decode(plain, type=wire.Transaction))
        except (msgspec.DecodeError, SealBroken, ValueError) as error:
            raise CallbackUnreadable from error

    def _client_parameters(self, prepay_id: str) -> ClientParameters:
        timestamp, nonce = _stamp()
        package = f"prepay_id={prepay_id}"
        text = client_text(self._account.appid, timestamp, nonce, package)
        return ClientParameters(timestamp, nonce, package, "RSA", sign(self._account.merchant.key, text))

    def _is_ours(self, transaction: wire.Transaction) -> bool:
        return (transaction.appid, transaction.mchid) == (self._account.appid, self._account.merchant.mchid)

    async def _call(self, method: str, target: str, body: bytes = b"") -> bytes:
        """Call until an answer is final; the signature is made anew for each attempt."""
        for attempt in range(ATTEMPTS):
            response = await self._send(method, target, body)
            if response.is_success:
                self._require_genuine(response)
                return response.content
            code = _problem_code(response)
            if code not in RETRYABLE or attempt == ATTEMPTS - 1:
                raise refusal_of(code, response.status_code)
            await self._pause(FIRST_PAUSE_SECONDS * 2**attempt)
        raise PaymentTooFrequent(retry_after_seconds=10)

    async def _send(self, method: str, target: str, body: bytes) -> httpx.Response:
        url = httpx.URL(self._account.base_url.rstrip("/") + target)
        stamp = _stamp()
        text = request_text(method, url.raw_path.decode(), stamp, body)
        headers = {
            "Authorization": authorization(self._account.merchant, text, stamp),
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": "fuhai",
        }
        try:
            return await self._http.request(method, url, content=body, headers=headers)
        except httpx.TransportError as error:
            raise PaymentChannelUnavailable from error

    def _require_genuine(self, response: httpx.Response) -> None:
        doubt = doubt_about(response.headers, response.content, self._account.platform_keys, clock.epoch_seconds())
        if doubt is not None:
            raise PaymentAnswerUntrusted(reason=doubt.value)


def _order_path(out_trade_no: str) -> str:
    return f"/v3/pay/transactions/out-trade-no/{out_trade_no}"


def _stamp() -> tuple[str, str]:
    return str(clock.epoch_seconds()), secrets.token_hex(16).upper()


def _decode(raw: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.DecodeError as error:
        raise PaymentAnswerUntrusted(reason="unreadable") from error


def _problem_code(response: httpx.Response) -> str:
    try:
        return msgspec.json.decode(response.content, type=wire.Problem).code
    except msgspec.DecodeError:
        return "UNREADABLE"


def _instant(text: str | None) -> datetime | None:
    """An instant with its offset; raises `ValueError` for any other text."""
    instant = None if text is None else datetime.fromisoformat(text)
    if instant is not None and instant.tzinfo is None:
        message = "an instant without its offset"
        raise ValueError(message)
    return instant


def _notice(notification_id: str, transaction: wire.Transaction) -> CallbackNotice:
    if transaction.transaction_id is None or transaction.amount is None:
        raise CallbackUnreadable
    return CallbackNotice(
        id=notification_id,
        out_trade_no=transaction.out_trade_no,
        transaction_id=transaction.transaction_id,
        amount_fen=transaction.amount.total,
        state=transaction.trade_state,
        success_time=_instant(transaction.success_time),
        appid=transaction.appid,
        mchid=transaction.mchid,
    )
