"""Refusals of signing in by WeChat."""

from app.kernel.errors import Conflict, NotFound, Unprocessable
from app.kernel.words import Words


class WeChatTicketWrong(Unprocessable):
    """The ticket was used, has run out, or was never given."""

    code = "wechat_ticket_wrong"
    title = Words(
        zh="绑定凭证无效或已过期，请重新打开小程序。", en="This ticket isn't valid; please open the mini-program again."
    )


class WeChatTaken(Conflict):
    """The WeChat account belongs to another citizen."""

    code = "wechat_taken"
    title = Words(zh="该微信已绑定其他账户。", en="This WeChat account already belongs to another account.")


class WeChatBoundAlready(Conflict):
    """The citizen has bound another WeChat account of this app; it must be unbound first."""

    code = "wechat_bound_already"
    title = Words(zh="您已绑定另一微信，请先解绑。", en="Another WeChat account is bound; unbind it first.")


class WeChatNotBound(NotFound):
    """The citizen has bound no WeChat account."""

    code = "wechat_not_bound"
    title = Words(zh="您尚未绑定微信。", en="No WeChat account is bound.")
