"""Paying at a terminal, which signs its request and gets a sealed receipt.

A retry is recognised by the terminal's `Idempotency-Key` and by its sequence number, and answered with the first receipt. A
decline is kept: asked again, it is declined again. So each attempt takes a number of its own, also after a decline. What is asked
for at the same time is posted together.
"""

from datetime import datetime
from typing import Final, Protocol

import structlog

from app.card.answers import answer_certificates
from app.card.codes import Code, any_code
from app.card.errors import (
    BalanceTooLow,
    CardCancelled,
    CardLost,
    CardNotActive,
    CardReplaced,
    CardStopped,
    DayLimitReached,
    MonthLimitReached,
    NewDevicePaymentOverLimit,
    PayerCodeExpired,
    PayerCodeSpent,
    PayerFrozen,
    PaymentOverLimit,
    PaymentReversed,
    SequenceReused,
)
from app.card.limits import limit_on
from app.card.merchants import words_of
from app.card.paying import Asked, pay_together
from app.card.receipts import shown, written_receipt
from app.card.structs import SignedReceipt
from app.card.terminal_structs import (
    SignedOn,
    SignedOnOffline,
    SignOn,
    TerminalPayment,
)
from app.kernel import clock
from app.kernel.actors import Terminal
from app.kernel.database import fetch_one, fetch_value, transaction
from app.kernel.errors import Refusal
from app.kernel.idempotency import IdempotencyKeyReused, Once
from app.kernel.ids import SHARDS
from app.kernel.together import Together

_log = structlog.get_logger()
DECLINES: Final[dict[str, type[Refusal]]] = {
    refusal.code: refusal
    for refusal in (
        *(
            BalanceTooLow,
            CardCancelled,
            CardLost,
            CardStopped,
            PayerCodeExpired,
            PayerCodeSpent,
            PayerFrozen,
            PaymentOverLimit,
        ),
        *(NewDevicePaymentOverLimit, PaymentReversed, SequenceReused, IdempotencyKeyReused),
        *(CardNotActive, CardReplaced, DayLimitReached, MonthLimitReached),
    )
}
_LAST: Final = "SELECT coalesce(max(sequence), 0) FROM {table} WHERE shard = ANY ($1::int4[]) AND principal = $2"
_LATELY: Final = "SELECT coalesce(max(sequence), 0) FROM terminal_request WHERE principal = $1"
_COUNTER: Final = Together(pay_together, Asked.apart)


class OfflineTerms(Protocol):
    """Says what a terminal needs to take payments without a line (the room above registers it)."""

    async def terms(self, terminal: Terminal) -> SignedOnOffline:
        """Keys, caps and the list's version, as of now, and where the terminal stands."""


_terms: Final[list[OfflineTerms]] = []


def use_offline_terms(terms: OfflineTerms) -> None:
    """Let sign-on tell terminals how to take payments without a line."""
    _terms[:] = [terms]


async def sign_on(terminal: Terminal, told: SignOn, certificate_ends_at: datetime) -> SignedOn:
    """Give a terminal the parameters of its day, where its sequence stands, and when the certificate ends that it signed by."""
    at = clock.now()
    _log.info("terminal_signed_on", terminal=terminal.code, software=told.software)
    async with transaction(terminal):
        merchant = await fetch_one("SELECT name_zh, name_en FROM merchant WHERE code = $1", terminal.merchant_code)
        tables = ("transfer", "declined_payment")
        last = [await fetch_value(_LAST.format(table=table), list(SHARDS), terminal.principal) for table in tables]
        last.append(await fetch_value(_LATELY, terminal.principal))
    return SignedOn(
        terminal_code=terminal.code,
        merchant_code=terminal.merchant_code,
        merchant=words_of(merchant),
        at=at,
        payment_max_fen=limit_on(at.date(), "payment_max_fen"),
        currency="CNY",
        last_sequence=max(last),
        certificate_ends_at=certificate_ends_at,
        answer_certificates=answer_certificates(),
        offline=await _terms[0].terms(terminal) if _terms else None,
    )


async def pay(terminal: Terminal, payment: TerminalPayment, once: Once) -> SignedReceipt:
    """Pay once from the card whose code the terminal has read, and give the sealed receipt; refuses what `take` refuses."""
    return shown(await take(terminal, payment, once))


async def take(terminal: Terminal, payment: TerminalPayment, once: Once) -> bytes:
    """Take a payment once; gives its receipt as it is written, which isn't sealed yet.

    Refuses `PayerCodeWrong` for what isn't a code of ours, and `TooManyWaiting`; declines by name what `DECLINES` lists.
    """
    return await take_by(await any_code(payment.payer_code), terminal, payment, once)


async def take_by(code: Code, terminal: Terminal, payment: TerminalPayment, once: Once) -> bytes:
    """The same by a code that was read already: what the ledger does of it."""
    became = await _COUNTER(Asked(terminal, payment, code, once.required(), once.fingerprint, terminal.principal))
    if isinstance(became, Refusal):
        raise became
    taken, outcome = became
    if not outcome.stands:
        raise DECLINES[outcome.code](sequence=payment.sequence)
    return taken.receipt if outcome.is_new else await written_receipt(terminal, outcome.transfer_id)


async def finish() -> None:
    """Wait for the payments that are under way; called when the process stops."""
    await _COUNTER.finish()
