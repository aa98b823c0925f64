"""Refusals of this room."""

from app.kernel.errors import Conflict, NotFound, PreconditionFailed, TooMany, Unprocessable
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


class ExportNotFound(NotFound):
    """There is no such export of the citizen's."""

    code = "export_not_found"
    title = Words(zh="未找到该导出申请。", en="There is no such export.")


class ExportNotReady(Conflict):
    """The archive isn't there (yet, or any more); `state` says why."""

    code = "export_not_ready"
    title = Words(zh="导出文件尚未生成或已过期。", en="The export isn't ready, or was deleted again.")


class ExportTooSoon(TooMany):
    """An export was ordered not long ago."""

    code = "export_too_soon"
    title = Words(zh="每天只能申请一次导出。", en="Only one export a day can be ordered.")
