"""Refusals about acting for others."""

from app.kernel.errors import BadRequest, Conflict, Forbidden, NotFound, Unprocessable
from app.kernel.words import Words


class ActingForWrong(BadRequest):
    """The header `Fuhai-Acting-For` isn't the id of one person."""

    code = "acting_for_wrong"
    title = Words(zh="Fuhai-Acting-For 请求头格式有误。", en="The Fuhai-Acting-For header isn't one person's id.")


class NotForOthers(Forbidden):
    """This is never done for another person."""

    code = "not_for_others"
    title = Words(zh="该操作只能由本人办理。", en="Nobody can do this for another person.")


class PowerNotPassedOn(Forbidden):
    """Whoever acts by a power can't hand it on (不得转委托)."""

    code = "power_not_passed_on"
    title = Words(zh="代办权限不得转授他人。", en="A power to act can't be passed on.")


class PowerUnknown(Forbidden):
    """There's no such person, or no power from them that holds today; which of these isn't said."""

    code = "power_unknown"
    title = Words(zh="您没有为此人办事的有效权限。", en="You hold no power to act for such a person.")


class GuardianshipEnded(Forbidden):
    """The caller was this person's guardian and isn't any more: they are of age, or it was decided so."""

    code = "guardianship_ended"
    title = Words(zh="您对此人的监护关系已终止。", en="You are no longer this person's guardian.")


class NotOfFullCapacity(Forbidden):
    """Powers are given and taken by adults of full capacity (民法典 arts. 17, 18)."""

    code = "not_of_full_capacity"
    title = Words(
        zh="仅完全民事行为能力人可以授予或接受代办权限。", en="Only adults of full capacity can give or take a power."
    )


class DelegateIsOneself(Unprocessable):
    """A power to oneself."""

    code = "delegate_is_oneself"
    title = Words(zh="不能授权给本人。", en="You need no power to act for yourself.")


class DelegationWindowWrong(Unprocessable):
    """The days don't lie between today and the longest time allowed; `days_max` says how long."""

    code = "delegation_window_wrong"
    title = Words(zh="授权期限有误。", en="These days can't be the days of a power.")


class DelegationUnconfirmed(Forbidden):
    """To let somebody sign for oneself takes level 3, or a code that was sent for exactly this offer."""

    code = "delegation_unconfirmed"
    title = Words(
        zh="授予办件权限需要三级认证或短信验证码确认。",
        en="Letting somebody apply for you takes level 3, or a code from a text message.",
    )


class TooManyDelegations(Conflict):
    """The giver or the delegate has as many as allowed; `limit` says how many."""

    code = "too_many_delegations"
    title = Words(zh="代办授权数量已达上限。", en="There can't be more powers at once.")


class DelegationUnknown(NotFound):
    """No such delegation, or one between others."""

    code = "delegation_unknown"
    title = Words(zh="未找到该授权。", en="There is no such delegation.")


class DelegationOver(Conflict):
    """The delegation can't be answered any more; `state` says why."""

    code = "delegation_over"
    title = Words(zh="该授权已处理或已失效。", en="This delegation was answered already, or is over.")


class NoPhoneKnown(Conflict):
    """The giver has no phone that a code could be sent to."""

    code = "no_phone_known"
    title = Words(zh="您尚未登记手机号，无法接收验证码。", en="No phone of yours is known to send a code to.")
