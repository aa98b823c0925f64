"""What the channel says of an order, brought into our books: credited once, closed, refunded, or left for a person.

What was paid after the order's end goes back by itself. Another amount than was ordered can't come of our order: it isn't refunded
by itself, since nobody knows yet whose it is.
"""

import hashlib
from typing import Final
from uuid import UUID

from app.audit.acts import Act, seal_act
from app.card.accounts import Clearing, clearing_account
from app.card.channel_refunds import CHANNEL, order_refund
from app.card.errors import TopUpUnknown
from app.card.events import CardToppedUp, TopUpDisputed
from app.card.ledger import Outcome, Posting, post
from app.card.numbers import masked_number
from app.card.receipts import write_receipt
from app.card.states import UNFINISHED, TopUpState
from app.card.structs import Receipt
from app.kernel import clock
from app.kernel.database import Row, execute, fetch_one, transaction
from app.kernel.events import tell
from app.kernel.ids import new_id, shard_of
from integrations.wechat_pay.port import OrderState, TradeState

ENDED_UNPAID: Final = frozenset({TradeState.CLOSED, TradeState.REVOKED, TradeState.REFUND})
_FIND: Final = (
    "SELECT t.*, c.number FROM top_up t JOIN card c ON c.shard = t.shard AND c.account_id = t.account_id "
    "WHERE t.shard = $1 AND t.id = $2 FOR UPDATE OF t"
)


async def settle(top_up_id: UUID, told: OrderState, notice_id: str | None = None) -> TopUpState:
    """Take what the channel answered to a query of this order; gives the state that the order is in then.

    Harmless when repeated, and for several at once. `notice_id` is the callback that led here; it is marked as acted upon
    once the order has ended.
    """
    async with transaction(CHANNEL):
        order = await fetch_one(_FIND, shard_of(top_up_id), top_up_id)
        if order is None:
            raise TopUpUnknown
        before = TopUpState(order["state"])
        after = _next(before, order["amount_fen"], told)
        if after is not before:
            await _move(order, after, told)
        if notice_id is not None and after not in UNFINISHED:
            await _mark(order, notice_id)
    return after


def _next(before: TopUpState, amount_fen: int, told: OrderState) -> TopUpState:
    """Where an order goes: pure, and total over what may be told."""
    if told.state is TradeState.SUCCESS:
        if before in UNFINISHED:
            return TopUpState.PAID if told.amount_fen == amount_fen else TopUpState.AMOUNT_DIFFERS
        if before is TopUpState.CLOSED:
            return TopUpState.PAID_AFTER_CLOSE if told.amount_fen == amount_fen else TopUpState.AMOUNT_DIFFERS
        return before
    return TopUpState.CLOSED if told.state in ENDED_UNPAID and before in UNFINISHED else before


async def _move(order: Row, after: TopUpState, told: OrderState) -> None:
    outcome = await _credit(order, told) if after is TopUpState.PAID else None
    await execute(
        "UPDATE top_up SET state = $3, transaction_id = $4, paid_at = $5, transfer_id = $6 WHERE shard = $1 AND id = $2",
        *(order["shard"], order["id"], after.value, told.transaction_id, told.success_time),
        outcome.transfer_id if outcome else None,
    )
    if outcome and outcome.is_new:
        await tell(CardToppedUp(citizen_id=order["citizen_id"], subject_id=outcome.transfer_id, cause_id=order["id"]))
        await seal_act(Act.CARD_TOPPED_UP, CHANNEL, about=order["citizen_id"], subject=outcome.transfer_id)
    if after is TopUpState.PAID_AFTER_CLOSE:
        await order_refund(order, order["amount_fen"])
    if after in {TopUpState.PAID_AFTER_CLOSE, TopUpState.AMOUNT_DIFFERS}:
        await tell(TopUpDisputed(citizen_id=order["citizen_id"], subject_id=order["id"]))


async def _credit(order: Row, told: OrderState) -> Outcome:
    number = order["id"].hex
    transfer_id, at = new_id(order["id"]), clock.now()
    receipt = Receipt(
        format="fuhai.receipt.v1",
        id=transfer_id,
        at=at,
        kind="top_up",
        amount_fen=order["amount_fen"],
        currency="CNY",
        card=masked_number(order["number"]),
        merchant_code=None,
        merchant=None,
        terminal_code=None,
        sequence=None,
        reference=None,
        channel=order["channel"],
        order_number=number,
        channel_transaction_id=told.transaction_id,
    )
    return await post(
        Posting(
            id=transfer_id,
            citizen_id=order["citizen_id"],
            at=at,
            kind="top_up",
            debit=clearing_account(order["shard"], Clearing.TOP_UP),
            credit=order["account_id"],
            amount_fen=order["amount_fen"],
            principal=CHANNEL.principal,
            request_key=number,
            fingerprint=hashlib.sha256(number.encode()).digest(),
            receipt=write_receipt(receipt),
        )
    )


async def _mark(order: Row, notice_id: str) -> None:
    row_id = new_id(order["id"])
    await execute(
        "INSERT INTO channel_notice (id, shard, citizen_id, at, notice_id, top_up_id) VALUES ($1, $2, $3, $4, $5, $6) "
        "ON CONFLICT ON CONSTRAINT channel_notice_once DO NOTHING",
        *(row_id, shard_of(row_id), order["citizen_id"], clock.now(), notice_id, order["id"]),
    )
