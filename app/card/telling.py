"""What the owner of a card is told of it, and what stays in their record."""

from typing import Final

from app.card.classes import CLASS_NAMES, CardClass
from app.card.events import (
    CardActivated,
    CardBalanceReturned,
    CardCancelled,
    CardCharged,
    CardClassDue,
    CardClassEnded,
    CardLimitsSet,
    CardOpened,
    CardPaid,
    CardPaymentReversed,
    CardPayoutDue,
    CardRefunded,
    CardReportedLost,
    CardToppedUp,
    CardWasReplaced,
    ChargeReturned,
    TopUpDisputed,
    TopUpRefunded,
    TopUpRefundFailed,
)
from app.card.queries import Movement, payment
from app.kernel.database import Row, fetch_one
from app.kernel.events import Event
from app.kernel.ids import shard_of
from app.kernel.money import yuan
from app.kernel.phrases import Facts, Phrase
from app.kernel.words import Words
from app.notices.inbox import NewNotice, deliver
from app.records.filing import Happening, file_record
from app.records.kinds import RecordKind

_PHRASE: Final = {
    "payment": "card.paid",
    "top_up": "card.topped_up",
    "charge": "card.charged",
    "return": "card.charge_returned",
    "refund": "card.refunded",
    "reversal": "card.payment_reversed",
}
_UNKNOWN_MERCHANT: Final = Words(zh="商户", en="a merchant")

PHRASES: Final = {
    "card.opened": Phrase(
        Words(zh="市民卡已开通", en="Your citizen card is open"),
        Words(zh="现在可以充值并出示付款码消费。", en="You can put money on it and pay with its code now."),
    ),
    "card.reported_lost": Phrase(
        Words(zh="市民卡已挂失", en="Your card was reported lost"),
        Words(zh="在解除挂失之前，该卡不能付款。", en="Nothing can be paid with it until it's reported found."),
    ),
    "card.issued": Phrase(
        Words(zh="市民卡已制卡", en="Your citizen card is on its way"),
        Words(zh="收到后用卡面上的卡号激活。", en="Activate it by the number on the card once you have it."),
    ),
    "card.activated": Phrase(
        Words(zh="市民卡已激活", en="Your citizen card was activated"),
        Words(zh="不是您本人操作的，请立即挂失。", en="If it wasn't you, report the card lost at once."),
    ),
    "card.replaced": Phrase(
        Words(zh="市民卡已补换", en="Your citizen card was replaced"),
        Words(
            zh="余额不变，旧卡和旧付款码已作废。不是您本人操作的，请立即挂失。",
            en="What lay on it stays; the old card and its codes are void. If it wasn't you, report the card lost at once.",
        ),
    ),
    "card.limits_set": Phrase(
        Words(zh="市民卡支付限额已修改", en="The limits of your citizen card were changed"),
        Words(
            zh="调低立即生效，调高要过些时候才生效。不是您本人操作的，请改回并检查登录设备。",
            en="Lower limits hold at once, higher ones later. If it wasn't you, change them back and look at your devices.",
        ),
    ),
    "card.class_ended": Phrase(
        Words(zh="市民卡卡种已变为{class}", en="Your citizen card is now: {class}"),
        Words(
            zh="根据部门信息，原卡种的条件已不符合或已到期。余额和卡号不变。",
            en="By what departments know, the former class has ended. Its number and what lies on it stay.",
        ),
    ),
    "card.class_due": Phrase(
        Words(zh="您可以换领{class}", en="You may have: {class}"),
        Words(zh="无需提交材料，在市民卡中办理换卡即可。", en="No papers are needed; have your card replaced."),
    ),
    "card.paid": Phrase(
        Words(zh="在{merchant}支付{amount}元", en="Paid {amount} yuan at {merchant}"),
        Words(zh="收据号 {receipt}。", en="Receipt {receipt}."),
    ),
    "card.charged": Phrase(
        Words(zh="向{merchant}缴费{amount}元", en="Paid {amount} yuan to {merchant}"),
        Words(zh="收据号 {receipt}。", en="Receipt {receipt}."),
    ),
    "card.charge_returned": Phrase(
        Words(zh="{merchant}退回{amount}元到市民卡", en="{merchant} gave {amount} yuan back to your card"),
        Words(zh="收据号 {receipt}。", en="Receipt {receipt}."),
    ),
    "card.refunded": Phrase(
        Words(zh="{merchant}退款{amount}元到市民卡", en="{merchant} refunded {amount} yuan to your card"),
        Words(zh="收据号 {receipt}。", en="Receipt {receipt}."),
    ),
    "card.payment_reversed": Phrase(
        Words(zh="在{merchant}的{amount}元支付已撤销", en="Your payment of {amount} yuan at {merchant} was undone"),
        Words(zh="钱已回到市民卡。收据号 {receipt}。", en="The money is back on your card. Receipt {receipt}."),
    ),
    "card.topped_up": Phrase(
        Words(zh="市民卡充值{amount}元", en="{amount} yuan put on your card"),
        Words(zh="收据号 {receipt}。", en="Receipt {receipt}."),
    ),
    "card.cancelled": Phrase(
        Words(zh="市民卡已注销", en="Your card was cancelled"),
        Words(
            zh="余额将退回原充值渠道；不能原路退回的，请到服务窗口领取。",
            en="Its balance goes back to the top-ups that it came by; what can't go back that way waits for you at the counter.",
        ),
    ),
    "card.top_up_disputed": Phrase(
        Words(zh="收到一笔未能入账的充值款", en="A top-up was paid that couldn't be credited"),
        Words(
            zh="逾期支付的款项会自动原路退回；金额不符的将由工作人员核实。",
            en="If it was paid too late, it is refunded by itself; if the amount differs, a person looks into it.",
        ),
    ),
    "card.top_up_refunded": Phrase(
        Words(zh="{amount}元已原路退回", en="{amount} yuan went back to the account that paid"),
        Words(zh="退款单号 {refund}。", en="Refund {refund}."),
    ),
    "card.top_up_refund_failed": Phrase(
        Words(zh="{amount}元未能原路退回", en="{amount} yuan couldn't go back to the account that paid"),
        Words(
            zh="请到服务窗口办理，退款单号 {refund}。",
            en="Please come to the service counter with the number of this refund, {refund}.",
        ),
    ),
    "card.payout_due": Phrase(
        Words(zh="{amount}元待您到窗口领取", en="{amount} yuan wait for you at the counter"),
        Words(zh="付款单号 {payout}，请携带身份证件。", en="Payout {payout}; please bring your identity card."),
    ),
    "card.balance_returned": Phrase(
        Words(zh="市民卡余额已全部退还", en="All of your card's balance was given back"),
        Words(zh="共{amount}元。", en="{amount} yuan altogether."),
    ),
}


