"""Refusals of the text-message channel, and which of its codes each one stands for.

`SmsRefused` → wrong phone | blocked phone | text not allowed | too many | our set-up is wrong | channel down | outcome unknown
"""

from typing import Final

from app.kernel.errors import BadGateway, Refusal, TooMany, Unavailable, Unprocessable
from app.kernel.words import Words


class SmsPhoneInvalid(Unprocessable):
    """The channel knows no such phone number."""

    code = "sms_phone_invalid"
    title = Words(zh="手机号码无法接收短信。", en="This phone number can't receive text messages.")


class SmsPhoneBlocked(Unprocessable):
    """The owner of the phone has opted out at the carrier (免打扰名单)."""

    code = "sms_phone_blocked"
    title = Words(zh="该手机号已退订短信。", en="This phone has opted out of text messages.")


class SmsTextNotAllowed(BadGateway):
    """The template, its parameters or its length aren't what the channel approved."""

    code = "sms_text_not_allowed"
    title = Words(zh="短信内容未获通道批准。", en="The channel doesn't take the text of this message.")


class SmsTooFrequent(TooMany):
    """The channel's own limit for this phone was reached."""

    code = "sms_too_frequent"
    title = Words(
        zh="短信发送过于频繁，请稍后再试。", en="Too many text messages to this phone; please try again later."
    )


class SmsSetUpWrong(BadGateway):
    """The channel doesn't accept our credentials, application or signature: an operator must act."""

    code = "sms_set_up_wrong"
    title = Words(zh="短信通道配置有误。", en="The text-message channel isn't set up correctly.")


class SmsUnavailable(Unavailable):
    """The channel can't be reached or is busy; nothing was sent."""

    code = "sms_unavailable"
    title = Words(zh="短信通道暂不可用。", en="Text messages can't be sent right now.")


class SmsOutcomeUnknown(BadGateway):
    """The request left, and no answer that can be read came back: the message may have been sent."""

    code = "sms_outcome_unknown"
    title = Words(zh="短信发送结果未知。", en="It isn't known whether the text message was sent.")


_RETRY_SECONDS: Final = {
    "LimitExceeded.PhoneNumberThirtySecondLimit": 30,
    "LimitExceeded.PhoneNumberOneHourLimit": 3600,
    "LimitExceeded.PhoneNumberDailyLimit": 86_400,
    "LimitExceeded.PhoneNumberSameContentDailyLimit": 86_400,
}
_BY_PREFIX: Final[tuple[tuple[str, type[Refusal]], ...]] = (
    ("InvalidParameterValue.IncorrectPhoneNumber", SmsPhoneInvalid),
    ("FailedOperation.PhoneNumberInBlacklist", SmsPhoneBlocked),
    ("FailedOperation.ContainSensitiveWord", SmsTextNotAllowed),
    ("FailedOperation.TemplateIncorrectOrUnapproved", SmsTextNotAllowed),
    ("FailedOperation.TemplateParamSetNotMatchApprovedTemplate", SmsTextNotAllowed),
    ("FailedOperation.TemplateUnapprovedOrNotExist", SmsTextNotAllowed),
    ("InvalidParameterValue.ContentLengthLimit", SmsTextNotAllowed),
    ("InvalidParameterValue.TemplateParameter", SmsTextNotAllowed),
    ("InternalError", SmsUnavailable),
    ("RequestLimitExceeded", SmsUnavailable),
    ("ResourceUnavailable", SmsUnavailable),
)


def refusal_of(channel_code: str) -> Refusal:
    """Name a code of the channel (SendSms 2021-01-11, error code table); an unknown one counts as our set-up being wrong."""
    if channel_code.startswith("LimitExceeded"):
        return SmsTooFrequent(retry_after_seconds=_RETRY_SECONDS.get(channel_code, 60), channel_code=channel_code)
    for prefix, kind in _BY_PREFIX:
        if channel_code.startswith(prefix):
            return kind(channel_code=channel_code)
    return SmsSetUpWrong(channel_code=channel_code)
