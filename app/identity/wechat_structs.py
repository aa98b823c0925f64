"""What crosses the wire when somebody signs in by WeChat."""

from datetime import datetime

from app.identity.structs import Opaque, Private, PrivateView, Tokens
from app.kernel.structs import Code, View


class WeChatCode(Private, frozen=True):
    """The login code of `wx.login`, and which client asks."""

    code: Opaque
    client_id: Code


class WeChatTicket(PrivateView, frozen=True):
    """Sign in by phone, prove your name, and bind this WeChat account with the ticket."""

    ticket: str
    expires_in_seconds: int


class WeChatSignedIn(PrivateView, frozen=True):
    """Either the tokens of a session, or the ticket with which an unknown WeChat account is bound."""

    tokens: Tokens | None
    binding: WeChatTicket | None


class WeChatToBind(Private, frozen=True):
    """The ticket of the WeChat account."""

    ticket: Opaque


class WeChatBinding(View, frozen=True):
    """A WeChat account that may sign in as you, in one app."""

    appid: str
    bound_at: datetime


class WeChatBindings(View, frozen=True):
    """Every WeChat account that may sign in as you."""

    items: list[WeChatBinding]
