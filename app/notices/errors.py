"""This room's refusals."""

from app.kernel.errors import Conflict, Forbidden, NotFound, Unavailable, Unprocessable
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


class NotPushed(Unprocessable):
    """The matter isn't one that people switch on; `matter` names it."""

    code = "not_pushed"
    title = Words(zh="该事项没有可开通的推送。", en="This isn't a matter that can be switched on.")


class AnotherDepartmentsMatter(Forbidden):
    """Only the matter's own department sends what is sent of it; `department` is that."""

    code = "another_departments_matter"
    title = Words(zh="该推送事项由其他部门负责。", en="This matter is another department's to send.")


class TopicUnknown(Unprocessable):
    """The matter has no such topics to choose; `topics` names them."""

    code = "topic_unknown"
    title = Words(zh="没有该选项。", en="There's no such topic.")


class AdvertiserMissing(Unprocessable):
    """What is sent of this matter is advertising, which names who advertises and how to reach them (广告法 art. 43)."""

    code = "advertiser_missing"
    title = Words(
        zh="广告须写明广告主及其联系方式。", en="An advertisement names its advertiser and how to reach them."
    )


class NoAdvertisements(Unprocessable):
    """The matter carries no advertising."""

    code = "no_advertisements"
    title = Words(zh="该推送事项不含广告。", en="This matter carries no advertising.")


class NothingUrgent(Unprocessable):
    """The matter doesn't promise urgent notices besides the usual ones."""

    code = "nothing_urgent"
    title = Words(zh="该推送事项不设紧急通知。", en="Nothing urgent is sent of this matter.")


class TooManyStreams(Unavailable):
    """As many live streams are open as the server can hold."""

    code = "too_many_streams"
    title = Words(
        zh="实时连接过多，请稍后重试或刷新收件箱。",
        en="Too many live streams are open; try again later, or read the inbox.",
    )
