"""Refusals of this room."""

from app.kernel.errors import Conflict, NotFound, Unprocessable
from app.kernel.words import Words


class DisputeNotFound(NotFound):
    """There is no such dispute, or it isn't the caller's."""

    code = "dispute_not_found"
    title = Words(zh="没有该笔争议。", en="There is no such dispute.")


class NotDisputable(Unprocessable):
    """Only what was paid from the card can be disputed: a payment or a charge."""

    code = "not_disputable"
    title = Words(zh="只能对付款交易提出争议。", en="Only what was paid can be disputed.")


class NothingToGiveBack(Conflict):
    """All of the payment was given back already."""

    code = "nothing_to_give_back"
    title = Words(zh="该笔支付已全部退回。", en="All of this payment was given back already.")


class DisputeTooLate(Conflict):
    """The days within which a payment is disputed are over; `until` was the last one."""

    code = "dispute_too_late"
    title = Words(zh="已超过提出争议的期限。", en="It's too late to dispute this payment.")


class DisputedAlready(Conflict):
    """The transaction is disputed at this moment; `dispute_id` says where."""

    code = "disputed_already"
    title = Words(zh="该笔交易的争议正在处理。", en="This transaction is disputed already.")


class DisputeStepNotAllowed(Conflict):
    """The dispute's present state (`state`) doesn't allow this step."""

    code = "dispute_step_not_allowed"
    title = Words(zh="争议当前状态不允许此操作。", en="The dispute's present state doesn't allow this.")


class DisputeClaimedByAnother(Conflict):
    """Another officer handles the dispute."""

    code = "dispute_claimed_by_another"
    title = Words(zh="该争议由其他工作人员办理。", en="Another officer handles this dispute.")


class EvidenceAwaited(Conflict):
    """The merchant may still answer, until `until`."""

    code = "evidence_awaited"
    title = Words(zh="商户举证期限尚未届满。", en="The merchant may still answer.")


class ReturnOverPayment(Unprocessable):
    """More is to be given back than is left of the payment, `left_fen`."""

    code = "return_over_payment"
    title = Words(zh="退回金额超过该笔支付的剩余金额。", en="This is more than what is left of the payment.")
