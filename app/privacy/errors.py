"""Refusals of this room."""

from app.kernel.errors import PreconditionFailed, Unprocessable
from app.kernel.words import Words


class PurposeUnknown(Unprocessable):
    """There is nothing of that name to consent to; `purpose` names it."""

    code = "purpose_unknown"
    title = Words(zh="没有该项授权。", en="There is no such purpose.")


class ConsentsChanged(PreconditionFailed):
    """The consents were changed since they were read."""

    code = "consents_changed"
    title = Words(
        zh="授权设置已在别处修改，请刷新后再试。", en="Your consents were changed meanwhile; please load them again."
    )
