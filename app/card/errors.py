"""Refusals of this room, and those of the payment channel that its callers see."""

from typing import Final

from app.kernel.errors import Conflict, Forbidden, NotFound, PreconditionFailed, Unavailable, Unprocessable
from app.kernel.words import Words
from integrations.wechat_pay.errors import (
    PaymentAnswerUntrusted,
    PaymentChannelUnavailable,
    PaymentOrderClosed,
    PaymentOrderNumberUsed,
    PaymentOrderPaid,
    PaymentOrderUnknown,
    PaymentRefused,
    PaymentRequestWrong,
    PaymentSignatureRefused,
    PaymentTooFrequent,
)

CHANNEL_REFUSALS: Final = (
    *(PaymentAnswerUntrusted, PaymentChannelUnavailable, PaymentOrderClosed, PaymentOrderNumberUsed, PaymentOrderPaid),
    *(PaymentOrderUnknown, PaymentRefused, PaymentRequestWrong, PaymentSignatureRefused, PaymentTooFrequent),
)
"""What the channel may refuse when it is asked."""


class CardNotOpened(NotFound):
    """The citizen has no card."""

    code = "card_not_opened"
    title = Words(zh="您尚未开通市民卡。", en="You haven't opened a citizen card yet.")


class CardLost(Conflict):
    """The card was reported lost and doesn't pay."""

    code = "card_lost"
    title = Words(zh="市民卡已挂失，不能支付。", en="The card was reported lost and doesn't pay.")


class CardCancelled(Conflict):
    """The card was cancelled for good."""

    code = "card_cancelled"
    title = Words(zh="市民卡已注销。", en="The card was cancelled.")


class PayerFrozen(Conflict):
    """The payer's identity is frozen, and their card with it."""

    code = "payer_frozen"
    title = Words(zh="持卡人身份已冻结，不能支付。", en="The payer's identity is frozen; the card doesn't pay.")


class CardStopped(Conflict):
    """The card doesn't pay any more: its holder may act no longer."""

    code = "card_stopped"
    title = Words(zh="市民卡已停用，不能支付。", en="The card was stopped and doesn't pay.")


class BalanceTooLow(Conflict):
    """The balance doesn't cover the payment; how much there is stays the citizen's own business."""

    code = "balance_too_low"
    title = Words(zh="市民卡余额不足。", en="The card's balance doesn't cover this payment.")


class PayerCodeWrong(Unprocessable):
    """The code isn't one of ours, or was changed."""

    code = "payer_code_wrong"
    title = Words(zh="付款码无效。", en="This payment code isn't valid.")


class PayerCodeExpired(Conflict):
    """The code's minute is over."""

    code = "payer_code_expired"
    title = Words(zh="付款码已过期，请刷新。", en="This payment code has expired; please refresh it.")


class PayerCodeSpent(Conflict):
    """The code has paid already."""

    code = "payer_code_spent"
    title = Words(zh="付款码已使用，请刷新。", en="This payment code was used already; please refresh it.")


class PaymentOverLimit(Unprocessable):
    """The amount is above the limit for one payment."""

    code = "payment_over_limit"
    title = Words(zh="超过单笔支付限额。", en="The amount is above the limit for one payment.")


class DayLimitReached(Unprocessable):
    """With this payment the card would spend more than it may in a day; the citizen's own calls say what is left (`left_fen`), a terminal's don't."""

    code = "day_limit_reached"
    title = Words(zh="超过市民卡当日支付限额。", en="The card would spend more than it may in a day.")


class MonthLimitReached(Unprocessable):
    """With this payment the card would spend more than it may in a calendar month; `left_fen` as above."""

    code = "month_limit_reached"
    title = Words(zh="超过市民卡当月支付限额。", en="The card would spend more than it may in a month.")


class NoFaresHere(Forbidden):
    """The terminal's merchant sells neither rides nor entries, and learns nothing of a payer's class."""

    code = "no_fares_here"
    title = Words(zh="该商户不适用优惠票价查询。", en="This merchant has no fares to ask for.")


class CardNotActive(Conflict):
    """The card was handed out or posted, and its holder hasn't activated it yet."""

    code = "card_not_active"
    title = Words(zh="市民卡尚未激活，不能支付。", en="The card hasn't been activated yet and doesn't pay.")


class CardUnknown(NotFound):
    """The citizen has no such card."""

    code = "card_unknown"
    title = Words(zh="没有这张市民卡。", en="You have no such card.")


class CardClassNotEntitled(Unprocessable):
    """The class isn't one's due, or nobody can tell yet: `because` says why, `lacks` what isn't known."""

    code = "card_class_not_entitled"
    title = Words(zh="不符合该卡种的申领条件。", en="This class of card isn't your due.")


class CardOfOtherClass(Conflict):
    """There is a card of another class already; it is replaced instead."""

    code = "card_of_other_class"
    title = Words(zh="您已有其他卡种的市民卡，请办理换卡。", en="You have a card of another class; have it replaced.")


class CardNumberDiffers(Unprocessable):
    """The number isn't that of the card that waits to be activated."""

    code = "card_number_differs"
    title = Words(zh="卡号与待激活的卡不一致。", en="This isn't the number of the card that waits to be activated.")


class CardNotToBeReplaced(Conflict):
    """The card is gone, so there is nothing to replace; a new one can be opened."""

    code = "card_not_to_be_replaced"
    title = Words(zh="该卡已注销，不能补换。", en="This card was closed; it can't be replaced.")


class CardClassUnchanged(Unprocessable):
    """A card is to be replaced because of its class, which would stay the same."""

    code = "card_class_unchanged"
    title = Words(zh="卡种没有变化。", en="The class would stay the same.")


