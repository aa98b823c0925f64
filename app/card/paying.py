"""Taking many payments at once: judged, sealed, posted and told of together (group posting), each with an outcome of its own."""

from collections.abc import Hashable, Sequence
from datetime import datetime
from typing import Final

import msgspec

from app.audit.acts import Act, Done, seal_acts
from app.card.accounts import Clearing, clearing_account
from app.card.cards import not_paying
from app.card.codes import Code
from app.card.errors import (
    CardReplaced,
    CardStopped,
    NewDevicePaymentOverLimit,
    PayerCodeExpired,
    PayerCodeWrong,
    PayerFrozen,
    PaymentOverLimit,
)
from app.card.events import CardPaid
from app.card.ledger import Outcome, Posting, post_payments
from app.card.limits import limit_on
from app.card.merchants import words_of
from app.card.numbers import masked_number
from app.card.receipts import SYSTEM, keep_seal, seal_receipt
from app.card.states import CardState
from app.card.structs import Receipt, TerminalPayment
from app.card.terminal_requests import Request, reused
from app.kernel.actors import Terminal
from app.kernel.database import Row, execute, fetch_all, transaction
from app.kernel.errors import Refusal
from app.kernel.events import tell_all
from app.kernel.ids import new_id, shard_of

_PAYERS: Final = """
SELECT asked.id, c.citizen_id, coalesce(c.account_id, c.former_account_id) AS account_id, c.state, c.number, m.name_zh, m.name_en, r.frozen_at, r.died_on, r.means_from
FROM unnest($1::int4[], $2::uuid[], $3::text[]) WITH ORDINALITY AS asked (shard, id, merchant_code, n)
LEFT JOIN card c ON c.shard = asked.shard AND c.id = asked.id
LEFT JOIN merchant m ON m.code = asked.merchant_code
LEFT JOIN resident r ON r.shard = c.shard AND r.id = c.citizen_id
ORDER BY asked.n
"""


class Asked(msgspec.Struct, frozen=True):
    """One signed request to pay, with what its code stands for."""

    terminal: Terminal
    payment: TerminalPayment
    code: Code
    key: str
    fingerprint: bytes
    at: datetime

    def apart(self) -> tuple[Hashable, ...]:
        """What no two payments of a batch may share: the card, and the terminal's key and number."""
        principal = self.terminal.principal
        return (self.code.card_id, (principal, self.key), (principal, self.payment.sequence))


Became = Refusal | tuple[Posting, Outcome]


class _Ready(msgspec.Struct, frozen=True):
    """A payment that can be posted, and the code of what was found against it."""

    asked: Asked
    posting: Posting
    doubt: str | None


async def pay_together(batch: Sequence[Asked]) -> list[Became]:
    """Take payments, no two of which share what `Asked.apart` names; gives for each what was refused, or its posting and outcome."""
    await keep_seal()
    payers = await _payers(batch)
    ready = [
        _Ready(asked, _posting(asked, payer), _doubt(asked, payer))
        for asked, payer in zip(batch, payers, strict=True)
        if not isinstance(payer, Refusal)
    ]
    posted = iter(await _posted(ready) if ready else ())
    return [payer if isinstance(payer, Refusal) else next(posted) for payer in payers]


async def _payers(batch: Sequence[Asked]) -> list[Row | Refusal]:
    """Who pays each, unless its key or number was used already or its card isn't there; waits for no disk."""
    requests = [Request(one.terminal.principal, one.key, one.payment.sequence, one.fingerprint) for one in batch]
    cards = [one.code.card_id for one in batch]
    async with transaction(SYSTEM):
        await execute("SET LOCAL synchronous_commit = off")
        refusals = await reused(requests)
        rows = await fetch_all(
            _PAYERS, list(map(shard_of, cards)), cards, [one.terminal.merchant_code for one in batch]
        )
    return [
        refusal or (PayerCodeWrong() if row["citizen_id"] is None else row)
        for refusal, row in zip(refusals, rows, strict=True)
    ]


async def _posted(ready: Sequence[_Ready]) -> list[tuple[Posting, Outcome]]:
    """Post, and tell and seal what was posted, in one transaction."""
    async with transaction(SYSTEM):
        outcomes = await post_payments([(one.posting, one.doubt) for one in ready])
        new = [one for one, outcome in zip(ready, outcomes, strict=True) if outcome.is_new]
        await tell_all([_told(one) for one in new])
        await seal_acts(
            [Done(Act.CARD_PAID, one.asked.terminal, one.posting.citizen_id, one.posting.id) for one in new]
        )
    return [(one.posting, outcome) for one, outcome in zip(ready, outcomes, strict=True)]


def _told(one: _Ready) -> CardPaid:
    return CardPaid(citizen_id=one.posting.citizen_id, subject_id=one.posting.id, actor=one.asked.terminal.principal)


def _doubt(asked: Asked, payer: Row) -> str | None:
    if (stopped := _stopped(payer)) is not None:
        return stopped
    if asked.code.expires_at <= asked.at or asked.code.shown_before(payer["means_from"]):
        return PayerCodeExpired.code
    if asked.payment.amount_fen > limit_on(asked.at.date(), "payment_max_fen"):
        return PaymentOverLimit.code
    if asked.code.new_device and asked.payment.amount_fen > limit_on(asked.at.date(), "new_device_payment_fen"):
        return NewDevicePaymentOverLimit.code
    return None


def _stopped(payer: Row) -> str | None:
    """Why the payer or their card doesn't pay at all; whether it is lost is for the database to say, once it is locked."""
    if payer["frozen_at"] is not None:
        return PayerFrozen.code
    if payer["died_on"] is not None:
        return CardStopped.code
    if payer["state"] == CardState.REPLACED:
        return CardReplaced.code
    refusal = not_paying(payer["state"]) if payer["state"] != CardState.LOST else None
    return refusal.code if refusal else None


def _posting(asked: Asked, payer: Row) -> Posting:
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
