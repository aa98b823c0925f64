"""Cancelling a card for good (注销): it pays no more, and its balance goes back to the orders that it came by; the rest is paid at the counter.

All of it is set aside in the transaction that cancels, so nothing can be spent meanwhile; jobs do the rest, whatever is killed between.
Money that comes onto a cancelled card later goes the same way.
"""

from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.card.cancellation_structs import CancellationView, PayoutView
from app.card.cards import require_card
from app.card.channel_errors import CancellationUnknown, MoneySetAside, TopUpUnderWay
from app.card.channel_refunds import Held, order_refund, refunds_of
from app.card.events import (
    CardCancelled,
    CardPaymentReversed,
    CardRefunded,
    CardToppedUp,
    ChargeReturned,
)
from app.card.payouts import Due, set_aside_for_counter
from app.card.pendings import Naming, held_fen, hold, lock_balance
from app.card.receipts import SYSTEM
from app.card.refund_plan import PaidOrder, Share, plan
from app.card.returning import go_on
from app.card.states import UNFINISHED, CardState
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import Row, execute, fetch_all, fetch_one, transaction
from app.kernel.errors import Refusal
from app.kernel.events import tell
from app.kernel.idempotency import Once
from app.kernel.ids import new_id, shard_of
from app.kernel.jobs import enqueue
from app.kernel.still_in import refuse_if_out

TAKE: Final = "card.take_balance"
Obstacle = Callable[[UUID], Awaitable[Refusal | None]]
_obstacles: Final[list[Obstacle]] = []
_ORDERS: Final = """
SELECT o.id, o.shard, o.citizen_id, o.amount_fen, o.paid_at, o.channel, o.transaction_id, o.state,
  (SELECT coalesce(sum(r.amount_fen), 0)::int8 FROM channel_refund r WHERE r.shard = o.shard AND r.top_up_id = o.id AND r.state <> 'closed') AS refunded_fen,
  (SELECT count(*) FROM channel_refund r WHERE r.shard = o.shard AND r.top_up_id = o.id) AS refunds
FROM top_up o WHERE o.shard = $1 AND o.citizen_id = $2 AND o.account_id = $3 ORDER BY o.id FOR UPDATE OF o
"""
_CARD: Final = (
    "SELECT c.id, c.citizen_id, c.number, n.account_id, n.id AS cancellation_id FROM card_cancellation n "
    "JOIN card c ON c.shard = n.shard AND c.id = n.card_id WHERE n.shard = $1 AND {where} FOR UPDATE OF c"
)


class TakeBalance(msgspec.Struct, frozen=True):
    """Give back what came onto a cancelled card."""

    cancellation_id: UUID


def add_obstacle(obstacle: Obstacle) -> None:
    """Have another room say what of its own keeps somebody's card from being cancelled; called from wiring."""
    if obstacle not in _obstacles:
        _obstacles.append(obstacle)


async def cancel(citizen: Citizen, once: Once) -> CancellationView:
    """Cancel the citizen's card and begin to give its balance back; cancelled before, that stays as it is.

    Refuses `CardNotOpened`, `TopUpUnderWay`, `MoneySetAside`, and what another room has against it.
    """
    return await once(citizen, CancellationView, lambda: _cancelled(citizen))


async def _cancelled(citizen: Citizen) -> CancellationView:
    async with transaction(citizen):
        card = await _locked(citizen)
        await refuse_if_out(citizen)
        async with transaction(SYSTEM):
            if card["state"] != CardState.CANCELLED:
                await _refuse_unfinished(card)
                await _cancel(citizen, card)
            return await _latest(citizen.id)


async def _locked(citizen: Citizen) -> Row:
    """The citizen's card, locked, also where another one took its place meanwhile; refuses `CardNotOpened`."""
    while True:
        card = await require_card(citizen)
        async with transaction(SYSTEM):
            await fetch_one(
                "SELECT id FROM card WHERE shard = $1 AND id = $2 FOR UPDATE", shard_of(card["id"]), card["id"]
            )
        again = await require_card(citizen)
        if again["id"] == card["id"]:
            return again


async def cancellation_of(citizen: Citizen) -> CancellationView:
    """How far the giving back of the citizen's cancelled card is, of several the last one's. Refuses `CancellationUnknown`."""
    async with transaction(citizen):
        return await _latest(citizen.id)


async def take_balance(asked: TakeBalance) -> None:
    """Set aside what lies on a cancelled card, and have it given back; harmless when repeated."""
    async with transaction(SYSTEM):
        card = await fetch_one(_CARD.format(where="n.id = $2"), shard_of(asked.cancellation_id), asked.cancellation_id)
        if card is not None:
            await _give_back(card, card["cancellation_id"])


