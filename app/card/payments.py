"""Paying at a terminal, which signs its request and gets a sealed receipt.

A retry is recognised by the terminal's `Idempotency-Key` and by its sequence number, and answered with the first receipt. A
decline is kept: asked again, it is declined again. So each attempt takes a number of its own, also after a decline.
"""

from datetime import datetime
from typing import Final

import asyncpg
import msgspec
import structlog

from app.audit.acts import Act, seal_act
from app.card.accounts import Clearing, clearing_account
from app.card.answers import answer_certificates
from app.card.codes import Code, read_code
from app.card.errors import (
    BalanceTooLow,
    CardLost,
    CardStopped,
    NewDevicePaymentOverLimit,
    PayerCodeExpired,
    PayerCodeSpent,
    PayerCodeWrong,
    PayerFrozen,
    PaymentOverLimit,
    SequenceReused,
)
from app.card.events import CardPaid
from app.card.ledger import Outcome, Posting, post
from app.card.limits import limit_on
from app.card.merchants import words_of
from app.card.numbers import masked_number
from app.card.receipts import keep_seal, receipt_of, seal_receipt
from app.card.structs import Receipt, SignedOn, SignedReceipt, SignOn, TerminalPayment
from app.card.terminal_requests import refuse_reuse
from app.kernel import clock
from app.kernel.actors import Terminal
from app.kernel.database import Row, fetch_one, fetch_value, transaction
from app.kernel.errors import Refusal
from app.kernel.events import tell
from app.kernel.idempotency import IdempotencyKeyReused, Once
from app.kernel.ids import SHARDS, new_id, shard_of

_log = structlog.get_logger()
DECLINES: Final[dict[str, type[Refusal]]] = {
    refusal.code: refusal
    for refusal in (
        *(BalanceTooLow, CardLost, CardStopped, PayerCodeExpired, PayerCodeSpent, PayerFrozen, PaymentOverLimit),
        *(NewDevicePaymentOverLimit, SequenceReused, IdempotencyKeyReused),
    )
}
_PAYER: Final = (
    "SELECT c.citizen_id, c.account_id, c.number, m.name_zh, m.name_en, r.frozen_at, r.died_on, r.means_from FROM card c "
    "LEFT JOIN merchant m ON m.code = $3 LEFT JOIN resident r ON r.shard = c.shard AND r.id = c.citizen_id "
    "WHERE c.shard = $1 AND c.id = $2"
)
_LAST: Final = "SELECT coalesce(max(sequence), 0) FROM {table} WHERE shard = ANY ($1::int4[]) AND principal = $2"


class _Asked(msgspec.Struct, frozen=True):
    """One signed request to pay, with what its code stands for."""

    terminal: Terminal
    payment: TerminalPayment
    code: Code
    key: str
    fingerprint: bytes
    at: datetime


async def sign_on(terminal: Terminal, told: SignOn) -> SignedOn:
    """Give a terminal the parameters of its day, and where its sequence stands."""
    at = clock.now()
    _log.info("terminal_signed_on", terminal=terminal.code, software=told.software)
    async with transaction(terminal):
        merchant = await fetch_one("SELECT name_zh, name_en FROM merchant WHERE code = $1", terminal.merchant_code)
        tables = ("transfer", "declined_payment")
        last = [await fetch_value(_LAST.format(table=table), list(SHARDS), terminal.principal) for table in tables]
    return SignedOn(
        terminal_code=terminal.code,
        merchant_code=terminal.merchant_code,
        merchant=words_of(merchant),
        at=at,
        payment_max_fen=limit_on(at.date(), "payment_max_fen"),
        currency="CNY",
        last_sequence=max(last),
        answer_certificates=answer_certificates(),
    )


async def pay(terminal: Terminal, payment: TerminalPayment, once: Once) -> SignedReceipt:
    """Pay once from the card whose code the terminal has read, and give the sealed receipt.

    Refuses `PayerCodeWrong` for what isn't a code of ours; declines by name what `DECLINES` lists.
    """
    code = read_code(payment.payer_code)
    asked = _Asked(terminal, payment, code, once.required(), once.fingerprint, clock.now())
    await keep_seal()
    await refuse_reuse(terminal, payment.sequence, once)
    posting, outcome = await _posted(asked)
    if not outcome.stands:
        raise DECLINES[outcome.code](sequence=payment.sequence)
    return posting.receipt.shown() if outcome.is_new else await receipt_of(terminal, outcome.transfer_id)


async def _posted(asked: _Asked) -> tuple[Posting, Outcome]:
    """Post, and tell of it, in one transaction. Two cards asked for under one number at once meet at a unique key: look again."""
    try:
        return await _post_and_tell(asked)
    except asyncpg.UniqueViolationError:
        return await _post_and_tell(asked)


async def _post_and_tell(asked: _Asked) -> tuple[Posting, Outcome]:
    async with transaction(asked.terminal):
        payer = await fetch_one(_PAYER, shard_of(asked.code.card_id), asked.code.card_id, asked.terminal.merchant_code)
        if payer is None:
            raise PayerCodeWrong
        posting = _posting(asked, payer)
        outcome = await post(posting, _doubt(asked, payer))
        if outcome.is_new:
            await tell(CardPaid(citizen_id=posting.citizen_id, subject_id=posting.id))
            await seal_act(Act.CARD_PAID, asked.terminal, about=posting.citizen_id, subject=posting.id)
    return posting, outcome


def _doubt(asked: _Asked, payer: Row) -> str | None:
    if payer["frozen_at"] is not None:
        return PayerFrozen.code
    if payer["died_on"] is not None:
        return CardStopped.code
    if asked.code.expires_at <= asked.at or asked.code.shown_before(payer["means_from"]):
        return PayerCodeExpired.code
    if asked.payment.amount_fen > limit_on(asked.at.date(), "payment_max_fen"):
        return PaymentOverLimit.code
    if asked.code.new_device and asked.payment.amount_fen > limit_on(asked.at.date(), "new_device_payment_fen"):
        return NewDevicePaymentOverLimit.code
    return None


def _posting(asked: _Asked, payer: Row) -> Posting:
    transfer_id, shard = new_id(asked.code.card_id), shard_of(asked.code.card_id)
    receipt = Receipt(
        format="fuhai.receipt.v1",
        id=transfer_id,
        at=asked.at,
        kind="payment",
        amount_fen=asked.payment.amount_fen,
        currency="CNY",
        card=masked_number(payer["number"]),
        merchant_code=asked.terminal.merchant_code,
        merchant=words_of(payer),
        terminal_code=asked.terminal.code,
        sequence=asked.payment.sequence,
        reference=asked.payment.reference,
        channel=None,
        order_number=None,
        channel_transaction_id=None,
    )
    return Posting(
        id=transfer_id,
        citizen_id=payer["citizen_id"],
        at=asked.at,
        kind="payment",
        debit=payer["account_id"],
        credit=clearing_account(shard, Clearing.TERMINAL),
        amount_fen=asked.payment.amount_fen,
        principal=asked.terminal.principal,
        request_key=asked.key,
        fingerprint=asked.fingerprint,
        receipt=seal_receipt(receipt),
        sequence=asked.payment.sequence,
        merchant_code=asked.terminal.merchant_code,
        code_id=asked.code.id,
    )
