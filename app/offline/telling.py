"""What the owner of a card is told of what they bought without a line, beside the payments themselves."""

from typing import Final

from app.card.merchants import words_of
from app.kernel.database import fetch_one, transaction
from app.kernel.ids import shard_of
from app.kernel.money import yuan
from app.kernel.phrases import Phrase
from app.kernel.words import Words
from app.notices.inbox import NewNotice, deliver
from app.offline.events import OfflineSaleOwed
from app.offline.issuer import OFFLINE

_OWED: Final = "offline.owed"
_SALE: Final = (
    "SELECT s.amount_fen, m.name_zh, m.name_en FROM offline_sale s LEFT JOIN merchant m ON m.code = s.merchant_code "
    "WHERE s.shard = $1 AND s.id = $2"
)
_UNKNOWN_MERCHANT: Final = Words(zh="商户", en="a merchant")

PHRASES: Final = {
    _OWED: Phrase(
        Words(zh="在{merchant}消费的{amount}元尚未扣款", en="{amount} yuan at {merchant} are still to be paid"),
        Words(
            zh="市民卡余额不足，充值后自动扣款；在此之前不能脱机付款。",
            en="Your card's balance doesn't cover it. It is paid when you put money on it; until then it doesn't pay offline.",
        ),
    )
}


async def on_owed(event: OfflineSaleOwed) -> None:
    """Tell the card's owner that they owe."""
    async with transaction(OFFLINE):
        sale = await fetch_one(_SALE, shard_of(event.subject_id), event.subject_id)
    if sale is None or event.citizen_id is None:
        return
    await deliver(
        NewNotice(
            citizen_id=event.citizen_id,
            phrase=_OWED,
            facts={"amount": yuan(sale["amount_fen"]), "merchant": words_of(sale) or _UNKNOWN_MERCHANT},
            source_ref=f"event:{event.id}",
            about_id=event.subject_id,
        )
    )
