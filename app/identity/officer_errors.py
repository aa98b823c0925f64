"""Refusals about officers and their rights."""

from app.kernel.errors import Conflict, Forbidden, NotFound, TooMany, Unauthorized, Unprocessable
from app.kernel.words import Words


class OfficerUnknown(NotFound):
    """No such officer, or one of another department."""

    code = "officer_unknown"
    title = Words(zh="未找到该工作人员。", en="There is no such officer.")


class OfficerCodeTaken(Conflict):
    """Another officer has this code."""

    code = "officer_code_taken"
    title = Words(zh="该工号已被使用。", en="This code is another officer's.")


class OfficerDismissed(Conflict):
    """The officer was dismissed; whoever comes back is appointed anew."""

    code = "officer_dismissed"
    title = Words(zh="该工作人员已离任。", en="This officer was dismissed.")


class EnrolmentRefused(Unauthorized):
    """The one-time code isn't this officer's, was used, or has run out; which isn't said."""

    code = "enrolment_refused"
    title = Words(zh="开通码无效。", en="This enrolment code isn't valid.")


class OldKeyNotProved(Forbidden):
    """The challenge isn't signed with the key of the present certificate."""

    code = "old_key_not_proved"
    title = Words(zh="未能证明持有现有证书的密钥。", en="The key of the present certificate wasn't proved.")


class GrantUnknown(NotFound):
    """The officer holds no such right."""

    code = "grant_unknown"
    title = Words(zh="未找到该授权。", en="There is no such right.")


class GrantWithdrawn(Conflict):
    """The right was withdrawn; it can be granted anew."""

    code = "grant_withdrawn"
    title = Words(zh="该授权已被撤销。", en="This right was withdrawn.")


class GrantBeyondReach(Forbidden):
    """An administrator grants and appoints within their own department and divisions only; `divisions` says theirs."""

    code = "grant_beyond_reach"
    title = Words(zh="超出您的管理范围。", en="This is beyond what you administer.")


class ActionUnknown(Unprocessable):
    """Nothing by that name can be done."""

    code = "action_unknown"
    title = Words(zh="没有该权限项。", en="There is no such action.")


class AdministrationsExclude(Conflict):
    """System, security and audit administrators are three people (三员分立); `held` is what this officer administers."""

    code = "administrations_exclude"
    title = Words(
        zh="系统管理员、安全管理员和审计管理员须由三人分别担任。",
        en="System, security and audit administrators are three people.",
    )


class DailyCapReached(TooMany):
    """The officer has looked at as many people today as anybody may; who audits is told."""

    code = "daily_cap_reached"
    title = Words(zh="今日查询次数已达上限。", en="No more people can be looked at today.")


class BreakGlassUnknown(NotFound):
    """No such request that the officer may see."""

    code = "break_glass_unknown"
    title = Words(zh="未找到该紧急查询申请。", en="There is no such break-glass request.")


class BreakGlassDecided(Conflict):
    """The request was approved or refused before."""

    code = "break_glass_decided"
    title = Words(zh="该紧急查询申请已有结论。", en="This break-glass request was decided before.")


class BreakGlassLapsed(Conflict):
    """Nobody saw the request in time; whoever still needs to look asks again."""

    code = "break_glass_lapsed"
    title = Words(zh="该紧急查询申请逾期未审，请重新申请。", en="Nobody saw this request in time; please ask again.")


class DepartmentNotKnown(Unprocessable):
    """The city has no such department."""

    code = "department_not_known"
    title = Words(zh="没有该部门。", en="There is no such department.")
