"""Watching an order until it ends, whether or not the channel's callback arrives.

Asked after 5 s, 15 s, 30 s, 1 min and 5 min, then hourly; at its end an unpaid order is closed at the channel.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
import structlog

from app.card.receipts import SYSTEM
from app.card.settling import settle
from app.card.states import UNFINISHED
from app.kernel import clock
from app.kernel.database import Row, fetch_one, transaction
from app.kernel.errors import Refusal
from app.kernel.ids import shard_of
from app.kernel.jobs import enqueue
from integrations.wechat_pay.errors import PaymentOrderClosed, PaymentOrderPaid, PaymentOrderUnknown
from integrations.wechat_pay.port import OrderState, PaymentChannel, TradeState

JOB: Final = "card.watch_top_up"
PAUSES: Final = tuple(timedelta(seconds=s) for s in (5, 15, 30, 60, 300))
HOURLY: Final = timedelta(hours=1)
_log = structlog.get_logger()


class WatchTopUp(msgspec.Struct, frozen=True):
    """Ask the channel about an order for the nth time."""

    top_up_id: UUID
    attempt: int = 0


def pause_before(attempt: int, at: datetime, ends: datetime) -> timedelta:
    """How long to wait before asking for the nth time (from 0): at the order's end at the latest, and then as after a fault."""
    pause = PAUSES[attempt] if attempt < len(PAUSES) else HOURLY
    left = ends - at
    return min(pause, max(left, PAUSES[0])) if left > timedelta() else min(pause, PAUSES[3])


async def watch_from_now(top_up_id: UUID) -> None:
    """Have an order watched, in the system transaction in progress."""
    await enqueue(JOB, WatchTopUp(top_up_id), run_at=clock.now() + PAUSES[0])


async def watch_top_up(payments: PaymentChannel, watch: WatchTopUp) -> None:
    """Ask what became of an order; unless it has ended, come back later. A fault of the channel is only a reason to wait."""
    order = await _order(watch.top_up_id)
    if order is None or order["state"] not in UNFINISHED:
        return
    try:
        ended = await _ask(payments, order)
    except Refusal as refusal:
        _log.warning("top_up_not_answered", top_up=str(watch.top_up_id), attempt=watch.attempt, reason=refusal.code)
        ended = False
    if not ended:
        at = clock.now()
        pause = pause_before(watch.attempt + 1, at, order["expires_at"])
        async with transaction(SYSTEM):
            await enqueue(JOB, WatchTopUp(watch.top_up_id, watch.attempt + 1), run_at=at + pause)


async def _ask(payments: PaymentChannel, order: Row) -> bool:
    """Ask, settle, and close what is past its end; says whether the order has ended."""
    number = order["id"].hex
    try:
        told = await payments.query(number)
    except PaymentOrderUnknown:
        told = OrderState(number, TradeState.NOTPAY, None, None, None)
        if order["expires_at"] <= clock.now():
            told = msgspec.structs.replace(told, state=TradeState.CLOSED)
    state = await settle(order["id"], told)
    if state in UNFINISHED and order["expires_at"] <= clock.now():
        state = await settle(order["id"], await _closed(payments, number))
    return state not in UNFINISHED


async def _closed(payments: PaymentChannel, number: str) -> OrderState:
    """Close an order at the channel; if it was paid or closed just before, ask again."""
    try:
        await payments.close(number)
    except (PaymentOrderPaid, PaymentOrderClosed):
        return await payments.query(number)
    return OrderState(number, TradeState.CLOSED, None, None, None)


async def _order(top_up_id: UUID) -> Row | None:
    async with transaction(SYSTEM):
        return await fetch_one("SELECT * FROM top_up WHERE shard = $1 AND id = $2", shard_of(top_up_id), top_up_id)
