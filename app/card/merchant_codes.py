"""Codes that merchants show: issued here, kept whole, and paid by as often as they say.

A code is an EMV text (`emvco`) with a template of our own: the product's domain in reverse, the merchant, and a random number. Its checksum
proves nothing of who made it, so a text counts only if it equals, letter by letter, the one that was issued under its number. All of it
is upper-case where the merchant's code is, so a QR code packs it in its alphanumeric mode.
"""

import base64
import secrets
from typing import Final
from uuid import UUID

import asyncpg
import msgspec
import segno

from app.card import emvco
from app.card.charges import Payee
from app.card.emvco import BILL, GUID, TERMINAL, Flaw, Method, Presented
from app.card.receipts import SYSTEM
from app.card.scan_errors import (
    MerchantCodeForeign,
    MerchantCodePaid,
    MerchantCodeStopped,
    MerchantCodeUnknown,
    MerchantCodeWrong,
    MerchantUnknown,
    ReferenceUsed,
)
from app.kernel import clock
from app.kernel.database import Row, execute, fetch_one, fetch_value, transaction, violated_constraint
from app.kernel.settings import load
from app.kernel.words import Words

_TEMPLATE: Final = "26"
_MERCHANT: Final = "01"
_NUMBER: Final = "02"
_NUMBER_BYTES: Final = 10
_CITY: Final = "YANTAI"
_NAME_LETTERS: Final = 25
_FIND: Final = (
    "SELECT c.*, m.name_zh, m.name_en FROM merchant_code c JOIN merchant m ON m.code = c.merchant WHERE c.id = $1"
)
_INSERT: Final = "INSERT INTO merchant_code (id, merchant, code, amount_fen, reference, terminal_code, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"


class Order(msgspec.Struct, frozen=True):
    """What a code is to say: who is paid, of which category (ISO 18245), and how much for which bill at which till, as far as it is known."""

    merchant: str
    category: str
    amount_fen: int | None = None
    reference: str | None = None
    terminal_code: str | None = None


class IssuedCode(msgspec.Struct, frozen=True):
    """A code that we issued and that can be paid by. With a `reference` it is paid once."""

    id: str
    payee: Payee
    amount_fen: int | None
    reference: str | None
    terminal_code: str | None


def our_guid() -> str:
    """What names our network in a code: the product's domain in reverse."""
    return ".".join(reversed(load().issuer_domain.split("."))).upper()


async def issue(order: Order) -> str:
    """Make a merchant's code, and give its text.

    Refuses `MerchantUnknown`, `ReferenceUsed` where the merchant has a code for this bill, and `MerchantCodeWrong` for what no code can say.
    """
    number = base64.b32encode(secrets.token_bytes(_NUMBER_BYTES)).decode()
    async with transaction(SYSTEM):
        name = await fetch_value("SELECT name_en FROM merchant WHERE code = $1", order.merchant)
        if name is None:
            raise MerchantUnknown
        text = emvco.write(_presented(order, name, number))
        try:
            await execute(
                _INSERT,
                *(number, order.merchant, text, order.amount_fen, order.reference, order.terminal_code, clock.now()),
            )
        except asyncpg.UniqueViolationError as error:
            if violated_constraint(error) != "merchant_code_bill_once":
                raise
            raise ReferenceUsed from error
    return text


def _presented(order: Order, name: str, number: str) -> Presented:
    account = {GUID: our_guid(), _MERCHANT: order.merchant, _NUMBER: number}
    additional = {BILL: order.reference, TERMINAL: order.terminal_code}
    return Presented(
        accounts={_TEMPLATE: emvco.joined(account)},
        category=order.category,
        name=name.upper()[:_NAME_LETTERS].strip(),
        city=_CITY,
        method=Method.STATIC if order.reference is None else Method.DYNAMIC,
        amount_fen=order.amount_fen,
        additional={key: value for key, value in additional.items() if value is not None},
    )


async def stop(text: str) -> None:
    """Withdraw a code, which nobody pays by any more; harmless when repeated. Refuses what `find` refuses but a code that ended."""
    number = _number_of(text)
    async with transaction(SYSTEM):
        _same(await fetch_one(_FIND, number), text)
        await execute(
            "UPDATE merchant_code SET stopped_at = $2 WHERE id = $1 AND stopped_at IS NULL", number, clock.now()
        )


async def find(text: str) -> IssuedCode:
    """What a scanned text stands for, in the system transaction in progress.

    Refuses what isn't a code of ours, letter by letter (`MerchantCodeWrong`, `MerchantCodeForeign`, `MerchantCodeUnknown`), and one that
    was withdrawn (`MerchantCodeStopped`) or whose bill is paid (`MerchantCodePaid`).
    """
    row = _same(await fetch_one(_FIND, _number_of(text)), text)
    if row["payment_id"] is not None:
        raise MerchantCodePaid
    if row["stopped_at"] is not None:
        raise MerchantCodeStopped
    payee = Payee(row["merchant"], Words(zh=row["name_zh"], en=row["name_en"]))
    return IssuedCode(row["id"], payee, row["amount_fen"], row["reference"], row["terminal_code"])


async def spend(code: IssuedCode, payment_id: UUID) -> None:
    """Have a code with a bill for one payment; refuses (`MerchantCodePaid`) one that has another. System transactions only."""
    if code.reference is None:
        return
    spent = await execute(
        "UPDATE merchant_code SET payment_id = $2 WHERE id = $1 AND payment_id IS NULL", code.id, payment_id
    )
    if not spent:
        raise MerchantCodePaid


def drawn(text: str) -> segno.QRCode:
    """A code as a QR code (level M)."""
    return segno.make(text, error="m", micro=False, boost_error=False)


def _number_of(text: str) -> str:
    account = emvco.read(text).account_of(our_guid())
    if account is None:
        raise MerchantCodeForeign
    return account.get(_NUMBER, "")


def _same(row: Row | None, text: str) -> Row:
    if row is None:
        raise MerchantCodeUnknown
    if row["code"] != text:
        raise MerchantCodeWrong(flaw=Flaw.CHANGED.value)
    return row
