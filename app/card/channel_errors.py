"""Refusals of giving money back: of cancelling a card, of refunds at the channel, and of its bills."""

from app.kernel.errors import BadGateway, Conflict, NotFound
from app.kernel.words import Words


class TopUpUnderWay(Conflict):
    """A top-up of the card hasn't ended; `top_up_ids` name it."""

    code = "top_up_under_way"
    title = Words(zh="有未完成的充值，请待其完成或过期。", en="A top-up is under way; please let it end first.")


class OfflineSalesAwaited(Conflict):
    """The card owes what it bought without a line (`owed_fen`), or terminals may still bring in more of it, `until` when."""

    code = "offline_sales_awaited"
    title = Words(
        zh="市民卡有脱机消费尚未扣款，或可能尚未上送，请稍后再注销。",
        en="Payments made offline are owed, or may not have come in yet; please cancel the card later.",
    )


class MoneySetAside(Conflict):
    """Money of the card is set aside and hasn't been given back or returned to the card yet."""

    code = "money_set_aside"
    title = Words(zh="卡内有待处理的转出款项。", en="Money of the card is set aside and still on its way.")


class CancellationUnknown(NotFound):
    """The card wasn't cancelled."""

    code = "cancellation_unknown"
    title = Words(zh="市民卡未注销。", en="The card wasn't cancelled.")


class PayoutUnknown(NotFound):
    """There is no such payout, or it isn't due any more."""

    code = "payout_unknown"
    title = Words(zh="没有该笔待付款。", en="There is no such payout that is due.")


class NothingWaits(NotFound):
    """Nothing of that number waits for a person."""

    code = "nothing_waits"
    title = Words(zh="没有该待人工处理的事项。", en="Nothing of that number waits for a person.")


class RefundUnknown(NotFound):
    """A callback names a refund that isn't ours."""

    code = "refund_unknown"
    title = Words(zh="没有该笔退款。", en="There is no such refund.")


class RefundDiffers(BadGateway):
    """The channel tells another order or amount of a refund than was asked for."""

    code = "refund_differs"
    title = Words(zh="渠道返回的退款与申请不一致。", en="The channel tells another refund than was asked for.")


class ChannelBillChanged(Conflict):
    """The channel tells another bill of a day than it told before; the first is kept, and a person has to look."""

    code = "channel_bill_changed"
    title = Words(
        zh="渠道账单与已保存的不一致，请人工核对。", en="The channel's bill differs from the one that was kept."
    )
