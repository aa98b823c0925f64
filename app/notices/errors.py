"""This room's refusals."""

from app.kernel.errors import Conflict, NotFound, Unavailable, Unprocessable
from app.kernel.words import Words


class NoticeNotFound(NotFound):
    """No such notice in the citizen's inbox."""

    code = "notice_not_found"
    title = Words(zh="未找到该通知。", en="There's no such notice in your inbox.")


class CampaignNotFound(NotFound):
    """No such campaign of the officer's department."""

    code = "campaign_not_found"
    title = Words(zh="未找到该通知任务。", en="Your department has no such campaign.")


class CampaignDecided(Conflict):
    """The campaign was approved or rejected before."""

    code = "campaign_decided"
    title = Words(zh="该通知任务已有审批结论。", en="This campaign was decided before.")


class AudienceTooDeep(Unprocessable):
    """An audience nested beyond reason."""

    code = "audience_too_deep"
    title = Words(zh="人群条件嵌套过深。", en="The audience's conditions are nested too deeply.")


class TooManyStreams(Unavailable):
    """As many live streams are open as the server can hold."""

    code = "too_many_streams"
    title = Words(
        zh="实时连接过多，请稍后重试或刷新收件箱。",
        en="Too many live streams are open; try again later, or read the inbox.",
    )
