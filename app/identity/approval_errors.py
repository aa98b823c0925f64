"""Refusals of approvals."""

from app.kernel.errors import Conflict, NotFound
from app.kernel.words import Words


class ApprovalUnknown(NotFound):
    """The citizen was asked for no such approval."""

    code = "approval_unknown"
    title = Words(zh="未找到该确认请求。", en="There is no such request for approval.")


class ApprovalOver(Conflict):
    """It has run out, or was decided otherwise."""

    code = "approval_over"
    title = Words(zh="该确认请求已过期或已处理。", en="This request has run out, or was decided already.")


class NoDeviceToAsk(Conflict):
    """The citizen has no enrolled device that could approve."""

    code = "no_device_to_ask"
    title = Words(zh="您没有可用于确认的已绑定设备。", en="You have no enrolled device that could approve this.")
