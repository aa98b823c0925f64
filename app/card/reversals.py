"""Reversing a payment that got no answer (冲正), as often as the terminal likes, before or after the payment comes.

As in ISO 8583 (0400), a reversal says again what the payment said and takes no number of its own. It locks the card that the
payment is from: a payment that was posted is given back, once; one that wasn't can't be any more.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog

from app.card.codes import Code, any_code
from app.card.errors import (
    PayerCodeWrong,
    PayerGone,
    PaymentRefunded,
    PaymentUnknown,
    ReversalDiffers,
    ReversalTooLate,
)
from app.card.giving_back import doubt_about, give_back, reversal_posting, the_payment
from app.card.ledger import Outcome, Stop, stop_payment
from app.card.limits import limit_on
from app.card.receipts import SYSTEM, receipt_of
from app.card.terminal_structs import KnownReversal, Reversed, TerminalReversal
from app.kernel import clock
from app.kernel.actors import Terminal
from app.kernel.database import Row, fetch_all, fetch_one, transaction
from app.kernel.errors import Refusal
from app.kernel.ids import SHARDS, new_id, shard_of

_log = structlog.get_logger()
_REFUSALS: Final[dict[str, type[Refusal]]] = {
    refusal.code: refusal for refusal in (PaymentRefunded, ReversalTooLate, PayerGone)
}
_CARD: Final = "SELECT id, citizen_id, coalesce(account_id, former_account_id) AS account_id FROM card WHERE shard = $1 AND id = $2"
# Whoever changes a card locks it before its account, which follows it; so does a reversal.
_LOCK: Final = "SELECT id FROM card WHERE shard = $1 AND account_id = $2 FOR SHARE"
_OF_NUMBER: Final = "SELECT code_id FROM transfer WHERE shard = ANY ($1::int4[]) AND principal = $2 AND sequence = $3"


async def reverse_unanswered(terminal: Terminal, asked: TerminalReversal) -> Reversed:
    """Undo a payment of which the terminal only knows what it asked, or see that it is declined if it comes later.

    Refuses `PayerCodeWrong` for what isn't a code of ours (nothing can have been paid by it), `ReversalDiffers` where the number
    stands for a payment by another code or of another amount, `ReversalTooLate`, `PaymentRefunded`, `PayerGone`.
    """
    code = await any_code(asked.payer_code)
    async with transaction(SYSTEM):
        outcome = await _stopped(terminal, asked, code)
        if outcome is not None:
            payment = await the_payment(terminal, outcome.transfer_id)
            if (payment["code_id"], payment["amount_fen"]) != (code.id, asked.amount_fen):
                raise ReversalDiffers(of_sequence=asked.of_sequence)
            outcome = await _given_back(terminal, payment)
    paid = outcome is not None
    _log.info("payment_reversed", terminal=terminal.code, sequence=asked.of_sequence, reason=asked.reason, paid=paid)
    return await _answer(terminal, outcome)


async def reverse(terminal: Terminal, payment_id: UUID, asked: KnownReversal) -> Reversed:
    """Undo a payment whose receipt the terminal got; refuses `PaymentUnknown` for another terminal's, and as above."""
    async with transaction(SYSTEM):
        paid = await the_payment(terminal, payment_id)
        if paid["principal"] != terminal.principal:
            raise PaymentUnknown
        outcome = await _given_back(terminal, paid)
    _log.info("payment_reversed", terminal=terminal.code, payment=str(payment_id), reason=asked.reason)
    return await _answer(terminal, outcome)


async def _stopped(terminal: Terminal, asked: TerminalReversal, code: Code) -> Outcome | None:
    """The payment, if it was posted; else it never will be."""
    card = await fetch_one(_CARD, shard_of(code.card_id), code.card_id)
    if card is None:
        raise PayerCodeWrong
    await fetch_all(_LOCK, shard_of(card["id"]), card["account_id"])
    for other in await fetch_all(_OF_NUMBER, list(SHARDS), terminal.principal, asked.of_sequence):
        if other["code_id"] != code.id:
            raise ReversalDiffers(of_sequence=asked.of_sequence)
    stop = Stop(
        id=new_id(card["id"]),
        citizen_id=card["citizen_id"],
        account_id=card["account_id"],
        at=clock.now(),
        principal=terminal.principal,
        sequence=asked.of_sequence,
        merchant_code=terminal.merchant_code,
        amount_fen=asked.amount_fen,
    )
    outcome = await stop_payment(stop, _too_late(code))
    if outcome.code in _REFUSALS:
        raise _REFUSALS[outcome.code](of_sequence=asked.of_sequence)
    return outcome if outcome.code == "paid" else None


def _too_late(code: Code) -> str | None:
    """Whether a payment by this code could only have been so long ago that it isn't reversed any more."""
    hours = limit_on(code.expires_at.date(), "reversal_hours")
    return ReversalTooLate.code if clock.now() > code.expires_at + timedelta(hours=hours) else None


async def _given_back(terminal: Terminal, paid: Row) -> Outcome:
    outcome = await give_back(terminal, reversal_posting(terminal, paid), await doubt_about(paid, "reversal"))
    if not outcome.stands:
        raise _REFUSALS[outcome.code](of_sequence=paid["sequence"])
    return outcome


async def _answer(terminal: Terminal, outcome: Outcome | None) -> Reversed:
    if outcome is None:
        return Reversed("not_paid", None)
    return Reversed("reversed", await receipt_of(terminal, outcome.transfer_id))
