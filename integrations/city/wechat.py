"""The WeChat party: `code2Session` as WeChat answers it, for anybody whom a developer lets open the mini-program."""

import hashlib
import hmac
import secrets
from typing import Final

import msgspec
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from app.kernel import clock
from integrations.city.world import City

CODE_SECONDS: Final = 300
_REASONS: Final = {
    40013: "invalid appid",
    40125: "invalid appsecret",
    41008: "missing code",
    40029: "invalid code",
    40163: "code been used",
    40226: "code blocked",
}


class WeChatController(Controller):
    """`/wechat/sns/jscode2session`: WeChat answers 200 also when it refuses, as text/plain."""

    path = "/wechat/sns"

    @get("/jscode2session")
    async def code_to_session(
        self,
        city: NamedDependency[City],
        appid: FromQuery[str] = "",
        secret: FromQuery[str] = "",
        js_code: FromQuery[str] = "",
    ) -> Response[bytes]:
        """Turn a login code into an identity, once."""
        await city.faults.suffer("wechat")
        code = _flaw(city, appid, secret) or (41008 if not js_code else 0)
        answer = _refused(code) if code else _used(city, js_code)
        return Response(city.faults.spoil("wechat", msgspec.json.encode(answer)), media_type="text/plain")


def log_in(city: City, user: str, *, blocked: bool) -> str:
    """Give the login code of somebody who opens the mini-program (`wx.login`)."""
    code = secrets.token_urlsafe(24)
    expires_at = clock.epoch_seconds() + CODE_SECONDS
    city.store.write("INSERT INTO wechat_code VALUES (?, ?, ?, ?, 0)", code, user, int(blocked), expires_at)
    return code


def _flaw(city: City, appid: str, secret: str) -> int:
    if appid != city.accounts.appid:
        return 40013
    return 0 if hmac.compare_digest(secret, city.accounts.wechat_secret) else 40125


def _used(city: City, code: str) -> dict[str, object]:
    row = city.store.one("SELECT * FROM wechat_code WHERE code = ?", code)
    if row is None or row["expires_at"] <= clock.epoch_seconds():
        return _refused(40029)
    if row["blocked"]:
        return _refused(40226)
    if not city.store.write("UPDATE wechat_code SET used = 1 WHERE code = ? AND used = 0", code):
        return _refused(40163)
    return {
        "session_key": secrets.token_urlsafe(16) + "==",
        "openid": _name("o", f"{city.accounts.appid} {row['user']}"),
        "unionid": _name("u", str(row["user"])),
    }


def _name(first: str, of: str) -> str:
    """An openid or unionid: 28 characters, the same each time for the same person."""
    return first + hashlib.sha256(of.encode()).hexdigest()[:27]


def _refused(code: int) -> dict[str, object]:
    return {"errcode": code, "errmsg": f"{_REASONS[code]}, rid: {secrets.token_hex(8)}"}
