"""Refusals of WeChat's sign-in, and which of its codes each one stands for.

`errcode` → wrong code | too frequent | blocked user | our set-up is wrong | unavailable
"""

from typing import Final

from app.kernel.errors import BadGateway, Forbidden, Refusal, TooMany, Unavailable, Unprocessable
from app.kernel.words import Words


class WeChatCodeWrong(Unprocessable):
    """The login code isn't right, was used, or has run out: `wx.login` gives another."""

    code = "wechat_code_wrong"
    title = Words(zh="微信登录凭证无效，请重新登录。", en="WeChat's login code isn't valid; please sign in again.")


class WeChatTooFrequent(TooMany):
    """WeChat takes no more of this user for a minute."""

    code = "wechat_too_frequent"
    title = Words(zh="微信登录过于频繁，请稍后再试。", en="Too many sign-ins by WeChat; please wait a minute.")


class WeChatUserBlocked(Forbidden):
    """WeChat has blocked this user as a risk."""

    code = "wechat_user_blocked"
    title = Words(zh="该微信用户存在风险，无法登录。", en="WeChat has blocked this user.")


class WeChatSetUpWrong(BadGateway):
    """WeChat doesn't accept our appid or secret: an operator must act."""

    code = "wechat_set_up_wrong"
    title = Words(zh="微信登录配置有误。", en="Signing in by WeChat isn't set up correctly.")


class WeChatUnavailable(Unavailable):
    """WeChat can't be reached, is busy, or answers what can't be read."""

    code = "wechat_unavailable"
    title = Words(zh="微信暂时无法连接。", en="WeChat can't be reached right now.")


_FREQUENT_SECONDS: Final = 60
_BY_CODE: Final[dict[int, type[Refusal]]] = {
    -1: WeChatUnavailable,
    40029: WeChatCodeWrong,
    40163: WeChatCodeWrong,
    41008: WeChatCodeWrong,
    40226: WeChatUserBlocked,
    40013: WeChatSetUpWrong,
    40125: WeChatSetUpWrong,
    41002: WeChatSetUpWrong,
    41004: WeChatSetUpWrong,
}
_TOO_FREQUENT: Final = 45011
WECHAT_REFUSALS: Final = (WeChatCodeWrong, WeChatTooFrequent, WeChatUserBlocked, WeChatSetUpWrong, WeChatUnavailable)


def refusal_of(errcode: int) -> Refusal:
    """The refusal that one of WeChat's codes stands for; an unknown one is taken for WeChat being out of order."""
    if errcode == _TOO_FREQUENT:
        return WeChatTooFrequent(retry_after_seconds=_FREQUENT_SECONDS)
    return _BY_CODE.get(errcode, WeChatUnavailable)(channel_code=errcode)