async def on_opened(event: CardOpened) -> None:
    """Welcome the card's owner."""
    card = await _card(event)
    await _tell(event, "card.issued" if card is not None and card["activated_at"] is None else "card.opened", {})


async def on_changed(event: CardActivated | CardWasReplaced | CardLimitsSet) -> None:
    """Confirm what a holder did to their card, in case somebody else did it."""
    await _tell(event, event.kind, {})


async def on_class(event: CardClassEnded | CardClassDue) -> None:
    """Tell of a class that ended, or that has become one's due."""
    card = await _card(event)
    name = None if card is None else card["card_class" if isinstance(event, CardClassEnded) else "class_offered"]
    if name is not None:
        await _tell(event, event.kind, {"class": CLASS_NAMES[CardClass(name)]})


async def on_reported_lost(event: CardReportedLost) -> None:
    """Confirm the loss, in case somebody else reported it."""
    await _tell(event, "card.reported_lost", {})


async def on_moved(
    event: CardPaid | CardToppedUp | CardCharged | ChargeReturned | CardRefunded | CardPaymentReversed,
) -> None:
    """Tell of what moved on a card, and file it in the record."""
    moved = await payment(event.subject_id)
    if moved is None:
        return
    phrase = _PHRASE[moved.kind]
    facts = _facts(moved)
    await file_record(
        Happening(
            citizen_id=moved.citizen_id,
            happened_at=moved.at,
            kind=RecordKind.CONSUMPTION,
            phrase=phrase,
            facts=facts,
            source="card",
            source_ref=str(moved.id),
            about_id=moved.id,
        )
    )
    await _tell(event, phrase, facts)


async def on_cancelled(event: CardCancelled) -> None:
    """Confirm that the card is cancelled, and say where its balance goes."""
    await _tell(event, "card.cancelled", {})


async def on_disputed(event: TopUpDisputed) -> None:
    """Tell of money that came and couldn't be credited as it was ordered."""
    await _tell(event, "card.top_up_disputed", {})


async def on_refund_ended(event: TopUpRefunded | TopUpRefundFailed) -> None:
    """Tell of a refund at the channel that arrived, or failed."""
    await _tell_amount(event, "channel_refund", "refund")


async def on_payout_due(event: CardPayoutDue) -> None:
    """Tell of money that waits at the counter."""
    await _tell_amount(event, "card_payout", "payout")


async def on_balance_returned(event: CardBalanceReturned) -> None:
    """Tell that all of a cancelled card's balance was given back."""
    await _tell_amount(event, "card_cancellation", "cancellation")


async def _tell_amount(event: Event, table: str, name: str) -> None:
    row = await fetch_one(
        f"SELECT amount_fen FROM {table} WHERE shard = $1 AND id = $2", shard_of(event.subject_id), event.subject_id
    )
    if row is not None:
        await _tell(event, event.kind, {"amount": yuan(row["amount_fen"]), name: str(event.subject_id)})


async def _card(event: Event) -> Row | None:
    if event.subject_id is None:
        return None
    return await fetch_one(
        "SELECT * FROM card WHERE shard = $1 AND id = $2", shard_of(event.subject_id), event.subject_id
    )


def _facts(moved: Movement) -> Facts:
    return {"amount": yuan(moved.amount_fen), "merchant": moved.merchant or _UNKNOWN_MERCHANT, "receipt": str(moved.id)}


async def _tell(event: Event, phrase: str, facts: Facts) -> None:
    if event.citizen_id is not None:
        await deliver(
            NewNotice(
                citizen_id=event.citizen_id,
                phrase=phrase,
                facts=facts,
                source_ref=f"event:{event.id}",
                about_id=event.subject_id,
            )
        )
