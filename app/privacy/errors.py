"""Refusals of this room."""

from app.kernel.errors import Conflict, Forbidden, NotFound, PreconditionFailed, TooMany, Unprocessable
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


class ErasureBlockedNow(Conflict):
    """Something must be finished first; `blocked_by` names what."""

    code = "erasure_blocked"
    title = Words(zh="尚有未了结事项，暂不能注销。", en="Something must be finished first; see what stands in the way.")


class ErasureOrderedAlready(Conflict):
    """The erasure was ordered before, and waits."""

    code = "erasure_ordered_already"
    title = Words(zh="您已申请注销，正在等待期内。", en="Your erasure is ordered already, and waits.")


class ErasureNotOrdered(NotFound):
    """There is no order that could be seen or taken back."""

    code = "erasure_not_ordered"
    title = Words(zh="没有可撤回的注销申请。", en="No erasure is ordered.")


class ErasureCodeWrong(Unprocessable):
    """The code isn't the one that was sent last, or was used."""

    code = "erasure_code_wrong"
    title = Words(zh="验证码有误或已失效。", en="The code is wrong or no longer valid.")


class ErasureCodesTooMany(TooMany):
    """Too many codes were asked for or tried."""

    code = "erasure_codes_too_many"
    title = Words(zh="验证码请求过于频繁，请稍后再试。", en="Too many codes; please try again later.")


class ErasureNeedsPhone(Conflict):
    """No phone is known that a code could be sent to."""

    code = "erasure_needs_phone"
    title = Words(zh="账户没有可接收验证码的手机号。", en="There is no phone that a code could be sent to.")


class CertificateUnknown(NotFound):
    """No erasure was done under this code."""

    code = "certificate_of_erasure_unknown"
    title = Words(zh="没有该注销证明。", en="There is no such certificate of erasure.")


class ConsentTooLong(Unprocessable):
    """The last day lies in the past or too far ahead; `latest` is the last that can be chosen."""

    code = "consent_too_long"
    title = Words(zh="授权截止日期不在允许范围内。", en="The consent can't last until that day.")


class NotYoursToDecide(NotFound):
    """That person is neither the citizen nor a ward of theirs."""

    code = "not_yours_to_decide"
    title = Words(zh="未找到此人。", en="This isn't somebody for whom you may decide.")


class DecidesThemselves(Forbidden):
    """The ward is old enough to decide about their own data."""

    code = "decides_themselves"
    title = Words(
        zh="年满十四周岁的未成年人由本人决定。", en="From 14 on, people decide about their own data themselves."
    )


class DataUnknown(NotFound):
    """Nothing of that name is held of anybody."""

    code = "data_unknown"
    title = Words(zh="没有该类信息。", en="There is no such kind of data.")


class FieldNotCorrectable(Unprocessable):
    """That field isn't held, is changed by the citizen themselves, or tells what was done."""

    code = "field_not_correctable"
    title = Words(zh="该字段不适用更正申请。", en="This field isn't corrected on request.")


class CorrectionAskedAlready(Conflict):
    """A request about the same field is open."""

    code = "correction_asked_already"
    title = Words(zh="该字段已有正在处理的更正申请。", en="A request about this field is open already.")


class CorrectionNotFound(NotFound):
    """There is no such request of the citizen's, or to the officer's department."""

    code = "correction_not_found"
    title = Words(zh="未找到该更正申请。", en="There is no such request for correction.")


class CorrectionDecidedAlready(Conflict):
    """The request was decided, or taken back."""

    code = "correction_decided_already"
    title = Words(zh="该更正申请已办结。", en="This request was decided already.")
