"""The payment that is disputed: what of it is left to be given back, and giving it back by an ordinary posting of the ledger.

A payment at a terminal comes back as a refund, which settlement nets from the merchant's next payout; a charge comes back as a return.
"""

import hashlib
from typing import Final
from uuid import UUID

import msgspec

from app.card.errors import TransactionUnknown
from app.card.events import CardRefunded, ChargeReturned
from app.card.ledger import Posting, post
from app.card.merchants import words_of
from app.card.numbers import masked_number
from app.card.receipts import write_receipt
from app.card.structs import PAYING, Receipt, TransferKind
from app.disputes.errors import NotDisputable, ReturnOverPayment
from app.kernel import clock
from app.kernel.database import Row, fetch_one
from app.kernel.events import tell
from app.kernel.ids import new_id, shard_of

_PAID: Final = """
SELECT t.*, c.number, m.name_zh, m.name_en,
  t.amount_fen - (SELECT coalesce(sum(x.amount_fen), 0) FROM transfer x WHERE x.shard = t.shard AND x.returns = t.id)::int8 AS left_fen
FROM transfer t LEFT JOIN card c ON c.shard = t.shard AND c.account_id = t.debit LEFT JOIN merchant m ON m.code = t.merchant_code
WHERE t.shard = $1 AND t.id = $2
"""
_KIND: Final[dict[str, TransferKind]] = {"payment": "refund", "charge": "return"}
_EVENTS: Final = {"refund": CardRefunded, "return": ChargeReturned}


async def the_payment(transfer_id: UUID, payer: UUID) -> Row:
    """A payer's payment or charge with what is left of it (`left_fen`), in the system transaction in progress.

    Refuses `TransactionUnknown`, and `NotDisputable` for what brought money onto the card.
    """
    row = await fetch_one(_PAID, shard_of(transfer_id), transfer_id)
    if row is None or row["citizen_id"] != payer:
        raise TransactionUnknown
    if row["kind"] not in PAYING:
        raise NotDisputable
    return row


async def give_back(paid: Row, dispute_id: UUID, amount_fen: int) -> UUID:
    """Give some of a payment back, once for a dispute; gives the transfer. Refuses `ReturnOverPayment`, also where somebody was faster."""
    if amount_fen > paid["left_fen"]:
        raise ReturnOverPayment(left_fen=paid["left_fen"])
    posting = _posting(paid, dispute_id, amount_fen)
    outcome = await post(posting)
    if not outcome.stands:
        raise ReturnOverPayment(left_fen=(await the_payment(paid["id"], paid["citizen_id"]))["left_fen"])
    if outcome.is_new:
        event = _EVENTS[posting.kind]
        await tell(event(citizen_id=posting.citizen_id, subject_id=posting.id, cause_id=paid["id"]))
    return outcome.transfer_id


def _posting(paid: Row, dispute_id: UUID, amount_fen: int) -> Posting:
    receipt = _receipt(paid, amount_fen)
    return Posting(
        id=receipt.id,
        citizen_id=paid["citizen_id"],
        at=receipt.at,
        kind=receipt.kind,
        debit=paid["credit"],
        credit=paid["debit"],
        amount_fen=amount_fen,
        principal=f"dispute:{dispute_id}",
        request_key="dispute_return",
        fingerprint=hashlib.sha256(msgspec.json.encode((dispute_id, amount_fen))).digest(),
        receipt=write_receipt(receipt),
        sequence=1 if receipt.kind == "refund" else None,
        merchant_code=paid["merchant_code"],
        returns=paid["id"],
    )


def _receipt(paid: Row, amount_fen: int) -> Receipt:
    return Receipt(
        format="fuhai.receipt.v1",
        id=new_id(paid["citizen_id"]),
        at=clock.now(),
        kind=_KIND[paid["kind"]],
        amount_fen=amount_fen,
        currency="CNY",
        card=masked_number(paid["number"] or ""),
        merchant_code=paid["merchant_code"],
        merchant=words_of(paid),
        terminal_code=None,
        sequence=None,
        reference=str(paid["id"]),
        channel=None,
        order_number=None,
        channel_transaction_id=None,
    )
