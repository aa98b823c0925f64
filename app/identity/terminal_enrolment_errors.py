"""Refusals of enrolling terminals."""

from app.kernel.errors import Conflict, NotFound, Unauthorized
from app.kernel.words import Words


class EnrolmentCodeWrong(Unauthorized):
    """No terminal has this enrolment code, or too much was tried for it."""

    code = "enrolment_code_wrong"
    title = Words(zh="终端开通码无效。", en="This enrolment code isn't valid.")


class EnrolmentCodeExpired(Conflict):
    """The enrolment code's time is over, or a newer one replaced it."""

    code = "enrolment_code_expired"
    title = Words(zh="终端开通码已过期，请重新获取。", en="This enrolment code has run out; please ask for a new one.")


class EnrolmentCodeUsed(Conflict):
    """The enrolment code was used with another key; whoever issued it is shown that somebody tried again."""

    code = "enrolment_code_used"
    title = Words(
        zh="终端开通码已被另一密钥使用，请联系发放人。",
        en="This enrolment code was used with another key; please tell whoever issued it.",
    )


class TerminalKeyKnown(Conflict):
    """The key was certified for a terminal before; each terminal makes its own, and a new one each time."""

    code = "terminal_key_known"
    title = Words(zh="该密钥已用于终端证书，请生成新密钥。", en="A terminal has had this key; please make a new one.")


class TerminalUnknown(NotFound):
    """There is no terminal of that code."""

    code = "terminal_unknown"
    title = Words(zh="没有该终端。", en="There is no such terminal.")
