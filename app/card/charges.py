"""Paying a department, or a company of the city, from the card within the app; and giving such a payment back.

Both run in the transaction of what is paid for, so a fee is paid exactly when a place is booked, and never without it.
"""

import hashlib
from typing import Final
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.card.accounts import Clearing, clearing_account
from app.card.cards import card_row, not_paying
from app.card.categories import payee_mcc
from app.card.errors import (
    BalanceTooLow,
    CardCancelled,
    CardLost,
    CardNotActive,
    CardNotOpened,
    CardStopped,
    NewDevicePaymentOverLimit,
    PaymentOverLimit,
)
from app.card.events import CardCharged, ChargeReturned
from app.card.ledger import Posting, post
from app.card.limits import limit_on
from app.card.merchants import register_merchant
from app.card.numbers import masked_number
from app.card.receipts import SYSTEM, write_receipt
from app.card.states import CardState
from app.card.structs import Receipt, TransferKind
from app.identity.new_devices import is_new_device
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import Row, fetch_one, transaction
from app.kernel.errors import Refusal
from app.kernel.events import tell
from app.kernel.ids import new_id, shard_of
from app.kernel.words import Words

CHARGE_REFUSALS: Final[tuple[type[Refusal], ...]] = (
    *(CardNotOpened, CardLost, CardCancelled, CardNotActive, CardStopped, BalanceTooLow),
    *(PaymentOverLimit, NewDevicePaymentOverLimit),
)
"""What `charge` may refuse."""
_BY_CODE: Final = {refusal.code: refusal for refusal in CHARGE_REFUSALS}
_CHARGED: Final = (
    "SELECT t.*, c.number, m.name_zh, m.name_en FROM transfer t JOIN card c ON c.shard = t.shard AND c.account_id = t.debit "
    "JOIN merchant m ON m.code = t.merchant_code WHERE t.shard = $1 AND t.id = $2 AND t.kind = 'charge'"
)
_known: Final[dict[str, Words]] = {}


class Payee(msgspec.Struct, frozen=True):
    """Who is paid: a department or a company of the city. `mcc` is its category code, where the code alone doesn't say."""

    code: str
    name: Words
    mcc: str | None = None


class Charge(msgspec.Struct, frozen=True):
    """What is to be paid. `of` names what is paid for and makes a repeat harmless; `reference` stands on the receipt."""

    of: UUID
    payee: Payee
    amount_fen: int
    reference: str


async def prepare(payee: Payee) -> None:
    """Make a payee known, and the seal of receipts kept; call it before the transaction in which is paid."""
    if _known.get(payee.code) != payee.name:
        await register_merchant(payee.code, payee.name, payee.mcc or payee_mcc(payee.code))
        _known[payee.code] = payee.name


async def charge(citizen: Citizen, asked: Charge) -> UUID:
    """Pay from the citizen's own card, in the transaction in progress; gives the transfer, which is its receipt's id.

    Whoever acts for somebody pays from their own card. Charging for the same thing again changes nothing. Refuses what
    `CHARGE_REFUSALS` lists; then the caller's transaction has to end.
    """
    async with transaction(SYSTEM):
        card = await card_row(citizen.hand)
        if card is None:
            raise CardNotOpened
        if card["state"] == CardState.CANCELLED:
            raise CardCancelled
        posting = _charging(citizen.hand, card, asked)
        outcome = await post(posting, _doubt(citizen, asked.amount_fen))
        if not outcome.stands:
            raise _BY_CODE[outcome.code]
        if outcome.is_new:
            await tell(CardCharged(citizen_id=citizen.hand, subject_id=posting.id, cause_id=asked.of))
            await seal_act(Act.CARD_CHARGED, citizen, about=citizen.hand, subject=posting.id)
    return outcome.transfer_id