class CardLimitsChanged(PreconditionFailed):
    """The limits were changed in between."""

    code = "card_limits_changed"
    title = Words(zh="限额已被修改，请刷新后再试。", en="The limits were changed meanwhile; please load them again.")


class CardReplaced(Conflict):
    """The card was replaced by another, which pays instead."""

    code = "card_replaced"
    title = Words(zh="该卡已补换，请使用新卡的付款码。", en="This card was replaced; please use the new card's code.")


class NewDevicePaymentOverLimit(Unprocessable):
    """The amount is above the limit for a payer's device that was enrolled within the last day."""

    code = "new_device_payment_over_limit"
    title = Words(
        zh="新绑定的设备二十四小时内单笔限额较低。",
        en="A device enrolled within the last day pays smaller amounts only.",
    )


class SequenceReused(Unprocessable):
    """The terminal's sequence number stands for another payment."""

    code = "sequence_reused"
    title = Words(zh="该终端流水号已用于另一笔交易。", en="This sequence number was used for another payment.")


class PaymentReversed(Conflict):
    """The terminal reversed this payment, before or after it came."""

    code = "payment_reversed"
    title = Words(zh="该笔支付已被终端冲正。", en="The terminal reversed this payment.")


class PaymentRefunded(Conflict):
    """Some of the payment was refunded, so it isn't reversed any more."""

    code = "payment_refunded"
    title = Words(zh="该笔支付已退款，不能冲正。", en="Some of this payment was refunded; it can't be reversed.")


class PaymentUnknown(NotFound):
    """There is no such payment at this merchant, or for a reversal at this terminal."""

    code = "payment_unknown"
    title = Words(zh="没有该笔支付。", en="There is no such payment.")


class NotAPayment(Unprocessable):
    """What is to be given back isn't a payment: a refund, perhaps, or a reversal."""

    code = "not_a_payment"
    title = Words(zh="该笔交易不是支付，不能退款或冲正。", en="This isn't a payment; it can't be given back.")


class RefundOverPayment(Conflict):
    """More is to be refunded than is left of the payment, `left_fen`."""

    code = "refund_over_payment"
    title = Words(zh="退款超过该笔支付的剩余金额。", en="The refund is more than what is left of the payment.")


class RefundTooLate(Conflict):
    """The days within which a payment is refunded are over."""

    code = "refund_too_late"
    title = Words(zh="已超过退款期限。", en="It's too late to refund this payment.")


class ReversalTooLate(Conflict):
    """The time within which a payment is reversed is over."""

    code = "reversal_too_late"
    title = Words(zh="已超过冲正期限。", en="It's too late to reverse this payment.")


class ReversalDiffers(Unprocessable):
    """The number stands for a payment by another code or of another amount."""

    code = "reversal_differs"
    title = Words(zh="冲正内容与原支付的金额或付款码不一致。", en="The reversal's amount or code isn't the payment's.")


class PayerGone(Conflict):
    """The payer had themselves erased; nobody could spend what is put on their card."""

    code = "payer_gone"
    title = Words(
        zh="付款人已注销，请以其他方式退款。", en="The payer has left for good; please give it back by other means."
    )


class TransactionUnknown(NotFound):
    """The citizen has no such transaction."""

    code = "transaction_unknown"
    title = Words(zh="没有该笔交易。", en="There is no such transaction.")


class TopUpUnknown(NotFound):
    """There is no such top-up, or it isn't the caller's."""

    code = "top_up_unknown"
    title = Words(zh="没有该充值订单。", en="There is no such top-up.")


class TopUpAmountOutOfLimits(Unprocessable):
    """The amount is below or above what one top-up may be."""

    code = "top_up_amount_out_of_limits"
    title = Words(zh="充值金额超出允许范围。", en="The amount is outside the limits of a top-up.")


class BalanceOverLimit(Unprocessable):
    """With this top-up the card would hold more than it may."""

    code = "balance_over_limit"
    title = Words(zh="充值后余额将超过上限。", en="The card would hold more than it may.")


class PayerOpenidMissing(Unprocessable):
    """WeChat Pay must be told whose WeChat client pays."""

    code = "payer_openid_missing"
    title = Words(zh="缺少付款人的微信标识 payer_openid。", en="WeChat Pay needs the payer's openid.")


class CallbackDiffers(Unprocessable):
    """A genuine callback that doesn't fit its order (amount, appid or mchid)."""

    code = "callback_differs"
    title = Words(zh="回调内容与订单不一致。", en="The callback doesn't fit its order.")


class CallbackNotConfirmed(Conflict):
    """The channel's own answer doesn't confirm what its callback said."""

    code = "callback_not_confirmed"
    title = Words(zh="查询结果与回调不一致。", en="The order's state doesn't confirm the callback.")


class StatementUnknown(NotFound):
    """The month lies before the one in which the card was opened."""

    code = "statement_unknown"
    title = Words(zh="该月尚未开卡，没有对账单。", en="There is no statement: the card was opened later.")


class StatementNotReady(Conflict):
    """The month isn't over; `ready_at` says from when on its statement can be had."""

    code = "statement_not_ready"
    title = Words(zh="该月尚未结束，对账单尚不能出具。", en="The month isn't over yet, so there is no statement of it.")


class StatementBeingMade(Unavailable):
    """The sealed statement is being made."""

    code = "statement_being_made"
    title = Words(zh="对账单正在生成，请稍候。", en="The statement is being made; please try again shortly.")


class StatementDoesNotAddUp(Conflict):
    """What lay on the card before, and what moved, don't give what the ledger says is left; nothing is sealed."""

    code = "statement_does_not_add_up"
    title = Words(
        zh="账目核对不一致，暂不能出具对账单，我们正在核查。",
        en="The books don't agree, so no statement is given; this is being looked into.",
    )
