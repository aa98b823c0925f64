"""How the kinds of transfers are called, on receipts that are checked and on statements."""

from typing import Final

from app.card.structs import TransferKind
from app.kernel.words import Words

KINDS: Final[dict[TransferKind, Words]] = {
    "payment": Words(zh="支付", en="payment"),
    "charge": Words(zh="缴费", en="bill or fee"),
    "top_up": Words(zh="充值", en="top-up"),
    "return": Words(zh="缴费退回", en="bill or fee given back"),
    "refund": Words(zh="退款", en="refund"),
    "reversal": Words(zh="冲正", en="reversal"),
    "pending": Words(zh="转出待办", en="set aside"),
    "pending_posted": Words(zh="转出完成", en="given back"),
    "pending_voided": Words(zh="转出撤销", en="no longer set aside"),
}


def named(kind: TransferKind) -> str:
    """A kind in both languages."""
    return f"{KINDS[kind].zh} {KINDS[kind].en}"
