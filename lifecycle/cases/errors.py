"""What this room refuses."""

from app.kernel import actors
from app.kernel.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    NotFound,
    PreconditionFailed,
    TooMany,
    Unavailable,
    Unprocessable,
)
from app.kernel.words import Words


class CaseNotFound(NotFound):
    """No such case, or a stranger's."""

    code = "case_not_found"
    title = Words(zh="未找到该办件。", en="There's no such case.")


class MatterHasNoForm(NotFound):
    """The matter can't be applied for here."""

    code = "matter_has_no_form"
    title = Words(zh="该事项暂不支持在线申请。", en="This matter can't be applied for online.")


class SubjectUnknown(NotFound):
    """The person concerned is neither the citizen nor their ward."""

    code = "subject_unknown"
    title = Words(
        zh="未找到该家庭成员，或您不是其监护人。", en="This person isn't known as somebody whom you may act for."
    )


class StepNotAllowed(Conflict):
    """The case isn't in a state that allows this step."""

    code = "step_not_allowed"
    title = Words(zh="当前状态不允许此操作。", en="The case's state doesn't allow this step.")


class CaseChanged(PreconditionFailed):
    """The case changed since it was read."""

    code = "case_changed"
    title = Words(zh="办件内容已更新，请刷新后再试。", en="The case changed meanwhile; please load it again.")


class VersionMissing(BadRequest):
    """A change came without saying which version it is based on."""

    code = "if_match_missing"
    title = Words(zh="缺少 If-Match 请求头。", en="The If-Match header is missing.")


class NotTheApplicant(Forbidden):
    """Another guardian applied; only they go on with the case."""

    code = "not_the_applicant"
    title = Words(zh="仅申请人本人可以继续办理。", en="Only the applicant can go on with this case.")


CustodyElsewhere = actors.CustodyElsewhere
"""A guardian who lives apart from the ward applies for nothing alone, neither here nor below."""


class FieldsWrong(Unprocessable):
    """Fields of the form are unknown, of the wrong kind, or not the citizen's to fill in; `errors` points at them."""

    code = "fields_wrong"
    title = Words(zh="表单字段有误，请检查标出的字段。", en="Some fields aren't right; see those pointed at.")


class FormIncomplete(Unprocessable):
    """The form isn't complete, or contradicts itself; `errors` points at what is missing."""

    code = "form_incomplete"
    title = Words(zh="表单尚未填写完整，请检查标出的字段。", en="The form isn't complete; see the fields pointed at.")


class SignatureNeeded(Unprocessable):
    """The matter asks for another kind of signature; `signature` says which."""

    code = "case_signature_needed"
    title = Words(zh="提交该事项需要签名或验证码确认。", en="This matter must be signed, or confirmed by a code.")


class CaseSignatureWrong(Unprocessable):
    """The signature isn't a detached JWS (ES256) over the case's present form; `flaw` says why."""

    code = "case_signature_wrong"
    title = Words(zh="签名无效，或签名内容不是当前表单。", en="The signature doesn't hold over the form as it stands.")


class SignedByAnother(Forbidden):
    """The signing device isn't one of the citizen's own, or was removed."""

    code = "signed_by_another_device"
    title = Words(zh="签名设备不是您当前绑定的设备。", en="The signing device isn't one of yours.")


class ProofNotMade(Unavailable):
    """Status and time of the signature can't be proved just now, so it isn't taken; `reason` says what is wrong."""

    code = "case_proof_not_made"
    title = Words(
        zh="暂时无法为签名留存证明，请稍后再试。", en="The signature can't be proved just now; please try again later."
    )


class NothingProved(NotFound):
    """Nothing was signed on this case, or before evidence was kept."""

    code = "case_nothing_proved"
    title = Words(zh="该办件没有可导出的签名证明。", en="There's no signature on this case to prove.")


class ProofBroken(Conflict):
    """What was archived doesn't hold any more; `reason` says why."""

    code = "case_proof_broken"
    title = Words(zh="留存的签名证明未能通过核验。", en="The archived proof doesn't hold.")


