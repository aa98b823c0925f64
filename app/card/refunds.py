"""Refunding a payment, whole or in parts, at any terminal of its merchant; never more than was paid, whatever races.

A refund takes a number of the terminal's own, like a payment, and is recognised by it and by its `Idempotency-Key`. What is refused
isn't kept: it is judged anew, and what is left of a payment only shrinks.
"""

from typing import Final

import structlog

from app.card.errors import PayerGone, PaymentReversed, RefundOverPayment, RefundTooLate, SequenceReused
from app.card.giving_back import doubt_about, give_back, refund_posting, the_payment
from app.card.ledger import Outcome, Posting
from app.card.receipts import SYSTEM, receipt_of, shown
from app.card.structs import SignedReceipt
from app.card.terminal_requests import Request, claim
from app.card.terminal_structs import TerminalRefund
from app.kernel.actors import Terminal
from app.kernel.database import Row, fetch_value, transaction
from app.kernel.errors import Refusal
from app.kernel.idempotency import IdempotencyKeyReused, Once

_log = structlog.get_logger()
_REFUSALS: Final[dict[str, type[Refusal]]] = {
    refusal.code: refusal
    for refusal in (PaymentReversed, RefundTooLate, PayerGone, SequenceReused, IdempotencyKeyReused)
}
_REFUNDED: Final = "SELECT coalesce(sum(amount_fen), 0)::int8 FROM transfer WHERE shard = $1 AND returns = $2"


async def refund(terminal: Terminal, asked: TerminalRefund, once: Once) -> SignedReceipt:
    """Give some of a payment back to the card that paid, also a lost one, and give the sealed receipt.

    Refuses `PaymentUnknown` for what isn't of the terminal's merchant, `NotAPayment`, `RefundOverPayment`, `RefundTooLate`,
    `PaymentReversed`, `PayerGone`, and a key or number that stands for something else.
    """
    request = Request(terminal.principal, once.required(), asked.sequence, once.fingerprint)
    await claim(request)
    async with transaction(SYSTEM):
        paid = await the_payment(terminal, asked.payment_id)
        posting = refund_posting(terminal, paid, request, asked.amount_fen)
        outcome = await give_back(terminal, posting, await doubt_about(paid, "refund"))
        if not outcome.stands:
            raise await _refusal(paid, outcome, asked.sequence)
    _log.info("payment_refunded", terminal=terminal.code, payment=str(asked.payment_id), new=outcome.is_new)
    return await _receipt(terminal, posting, outcome)


async def _refusal(paid: Row, outcome: Outcome, sequence: int) -> Refusal:
    if outcome.code != RefundOverPayment.code:
        return _REFUSALS.get(outcome.code, SequenceReused)(sequence=sequence)
    refunded = await fetch_value(_REFUNDED, paid["shard"], paid["id"])
    return RefundOverPayment(sequence=sequence, left_fen=paid["amount_fen"] - refunded)


async def _receipt(terminal: Terminal, posting: Posting, outcome: Outcome) -> SignedReceipt:
    return shown(posting.receipt) if outcome.is_new else await receipt_of(terminal, outcome.transfer_id)
