"""What the owner of a card is told of it, and what stays in their record."""

from typing import Final

from app.card.events import (
    CardCharged,
    CardOpened,
    CardPaid,
    CardPaymentReversed,
    CardRefunded,
    CardReportedLost,
    CardToppedUp,
    ChargeReturned,
)
from app.card.queries import Movement, payment
from app.kernel.events import Event
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
}


async def on_opened(event: CardOpened) -> None:
    """Welcome the card's owner."""
    await _tell(event, "card.opened", {})


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