class ConfirmationWrong(Unprocessable):
    """The code is wrong, used up or too old; or the approval wasn't given for this form and session."""

    code = "confirmation_wrong"
    title = Words(zh="验证码或确认无效，或已失效。", en="The code or approval is wrong, or no longer valid.")


class CaseClaimedByAnother(Conflict):
    """Another officer holds the case."""

    code = "case_claimed_by_another"
    title = Words(zh="该办件已由其他工作人员领取。", en="Another officer has claimed this case.")


class CaseNotClaimed(Conflict):
    """An officer decides only what they have claimed."""

    code = "case_not_claimed"
    title = Words(zh="请先领取该办件。", en="Claim the case first.")


class FactsChanged(Conflict):
    """What the departments say now isn't what the citizen signed; `fields` names what differs."""

    code = "facts_changed"
    title = Words(
        zh="部门数据已变化，请核对后要求申请人补正。",
        en="The departments' data changed since; ask the applicant for a correction.",
    )


class NotToRateYet(Conflict):
    """A case is rated once it has come to its end; a draft never."""

    code = "not_to_rate_yet"
    title = Words(zh="办件尚未办结，暂不能评价。", en="A case can be rated once it has come to its end.")


class RatingAnswered(Conflict):
    """The office has answered, so neither what was said nor the answer changes."""

    code = "rating_answered"
    title = Words(zh="该评价已回复，不能再修改。", en="This rating was answered and can't change any more.")


class RatingUnknown(NotFound):
    """The case hasn't been rated."""

    code = "rating_unknown"
    title = Words(zh="该办件尚无评价。", en="This case hasn't been rated.")


class PhoneMissing(Conflict):
    """The citizen has no phone that a code could be sent to."""

    code = "phone_missing"
    title = Words(zh="您尚未登记手机号，无法接收验证码。", en="There's no phone of yours to send a code to.")


class TriedTooOftenHere(TooMany):
    """Too many codes asked for, or tried."""

    code = "confirmation_too_often"
    title = Words(zh="验证码操作过于频繁，请稍后再试。", en="Too many codes; please wait.")


class FactsUnchecked(Unavailable):
    """A department can't be asked just now, and a decision always asks again; `departments` names it."""

    code = "facts_unchecked"
    title = Words(
        zh="暂时无法向部门核验数据，请稍后再作决定。",
        en="A department can't be asked just now; please decide a little later.",
    )


class NumberNeeded(Unprocessable):
    """Departments find people by their identity number, and this person has none yet."""

    code = "number_needed"
    title = Words(zh="此人还没有公民身份号码，请先办理户口登记。", en="This person has no identity number yet.")


class NotInPerson(Conflict):
    """Law wants the applicant at the counter, and nobody was checked in there today for this matter."""

    code = "not_in_person"
    title = Words(
        zh="该步骤须本人到场，今天尚无到场记录。", en="This must be done in person, and nobody was checked in today."
    )


class NotFitFor(Unprocessable):
    """Somebody for whom this can't be applied for; `reason` says why, in both languages."""

    code = "not_fit"
    title = Words(zh="不符合该事项的申请条件。", en="This can't be applied for by, or for, this person.")


class BarredNow(Conflict):
    """Law bars this step as long as something stands in its way; `reason` says what, in both languages."""

    code = "barred_now"
    title = Words(zh="存在法定障碍，暂不能办理此步骤。", en="Law bars this step for now.")


class TooEarlyToDecide(Conflict):
    """Law sets a time before which this can't be decided; `from_on` is its first day."""

    code = "too_early_to_decide"
    title = Words(zh="未到法律规定的时间，暂不能办理此步骤。", en="Law doesn't allow this step yet.")


class TooLateToDecide(Conflict):
    """Law's time for this is over; `until` was its last day."""

    code = "too_late_to_decide"
    title = Words(zh="已超过法律规定的期限，不能再办理此步骤。", en="Law's time for this step is over.")
