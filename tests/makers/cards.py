"""Makers of cards that hold money, terminals' payments, and what WeChat Pay says of an order."""

import secrets
from datetime import timedelta
from uuid import UUID

import msgspec

from app.card import cards, payments, refunds, reversals
from app.card.checking import LedgerProof, check_ledger
from app.card.receipts import SYSTEM
from app.card.settling import settle
from app.card.structs import SignedReceipt
from app.card.terminal_structs import (
    Reversed,
    TerminalPayment,
    TerminalRefund,
    TerminalReversal,
)
from app.kernel import clock
from app.kernel.actors import Citizen, Terminal
from app.kernel.database import Row, execute, fetch_all, fetch_one, transaction
from app.kernel.idempotency import Once
from app.kernel.ids import new_id, new_plain_id, shard_of
from integrations.wechat_pay.port import OrderState, TradeState
from tests.makers.callers import the_authorities_of_the_product
from tests.makers.people import a_citizen

APPID, MCHID = "wx0000000000000001", "1600000001"


async def a_card_holder(holding_fen: int = 0) -> Citizen:
    """A citizen with an open card that holds an amount, put on it by a paid order."""
    the_authorities_of_the_product()
    citizen = await a_citizen()
    await cards.open_card(citizen)
    if holding_fen:
        await top_up(citizen, holding_fen)
    return citizen


async def top_up(citizen: Citizen, amount_fen: int) -> UUID:
    """Put an amount on a card by an order that the channel says is paid; gives the order."""
    top_up_id = await an_order(citizen, amount_fen)
    await settle(top_up_id, paid(top_up_id, amount_fen))
    return top_up_id


async def an_order(citizen: Citizen, amount_fen: int, minutes: int = 15, state: str = "awaiting") -> UUID:
    """An order that waits for its payer; `minutes` may be negative."""
    card = await the_card(citizen)
    row_id, at = new_id(citizen.id), clock.now()
    async with transaction(SYSTEM):
        await execute(
            "INSERT INTO top_up (id, shard, citizen_id, account_id, at, amount_fen, channel, appid, mchid, state, expires_at, "
            "request_key, fingerprint) VALUES ($1, $2, $3, $4, $5, $6, 'wechat_pay', $7, $8, $9, $10, $11, $12)",
            *(row_id, shard_of(row_id), citizen.id, card["account_id"], at, amount_fen, APPID, MCHID, state),
            *(at + timedelta(minutes=minutes), row_id.hex, b""),
        )
    return row_id


def paid(top_up_id: UUID, amount_fen: int) -> OrderState:
    """The channel's word that an order is paid."""
    return OrderState(top_up_id.hex, TradeState.SUCCESS, f"42000{secrets.token_hex(10)}", amount_fen, clock.now())


def unpaid(top_up_id: UUID, state: TradeState = TradeState.NOTPAY) -> OrderState:
    """The channel's word that an order isn't paid."""
    return OrderState(top_up_id.hex, state, None, None, None)


def a_till(code: str = "t-000001", merchant_code: str = "M000001") -> Terminal:
    """A terminal as the use cases take one."""
    return Terminal(id=new_plain_id(), code=code, merchant_code=merchant_code)


async def a_payment(citizen: Citizen, amount_fen: int, sequence: int = 1) -> TerminalPayment:
    """A payment by a new code of the citizen's card."""
    shown = await cards.payer_code(citizen)
    return TerminalPayment(sequence=sequence, amount_fen=amount_fen, payer_code=shown.code)


def a_request(payment: TerminalPayment | None = None, key: str | None = None) -> Once:
    """A request with a key of its own, and the payment as its body."""
    return Once(key or secrets.token_hex(16), "POST", "/v1/terminal/payments", msgspec.json.encode(payment))


async def pay(
    till: Terminal, citizen: Citizen, amount_fen: int, sequence: int = 1, key: str | None = None
) -> SignedReceipt:
    """Pay by a new code."""
    payment = await a_payment(citizen, amount_fen, sequence)
    return await payments.pay(till, payment, a_request(payment, key))


async def a_paid(fen: int = 300, *, sequence: int = 1) -> tuple[Citizen, Terminal, UUID]:
    """A citizen with 1,000 fen who paid at a till; with the payment."""
    citizen, till = await a_card_holder(1_000), a_till()
    return citizen, till, (await pay(till, citizen, fen, sequence)).receipt.id


async def refund(
    till: Terminal, payment_id: UUID, amount_fen: int, sequence: int = 101, key: str | None = None
) -> SignedReceipt:
    """Refund some of a payment."""
    asked = TerminalRefund(sequence=sequence, payment_id=payment_id, amount_fen=amount_fen)
    once = Once(key or secrets.token_hex(16), "POST", "/v1/terminal/refunds", msgspec.json.encode(asked))
    return await refunds.refund(till, asked, once)


async def reverse(till: Terminal, payment: TerminalPayment, **instead: int | str) -> Reversed:
    """Reverse a payment by what it asked; `instead` changes the reversal's fields."""
    asked = TerminalReversal(
        of_sequence=payment.sequence,
        amount_fen=payment.amount_fen,
        payer_code=payment.payer_code,
        reason="no_answer",
    )
    return await reversals.reverse_unanswered(till, msgspec.structs.replace(asked, **instead))


async def balance_fen(citizen: Citizen) -> int:
    """What is on the card."""
    return (await cards.card_of(citizen)).balance_fen


async def the_card(citizen: Citizen) -> Row:
    """The card's row."""
    async with transaction(citizen):
        return await cards.require_card(citizen)


async def the_order(top_up_id: UUID) -> Row:
    """An order's row."""
    async with transaction(SYSTEM):
        row = await fetch_one("SELECT * FROM top_up WHERE shard = $1 AND id = $2", shard_of(top_up_id), top_up_id)
    assert row is not None
    return row


async def told_of(citizen: Citizen) -> list[str]:
    """The kinds of events told about a citizen that wait, in order."""
    async with transaction(SYSTEM):
        rows = await fetch_all(
            "SELECT kind FROM outbox WHERE shard = $1 AND citizen_id = $2 ORDER BY id", shard_of(citizen.id), citizen.id
        )
    return [row["kind"] for row in rows]


async def ledger() -> LedgerProof:
    """The proof of the whole ledger."""
    return await check_ledger()
