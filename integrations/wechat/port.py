"""What a room may ask of WeChat: whose login code this is."""

from typing import Protocol

import msgspec


class WeChatIdentity(msgspec.Struct, frozen=True):
    """Somebody as WeChat knows them: `openid` in one app, `unionid` (if there is one) in all apps of one owner."""

    appid: str
    openid: str
    unionid: str | None = None

    def __repr__(self) -> str:
        """Show the app only, because what is printed ends in a log."""
        return f"WeChatIdentity({self.appid!r}, …)"


class WeChatSignIn(Protocol):
    """Turns a login code of `wx.login` into an identity."""

    async def identify(self, login_code: str) -> WeChatIdentity:
        """Use a login code up (it counts once, for five minutes); refuses by the classes of `integrations.wechat.errors`."""
        ...
