"""A sale on its way into the ledger: under its terminal's name with ` offline` after it, and its own counter for a number."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from app.card.accounts import Clearing, clearing_account
from app.card.ledger import Posting
from app.card.merchants import words_of
from app.card.numbers import masked_number
from app.card.receipts import write_receipt
from app.card.structs import Receipt
from app.kernel import clock
from app.kernel.database import Row, fetch_one
from app.kernel.ids import new_id, shard_of
from app.kernel.words import Words

_PLACE: Final = (
    "SELECT t.code, m.name_zh, m.name_en FROM terminal t LEFT JOIN merchant m ON m.code = $2 WHERE t.id = $1"
)


class Place(msgspec.Struct, frozen=True):
    """Where something was sold."""

    principal: str
    merchant_code: str
    terminal_code: str | None
    merchant: Words | None


class Sold(msgspec.Struct, frozen=True):
    """What was sold, and under which number."""

    batch_number: int
    counter: int
    sold_at: datetime
    amount_fen: int
    code_id: UUID
    digest: bytes


async def place_of(principal: str, merchant_code: str) -> Place:
    """A terminal as receipts name it; in the transaction in progress."""
    row = await fetch_one(_PLACE, UUID(principal.partition(":")[2]), merchant_code)
    return Place(principal, merchant_code, row["code"] if row else None, words_of(row))


def posting_of(place: Place, payer: Row, sold: Sold) -> Posting:
    """A sale as the ledger takes it now, with the receipt of when it was sold. `payer` is the card's row."""
    transfer_id = new_id(payer["citizen_id"])
    receipt = Receipt(
        format="fuhai.receipt.v1",
        id=transfer_id,
        at=clock.local(sold.sold_at),
        kind="payment",
        amount_fen=sold.amount_fen,
        currency="CNY",
        card=masked_number(payer["number"]),
        merchant_code=place.merchant_code,
        merchant=place.merchant,
        terminal_code=place.terminal_code,
        sequence=sold.counter,
        reference=f"offline {sold.batch_number}-{sold.counter}",
        channel=None,
        order_number=None,
        channel_transaction_id=None,
    )
    return Posting(
        id=transfer_id,
        citizen_id=payer["citizen_id"],
        at=clock.now(),
        kind="payment",
        debit=payer["account_id"],
        credit=clearing_account(shard_of(transfer_id), Clearing.TERMINAL),
        amount_fen=sold.amount_fen,
        principal=f"{place.principal} offline",
        request_key=f"offline {sold.counter}",
        fingerprint=sold.digest,
        receipt=write_receipt(receipt),
        sequence=sold.counter,
        merchant_code=place.merchant_code,
        code_id=sold.code_id,
    )
