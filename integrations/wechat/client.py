"""The real client of WeChat's `code2Session`; the sandbox city speaks the same protocol."""

import asyncio
from typing import Final

import httpx
import msgspec

from integrations.wechat.errors import WeChatUnavailable, refusal_of
from integrations.wechat.port import WeChatIdentity

PATH: Final = "/sns/jscode2session"
BUSY: Final = -1
PAUSES_SECONDS: Final = (0.1, 0.4)
"""Waited before WeChat is asked again, if it says that it is busy; it is asked three times at the most."""
_OK: Final = 200


class WeChatAccount(msgspec.Struct, frozen=True):
    """Our mini-program at WeChat."""

    base_url: str
    appid: str
    secret: str

    def __repr__(self) -> str:
        """Show no secret."""
        return f"WeChatAccount({self.base_url!r}, {self.appid!r})"


class _Answer(msgspec.Struct, frozen=True):
    """What is read of an answer. The session key isn't: nothing of ours needs it, so it is never held."""

    openid: str = ""
    unionid: str | None = None
    errcode: int = 0


class WeChat:
    """`WeChatSignIn` over `code2Session`."""

    def __init__(self, http: httpx.AsyncClient, account: WeChatAccount) -> None:
        """Speak through `http`, as `account`."""
        self._http = http
        self._account = account

    async def identify(self, login_code: str) -> WeChatIdentity:
        """Use a login code up; see `WeChatSignIn.identify`. Asks again only where WeChat says that it is busy."""
        answer = await self._asked(login_code)
        for pause in PAUSES_SECONDS:
            if answer.errcode != BUSY:
                break
            await asyncio.sleep(pause)
            answer = await self._asked(login_code)
        if answer.errcode:
            raise refusal_of(answer.errcode)
        if not answer.openid:
            raise WeChatUnavailable
        return WeChatIdentity(self._account.appid, answer.openid, answer.unionid or None)

    async def _asked(self, login_code: str) -> _Answer:
        query = {
            "appid": self._account.appid,
            "secret": self._account.secret,
            "js_code": login_code,
            "grant_type": "authorization_code",
        }
        try:
            said = await self._http.get(f"{self._account.base_url}{PATH}", params=query)
        except httpx.TransportError:
            # Without its cause: the request's address holds our secret.
            raise WeChatUnavailable from None
        if said.status_code != _OK:
            raise WeChatUnavailable(status=said.status_code)
        try:
            return msgspec.json.decode(said.content, type=_Answer)
        except (msgspec.DecodeError, RecursionError) as error:
            raise WeChatUnavailable from error