async def obstacle(citizen: Citizen, amount_fen: int) -> Refusal | None:
    """What `charge` would refuse just now, if anything; in the transaction in progress, and nothing is written."""
    async with transaction(SYSTEM):
        card = await card_row(citizen.hand)
    if card is None:
        return CardNotOpened()
    if (doubt := _doubt(citizen, amount_fen)) is not None:
        return _BY_CODE[doubt]()
    if (stopped := not_paying(card["state"])) is not None:
        return stopped
    return BalanceTooLow() if card["balance_fen"] < amount_fen else None


async def give_back(charge_id: UUID, amount_fen: int | None = None) -> UUID:
    """Give a charge back to the card that paid it, whole unless `amount_fen` says how much, in the transaction in progress.

    Given back again, nothing changes: a charge is given back once. The database refuses more than was charged.
    """
    async with transaction(SYSTEM):
        charged = await fetch_one(_CHARGED, shard_of(charge_id), charge_id)
        if charged is None:
            raise LookupError(charge_id)
        posting = _returning(charged, amount_fen or charged["amount_fen"])
        outcome = await post(posting)
        if not outcome.stands:
            raise LookupError(outcome.code)
        if outcome.is_new:
            await tell(ChargeReturned(citizen_id=posting.citizen_id, subject_id=posting.id, cause_id=charge_id))
            await seal_act(Act.CHARGE_RETURNED, SYSTEM, about=posting.citizen_id, subject=posting.id)
    return outcome.transfer_id


def _doubt(citizen: Citizen, amount_fen: int) -> str | None:
    today = clock.today()
    if amount_fen > limit_on(today, "charge_max_fen"):
        return PaymentOverLimit.code
    if is_new_device(citizen) and amount_fen > limit_on(today, "new_device_payment_fen"):
        return NewDevicePaymentOverLimit.code
    return None


def _charging(payer: UUID, card: Row, asked: Charge) -> Posting:
    receipt = _receipt(new_id(payer), "charge", card["number"], asked)
    return Posting(
        id=receipt.id,
        citizen_id=payer,
        at=receipt.at,
        kind="charge",
        debit=card["account_id"],
        credit=clearing_account(shard_of(payer), Clearing.CHARGE),
        amount_fen=asked.amount_fen,
        principal=SYSTEM.principal,
        request_key=f"charge:{asked.of}",
        fingerprint=_fingerprint(asked.payee.code, asked.amount_fen),
        receipt=write_receipt(receipt),
        merchant_code=asked.payee.code,
    )


def _returning(charged: Row, amount_fen: int) -> Posting:
    payee = Payee(charged["merchant_code"], Words(zh=charged["name_zh"], en=charged["name_en"]))
    asked = Charge(charged["id"], payee, amount_fen, str(charged["id"]))
    receipt = _receipt(new_id(charged["citizen_id"]), "return", charged["number"], asked)
    return Posting(
        id=receipt.id,
        citizen_id=charged["citizen_id"],
        at=receipt.at,
        kind="return",
        debit=charged["credit"],
        credit=charged["debit"],
        amount_fen=amount_fen,
        principal=SYSTEM.principal,
        request_key=f"return:{charged['id']}",
        fingerprint=_fingerprint(payee.code, amount_fen),
        receipt=write_receipt(receipt),
        merchant_code=payee.code,
        returns=charged["id"],
    )


def _receipt(transfer_id: UUID, kind: TransferKind, number: str, asked: Charge) -> Receipt:
    return Receipt(
        format="fuhai.receipt.v1",
        id=transfer_id,
        at=clock.now(),
        kind=kind,
        amount_fen=asked.amount_fen,
        currency="CNY",
        card=masked_number(number),
        merchant_code=asked.payee.code,
        merchant=asked.payee.name,
        terminal_code=None,
        sequence=None,
        reference=asked.reference,
        channel=None,
        order_number=None,
        channel_transaction_id=None,
    )


def _fingerprint(*parts: object) -> bytes:
    return hashlib.sha256("\n".join(map(str, parts)).encode()).digest()
