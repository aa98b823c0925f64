"""Calling WeChat Pay: each request signed, each answer believed only with the platform's signature, and who our account is."""

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
    PaymentAnswerUntrusted,
    PaymentBillWrong,
    PaymentChannelUnavailable,
    PaymentTooFrequent,
    refusal_of,
)
from integrations.wechat_pay.signing import Merchant, authorization, request_text
from integrations.wechat_pay.verification import doubt_about

ATTEMPTS: Final = 3
FIRST_PAUSE_SECONDS: Final = 0.5
MOST_DOWNLOADED_BYTES: Final = 256 * 1024 * 1024
T = TypeVar("T")


class WeChatPayAccount(msgspec.Struct, frozen=True):
    """Our account at WeChat Pay. `platform_keys` are pinned by serial; `apiv3_key` has 32 bytes.

    Refunds are told at `notify_url` with `/refunds` behind it.
    """

    base_url: str
    appid: str
    merchant: Merchant
    apiv3_key: bytes
    platform_keys: Mapping[str, RSAPublicKey]
    notify_url: str

    def __repr__(self) -> str:
        """Show no key."""
        return f"WeChatPayAccount({self.appid!r}, {self.merchant.mchid!r})"


class Caller:
    """Calls the platform as an account. Only what the platform's table allows is tried again, with equal parameters."""

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

    async def call(self, method: str, target: str, body: bytes = b"") -> bytes:
        """Call until an answer is final, and give its genuine body; the signature is made anew for each attempt."""
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
        try:
            return await self._http.request(method, url, content=body, headers=self._headers(method, url, body))
        except httpx.TransportError as error:
            raise PaymentChannelUnavailable from error

    def _headers(self, method: str, url: httpx.URL, body: bytes) -> dict[str, str]:
        stamp = new_stamp()
        text = request_text(method, url.raw_path.decode(), stamp, body)
        return {
            "Authorization": authorization(self._account.merchant, text, stamp),
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": "fuhai",
        }

    async def download(self, address: str) -> bytes:
        """Download a file from where the platform said that it lies. Such an answer is unsigned: check its digest.

        Refuses (`PaymentBillWrong`) another origin than the platform's, and a file that is far too large.
        """
        url = httpx.URL(address)
        if (url.scheme, url.netloc) != (self._base.scheme, self._base.netloc):
            raise PaymentBillWrong(reason="elsewhere")
        parts, size = [], 0
        try:
            async with self._http.stream("GET", url, headers=self._headers("GET", url, b"")) as response:
                if not response.is_success:
                    await response.aread()
                    raise refusal_of(_problem_code(response), response.status_code)
                async for part in response.aiter_raw():
                    parts.append(part)
                    size += len(part)
                    if size > MOST_DOWNLOADED_BYTES:
                        raise PaymentBillWrong(reason="too_large")
        except httpx.TransportError as error:
            raise PaymentChannelUnavailable from error
        return b"".join(parts)

    @property
    def _base(self) -> httpx.URL:
        return httpx.URL(self._account.base_url)

    def _require_genuine(self, response: httpx.Response) -> None:
        doubt = doubt_about(response.headers, response.content, self._account.platform_keys, clock.epoch_seconds())
        if doubt is not None:
            raise PaymentAnswerUntrusted(reason=doubt.value)


def new_stamp() -> tuple[str, str]:
    """The timestamp and nonce of one signature."""
    return str(clock.epoch_seconds()), secrets.token_hex(16).upper()


def decode(raw: bytes, kind: type[T]) -> T:
    """Read a signed answer; refuses (`PaymentAnswerUntrusted`) what isn't one."""
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.DecodeError as error:
        raise PaymentAnswerUntrusted(reason="unreadable") from error


def _problem_code(response: httpx.Response) -> str:
    try:
        return msgspec.json.decode(response.content, type=wire.Problem).code
    except msgspec.DecodeError:
        return "UNREADABLE"


def instant(text: str | None) -> datetime | None:
    """An instant with its offset; raises `ValueError` for any other text."""
    at = None if text is None else datetime.fromisoformat(text)
    if at is not None and at.tzinfo is None:
        message = "an instant without its offset"
        raise ValueError(message)
    return at
