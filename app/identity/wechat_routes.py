"""Signing in by WeChat, and which WeChat account may."""

from litestar import Controller, delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, SkipValidation

from app.identity import wechat as wechat_accounts
from app.identity.callers import HttpRequest, client_address
from app.identity.errors import SignInRefused, TriedTooOften
from app.identity.freeze_errors import IdentityFrozen
from app.identity.wechat_errors import WeChatBoundAlready, WeChatNotBound, WeChatTaken, WeChatTicketWrong
from app.identity.wechat_structs import WeChatBindings, WeChatCode, WeChatSignedIn, WeChatToBind
from app.kernel.actors import Citizen
from app.kernel.assurance import BY_NAME, LEVEL
from app.kernel.errors import Unauthorized
from app.kernel.problems import problems
from integrations.wechat.errors import WECHAT_REFUSALS
from integrations.wechat.port import WeChatSignIn


class WeChatSignInController(Controller):
    """Signing in from a mini-program."""

    path = "/v1/sign-in/wechat"
    tags = ("Signing in",)
    opt = {"public": True}  # noqa: RUF012 - litestar's own shape

    @post(
        "/",
        operation_id="signInByWeChat",
        status_code=200,
        responses=problems(SignInRefused, IdentityFrozen, TriedTooOften, *WECHAT_REFUSALS),
    )
    async def sign_in(
        self,
        request: HttpRequest,
        data: JSONBody[WeChatCode],
        wechat: NamedDependency[SkipValidation[WeChatSignIn]],
    ) -> WeChatSignedIn:
        """Sign in with a login code of `wx.login`, at level 2; an unknown WeChat account gets a ticket to be bound with."""
        return await wechat_accounts.sign_in(data, wechat, client_address(request))


class WeChatController(Controller):
    """The WeChat account that may sign in as you."""

    path = "/v1/me/wechat"
    tags = ("Identity",)
    opt = {LEVEL: BY_NAME}  # noqa: RUF012 - litestar's own shape

    @get("/", operation_id="listWeChat", responses=problems(Unauthorized))
    async def bindings(self, citizen: NamedDependency[Citizen]) -> WeChatBindings:
        """List the WeChat accounts that may sign in as you."""
        return await wechat_accounts.bindings(citizen)

    @post(
        "/",
        operation_id="bindWeChat",
        status_code=200,
        responses=problems(Unauthorized, WeChatTicketWrong, WeChatTaken, WeChatBoundAlready),
    )
    async def bind(self, citizen: NamedDependency[Citizen], data: JSONBody[WeChatToBind]) -> WeChatBindings:
        """Bind a WeChat account with the ticket that it got; your real name must be proved."""
        return await wechat_accounts.bind(citizen, data)

    @delete("/", operation_id="unbindWeChat", responses=problems(Unauthorized, WeChatNotBound))
    async def unbind(self, citizen: NamedDependency[Citizen]) -> None:
        """Unbind your WeChat account; where it is signed in, it is out."""
        await wechat_accounts.unbind(citizen)