async def on_money_came(event: CardToppedUp | CardRefunded | ChargeReturned | CardPaymentReversed) -> None:
    """Have money that came onto a cancelled card given back as well."""
    if event.citizen_id is None:
        return
    owner = event.citizen_id
    cancelled = await fetch_all(
        "SELECT n.id FROM card_cancellation n JOIN account a ON a.shard = n.shard AND a.id = n.account_id "
        "WHERE n.shard = $1 AND n.citizen_id = $2 AND a.balance_fen > 0",
        *(shard_of(owner), owner),
    )
    for row in cancelled:
        await enqueue(TAKE, TakeBalance(row["id"]))


async def _refuse_unfinished(card: Row) -> None:
    owner = card["citizen_id"]
    orders = await fetch_all(
        "SELECT id FROM top_up WHERE shard = $1 AND citizen_id = $2 AND account_id = $3 AND state = ANY ($4::text[])",
        *(shard_of(owner), owner, card["account_id"], [state.value for state in UNFINISHED]),
    )
    if orders:
        raise TopUpUnderWay(top_up_ids=[row["id"] for row in orders])
    if await held_fen(card):
        raise MoneySetAside
    for obstacle in _obstacles:
        if (refusal := await obstacle(owner)) is not None:
            raise refusal


async def _cancel(citizen: Citizen, card: Row) -> None:
    cancellation_id = new_id(citizen.id)
    await execute(
        "UPDATE card SET state = $3 WHERE shard = $1 AND id = $2",
        *(shard_of(card["id"]), card["id"], CardState.CANCELLED.value),
    )
    await execute(
        "INSERT INTO card_cancellation (id, shard, citizen_id, card_id, account_id, at, amount_fen, state) "
        "VALUES ($1, $2, $3, $4, $5, $6, 0, 'giving_back')",
        *(cancellation_id, shard_of(cancellation_id), citizen.id, card["id"], card["account_id"], clock.now()),
    )
    await tell(CardCancelled(citizen_id=citizen.id, subject_id=card["id"], cause_id=cancellation_id))
    await seal_act(Act.CARD_CANCELLED, citizen, about=citizen.id, subject=card["id"])
    await _give_back(card, cancellation_id)


async def _give_back(card: Row, cancellation_id: UUID) -> None:
    """Set the whole balance aside: orders are locked first, the card's account after them."""
    rows = await fetch_all(_ORDERS, shard_of(card["citizen_id"]), card["citizen_id"], card["account_id"])
    balance = await lock_balance(card)
    if balance:
        orders = {row["id"]: row for row in rows if row["state"] == "paid"}
        planned = plan(balance, [_paid_order(row) for row in orders.values()], clock.now())
        for share in planned.shares:
            await _share(card, cancellation_id, orders[share.order_id], share)
        if planned.rest_fen:
            await set_aside_for_counter(card, cancellation_id, Due(planned.rest_fen))
        await execute(
            "UPDATE card_cancellation SET amount_fen = amount_fen + $3 WHERE shard = $1 AND id = $2",
            *(shard_of(cancellation_id), cancellation_id, balance),
        )
        await seal_act(Act.BALANCE_SET_ASIDE, SYSTEM, about=card["citizen_id"], subject=cancellation_id)
    await go_on(cancellation_id)


async def _share(card: Row, cancellation_id: UUID, order: Row, share: Share) -> None:
    naming = Naming(str(cancellation_id), order["channel"], order["id"].hex, order["transaction_id"])
    key = f"cancellation:{cancellation_id}:{order['id']}:{order['refunds']}"
    pending_id = await hold(card, key, share.amount_fen, naming)
    await order_refund(order, share.amount_fen, Held(cancellation_id, pending_id))


def _paid_order(row: Row) -> PaidOrder:
    return PaidOrder(row["id"], row["amount_fen"], row["refunded_fen"], row["refunds"], row["paid_at"])


async def _latest(citizen_id: UUID) -> CancellationView:
    shard = shard_of(citizen_id)
    row = await fetch_one(
        "SELECT * FROM card_cancellation WHERE shard = $1 AND citizen_id = $2 ORDER BY id DESC LIMIT 1",
        *(shard, citizen_id),
    )
    if row is None:
        raise CancellationUnknown
    payouts = await fetch_all(
        "SELECT * FROM card_payout WHERE shard = $1 AND cancellation_id = $2 ORDER BY id", shard, row["id"]
    )
    return CancellationView(
        id=row["id"],
        card_id=row["card_id"],
        at=row["at"],
        amount_fen=row["amount_fen"],
        state=row["state"],
        ended_at=row["ended_at"],
        refunds=await refunds_of(shard, "cancellation_id", row["id"]),
        payouts=tuple(
            PayoutView(one["id"], one["at"], one["amount_fen"], one["reason"], one["state"], one["ended_at"])
            for one in payouts
        ),
    )
