"""Receipts at `/v1/verify`: whoever holds one finds out by its id whether it is ours and what it is for."""

from typing import Final
from uuid import UUID

import msgspec

from app.card.kinds import named
from app.card.receipts import SYSTEM
from app.card.structs import Receipt
from app.kernel.database import Row, fetch_one, transaction
from app.kernel.ids import shard_of
from app.kernel.money import yuan
from app.kernel.words import Words
from app.pki.structs import Finding, ShownFact

GENUINE: Final = Words(
    zh="该收据由本市市民卡系统开具，内容未被改动。", en="This receipt was given by the citizen card and is unchanged."
)
BROKEN: Final = Words(zh="该收据与账本记录不符。", en="This receipt isn't what the ledger says.")
AMOUNT: Final = Words(zh="金额（元）", en="Amount (yuan)")
TIME: Final = Words(zh="时间", en="Time")
MERCHANT: Final = Words(zh="商户", en="Merchant")
KIND: Final = Words(zh="种类", en="Kind")
_FIND: Final = "SELECT id, at, kind, amount_fen, merchant_code, receipt FROM transfer WHERE shard = $1 AND id = $2"


class ReceiptVerifier:
    """Finds receipts by their id; tells amount, time, kind and merchant, and nothing of the payer."""

    kind = "receipt"

    async def find(self, code: str) -> Finding | None:
        """Say whether a receipt of this id was given and is what the ledger says; nothing if there is none."""
        try:
            receipt_id = UUID(code)
        except ValueError:
            return None
        async with transaction(SYSTEM):
            row = await fetch_one(_FIND, shard_of(receipt_id), receipt_id)
        if row is None:
            return None
        receipt = msgspec.json.decode(row["receipt"], type=Receipt)
        holds, facts = _agrees(receipt, row), _facts(receipt)
        return Finding(kind=self.kind, holds=holds, said=GENUINE if holds else BROKEN, facts=facts)


def _agrees(receipt: Receipt, row: Row) -> bool:
    """Whether a receipt says what its transfer's row says."""
    said = (receipt.id, receipt.at, receipt.kind, receipt.amount_fen, receipt.merchant_code)
    return said == (row["id"], row["at"], row["kind"], row["amount_fen"], row["merchant_code"])


def _facts(receipt: Receipt) -> tuple[ShownFact, ...]:
    facts = (
        ShownFact(AMOUNT, yuan(receipt.amount_fen)),
        ShownFact(TIME, receipt.at.isoformat(timespec="seconds")),
        ShownFact(KIND, named(receipt.kind)),
    )
    merchant = receipt.merchant.zh if receipt.merchant else receipt.merchant_code
    return (*facts, ShownFact(MERCHANT, merchant)) if merchant else facts
