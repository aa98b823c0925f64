"""Taking many payments at once: judged, sealed, posted and told of together (group posting), each with an outcome of its own."""

from collections.abc import Hashable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from app.card.accounts import Clearing, clearing_account
from app.card.codes import LIVES, Code
from app.card.errors import NewDevicePaymentOverLimit, PayerCodeExpired, PayerCodeWrong, PaymentOverLimit
from app.card.ledger import Outcome
from app.card.limits import LEVELS, limit_on
from app.card.merchants import names_of
from app.card.numbers import masked
from app.card.receipts import write_receipt
from app.card.structs import Receipt
from app.card.taking import Payment, take_payments
from app.card.terminal_structs import TerminalPayment
from app.kernel import clock
from app.kernel.actors import Terminal
from app.kernel.errors import Refusal
from app.kernel.ids import new_ids, shard_of
from app.kernel.words import Words

_LIVES_MICROS: Final = LIVES // clock.MICROSECOND


class Asked(msgspec.Struct, frozen=True):
    """One signed request to pay, with what its code stands for."""

    terminal: Terminal
    payment: TerminalPayment
    code: Code
    key: str
    fingerprint: bytes
    principal: str
    """The terminal's, written once."""

    def apart(self) -> tuple[Hashable, ...]:
        """What no two payments of a batch may share: the card, and the terminal's key and number."""
        return (self.code.card_id, (self.principal, self.key), (self.principal, self.payment.sequence))


class _Terms(msgspec.Struct, frozen=True):
    """What holds for all that is paid at one moment, whoever's card it is: the most in one payment, and by a new device."""

    at: datetime
    most_fen: int
    most_by_new_device_fen: int


Became = Refusal | tuple[Payment, Outcome]


async def pay_together(batch: Sequence[Asked]) -> list[Became]:
    """Take payments, no two of which share what `Asked.apart` names; gives for each what was refused, or the payment and its outcome."""
    names = await names_of({one.terminal.merchant_code for one in batch})
    terms = _terms_at(clock.now())
    ids = new_ids([one.code.card_id for one in batch])
    payments = [
        _payment(payment_id, one, terms, names[one.terminal.merchant_code])
        for payment_id, one in zip(ids, batch, strict=True)
    ]
    return [_known(*taken) for taken in zip(payments, await take_payments(payments, terms.at), strict=True)]


def _known(payment: Payment, outcome: Outcome) -> Became:
    return PayerCodeWrong() if outcome.code == PayerCodeWrong.code else (payment, outcome)


def _terms_at(at: datetime) -> _Terms:
    day = at.date()
    return _Terms(at, limit_on(day, "payment_max_fen"), limit_on(day, "new_device_payment_fen"))


def _payment(payment_id: UUID, asked: Asked, terms: _Terms, merchant: Words | None) -> Payment:
    terminal, order, code = asked.terminal, asked.payment, asked.code
    receipt = Receipt(
        format="fuhai.receipt.v1",
        id=payment_id,
        at=terms.at,
        kind="payment",
        amount_fen=order.amount_fen,
        currency="CNY",
        card=masked(code.digits),
        merchant_code=terminal.merchant_code,
        merchant=merchant,
        terminal_code=terminal.code,
        sequence=order.sequence,
        reference=order.reference,
        channel=None,
        order_number=None,
        channel_transaction_id=None,
    )
    shard = shard_of(code.card_id)
    return Payment(
        id=payment_id,
        shard=shard,
        card_id=code.card_id,
        code_id=code.id,
        shown_micros=clock.to_epoch_micros(code.expires_at) - _LIVES_MICROS,
        level=min(max(code.level, LEVELS[0]), LEVELS[-1]),
        amount_fen=order.amount_fen,
        principal=asked.principal,
        request_key=asked.key,
        fingerprint=asked.fingerprint,
        sequence=order.sequence,
        merchant_code=terminal.merchant_code,
        receipt=write_receipt(receipt),
        clearing=clearing_account(shard, Clearing.TERMINAL),
        doubt=_doubt(asked, terms),
    )


def _doubt(asked: Asked, terms: _Terms) -> str | None:
    """What the code and the amount say against a payment, whoever's card it is."""
    if asked.code.expires_at <= terms.at:
        return PayerCodeExpired.code
    if asked.payment.amount_fen > terms.most_fen:
        return PaymentOverLimit.code
    if asked.code.new_device and asked.payment.amount_fen > terms.most_by_new_device_fen:
        return NewDevicePaymentOverLimit.code
    return None
