"""Giving a payment at a terminal back to the card that paid, also a lost one: what refunds and reversals have in common."""

import hashlib
from datetime import timedelta
from typing import Final, Literal
from uuid import UUID

from app.audit.acts import Act, seal_act
from app.card.errors import NotAPayment, PayerGone, PaymentUnknown
from app.card.events import CardPaymentReversed, CardRefunded
from app.card.ledger import Outcome, Posting, post
from app.card.limits import limit_on
from app.card.merchants import words_of
from app.card.numbers import masked_number
from app.card.receipts import write_receipt
from app.card.structs import Receipt
from app.card.terminal_requests import Request
from app.kernel import clock
from app.kernel.actors import Terminal
from app.kernel.database import Row, fetch_one
from app.kernel.events import tell
from app.kernel.ids import new_id, shard_of
from app.privacy.erasure import has_begun

GivenBack = Literal["refund", "reversal"]
_EVENTS: Final = {"refund": CardRefunded, "reversal": CardPaymentReversed}
_ACTS: Final = {"refund": Act.CARD_REFUNDED, "reversal": Act.PAYMENT_REVERSED}
# The card is locked against the erasure of its owner, which looks for money on it.
_PAID: Final = """
SELECT t.*, c.number, m.name_zh, m.name_en FROM transfer t
JOIN card c ON c.shard = t.shard AND c.account_id IN (t.debit, t.credit) LEFT JOIN merchant m ON m.code = t.merchant_code
WHERE t.shard = $1 AND t.id = $2 AND t.merchant_code = $3 FOR SHARE OF c
"""


async def the_payment(terminal: Terminal, payment_id: UUID) -> Row:
    """A payment at the terminal's merchant; refuses `PaymentUnknown`, and what is none (`NotAPayment`). In the system transaction in progress."""
    row = await fetch_one(_PAID, shard_of(payment_id), payment_id, terminal.merchant_code)
    if row is None:
        raise PaymentUnknown
    if row["kind"] != "payment":
        raise NotAPayment
    return row


async def doubt_about(paid: Row, kind: GivenBack) -> str | None:
    """What speaks against giving a payment back, unless it was given back already: the time that has gone by, or an erased payer."""
    if clock.now() > paid["at"] + _within(paid, kind):
        return f"{kind}_too_late"
    return PayerGone.code if await has_begun(paid["citizen_id"]) else None


def _within(paid: Row, kind: GivenBack) -> timedelta:
    day = paid["at"].date()
    if kind == "refund":
        return timedelta(days=limit_on(day, "refund_days"))
    return timedelta(hours=limit_on(day, "reversal_hours"))


def refund_posting(terminal: Terminal, paid: Row, request: Request, amount_fen: int) -> Posting:
    """A refund as the terminal asks for it, under its key and number, with its sealed receipt."""
    return _posting(terminal, paid, request, "refund", amount_fen)


def reversal_posting(terminal: Terminal, paid: Row) -> Posting:
    """The reversal of a payment, which there can be only one of: its number is the payment's, and so is what it is known by."""
    fingerprint = hashlib.sha256(paid["id"].bytes).digest()
    request = Request(terminal.principal, f"reversal {paid['sequence']}", paid["sequence"], fingerprint)
    return _posting(terminal, paid, request, "reversal", paid["amount_fen"])


async def give_back(terminal: Terminal, posting: Posting, doubt: str | None) -> Outcome:
    """Post what gives a payment back, tell of it and seal it; in the system transaction in progress."""
    outcome = await post(posting, doubt)
    if outcome.is_new:
        event, act = _EVENTS[posting.kind], _ACTS[posting.kind]
        await tell(
            event(
                citizen_id=posting.citizen_id,
                subject_id=posting.id,
                cause_id=posting.returns,
                actor=terminal.principal,
            )
        )
        await seal_act(act, terminal, about=posting.citizen_id, subject=posting.id)
    return outcome


def _posting(terminal: Terminal, paid: Row, request: Request, kind: GivenBack, amount_fen: int) -> Posting:
    receipt = Receipt(
        format="fuhai.receipt.v1",
        id=new_id(paid["citizen_id"]),
        at=clock.now(),
        kind=kind,
        amount_fen=amount_fen,
        currency="CNY",
        card=masked_number(paid["number"]),
        merchant_code=paid["merchant_code"],
        merchant=words_of(paid),
        terminal_code=terminal.code,
        sequence=request.sequence,
        reference=str(paid["id"]),
        channel=None,
        order_number=None,
        channel_transaction_id=None,
    )
    return Posting(
        id=receipt.id,
        citizen_id=paid["citizen_id"],
        at=receipt.at,
        kind=kind,
        debit=paid["credit"],
        credit=paid["debit"],
        amount_fen=amount_fen,
        principal=request.principal,
        request_key=request.key,
        fingerprint=request.fingerprint,
        receipt=write_receipt(receipt),
        sequence=request.sequence if kind == "refund" else None,
        merchant_code=paid["merchant_code"],
        returns=paid["id"],
    )
