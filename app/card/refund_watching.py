"""Asking for refunds, and about them until they end: under the same number each time, whatever was lost or killed between.

Asked after 5 s, 15 s, 30 s, 1 min and 5 min, then hourly. Two refunds of one order are asked for a minute apart.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from app.card.channel_refunds import WATCH, WatchRefund, find_refund, settle_refund
from app.card.limits import limit_on
from app.card.receipts import SYSTEM
from app.card.states import GOING_BACK, GivingBack
from app.card.watching import HOURLY, JOB, PAUSES, WatchTopUp
from app.kernel import clock
from app.kernel.database import Row, execute, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.errors import Refusal
from app.kernel.ids import shard_of
from app.kernel.jobs import enqueue
from integrations.wechat_pay.errors import PaymentOrderUnknown, PaymentRefundUnknown, PaymentRequestWrong
from integrations.wechat_pay.port import PaymentChannel, RefundOrder, RefundState, RefundTold

GIVEN_UP_AFTER: Final = len(PAUSES) + 24
"""After a day of refusals that can't get better, a refund that the channel never took is one for a person."""
_REASONS: Final = {"late": "订单已超时，支付款退回", "cancellation": "市民卡注销，余额退回"}
_FOR_GOOD: Final = (PaymentRequestWrong, PaymentOrderUnknown)
_SILENT: Final = timedelta(hours=2)
_FORGOTTEN_REFUNDS: Final = """
SELECT r.id FROM channel_refund r WHERE r.state IN ('waiting', 'processing') AND coalesce(r.asked_at, r.at) < $1
AND NOT EXISTS (SELECT 1 FROM pgqueuer q WHERE q.entrypoint = $2 AND q.status IN ('queued', 'picked') AND position(r.id::text in convert_from(q.payload, 'UTF8')) > 0) LIMIT 1000
"""
_FORGOTTEN_ORDERS: Final = """
SELECT o.id FROM top_up o WHERE o.state IN ('created', 'awaiting') AND o.expires_at < $1
AND NOT EXISTS (SELECT 1 FROM pgqueuer q WHERE q.entrypoint = $2 AND q.status IN ('queued', 'picked') AND position(o.id::text in convert_from(q.payload, 'UTF8')) > 0) LIMIT 1000
"""
_log = structlog.get_logger()


async def watch_refund(payments: PaymentChannel, watch: WatchRefund) -> None:
    """Ask for a refund or what became of it; unless it has ended, come back. A fault of the channel is only a reason to wait."""
    pause = await _begin(watch.refund_id)
    if pause is None:
        return
    attempt = watch.attempt
    if not pause:
        if await _ended(payments, watch):
            return
        attempt += 1
        pause = pause_after(attempt)
    async with transaction(SYSTEM):
        await enqueue(WATCH, WatchRefund(watch.refund_id, attempt), run_at=clock.now() + pause)


def pause_after(attempts: int) -> timedelta:
    """How long to wait after asking for the nth time (from 1)."""
    return PAUSES[attempts - 1] if attempts <= len(PAUSES) else HOURLY


async def look_through() -> None:
    """Watch again what nobody watches any more: orders past their end, and refunds, of which no job is left."""
    before = clock.now() - _SILENT
    async with transaction(SYSTEM):
        for row in await fetch_all(_FORGOTTEN_ORDERS, before, JOB):
            await enqueue(JOB, WatchTopUp(row["id"]))
        for row in await fetch_all(_FORGOTTEN_REFUNDS, before, WATCH):
            await enqueue(WATCH, WatchRefund(row["id"]))


async def _begin(refund_id: UUID) -> timedelta | None:
    """Whether to ask now (no pause), later, or not at all: it has ended. That it is being asked for is written down before."""
    now = clock.now()
    least = timedelta(seconds=limit_on(now.date(), "channel_refund_pause_seconds"))
    async with transaction(SYSTEM):
        refund = await find_refund(refund_id)
        if refund is None or refund["state"] not in GOING_BACK:
            return None
        key = refund["shard"], refund["top_up_id"]
        await fetch_one("SELECT id FROM top_up WHERE shard = $1 AND id = $2 FOR UPDATE", *key)
        last: datetime | None = await fetch_value(
            "SELECT max(asked_at) FROM channel_refund WHERE shard = $1 AND top_up_id = $2 AND id <> $3", *key, refund_id
        )
        if refund["asked_at"] is None and last is not None and now - last < least:
            return last + least - now
        await execute(
            "UPDATE channel_refund SET asked_at = coalesce(asked_at, $3) WHERE shard = $1 AND id = $2",
            *(shard_of(refund_id), refund_id, now),
        )
    return timedelta()


async def _ended(payments: PaymentChannel, watch: WatchRefund) -> bool:
    """Ask and settle; says whether it has ended."""
    async with transaction(SYSTEM):
        refund = await find_refund(watch.refund_id)
    if refund is None:
        return True
    try:
        told = await _told(payments, refund)
        return await settle_refund(watch.refund_id, told) not in GOING_BACK
    except Refusal as refusal:
        _log.warning("refund_not_answered", refund=str(watch.refund_id), attempt=watch.attempt, reason=refusal.code)
        await _note(refund, refusal)
        return isinstance(refusal, _FOR_GOOD) and await _given_up(payments, refund, watch)


async def _told(payments: PaymentChannel, refund: Row) -> RefundTold:
    number = refund["id"].hex
    if refund["state"] == GivingBack.PROCESSING:
        try:
            return await payments.query_refund(number)
        except PaymentRefundUnknown:
            _log.warning("refund_unknown_at_channel", refund=str(refund["id"]))
    return await payments.refund(
        RefundOrder(
            number,
            refund["top_up_id"].hex,
            refund["amount_fen"],
            refund["total_fen"],
            _REASONS[refund["purpose"]],
        )
    )


async def _note(refund: Row, refusal: Refusal) -> None:
    async with transaction(SYSTEM):
        await execute(
            "UPDATE channel_refund SET refused = $3 WHERE shard = $1 AND id = $2 AND state IN ('waiting', 'processing')",
            *(refund["shard"], refund["id"], refusal.code),
        )


async def _given_up(payments: PaymentChannel, refund: Row, watch: WatchRefund) -> bool:
    """End a refund that the channel has refused for a day and knows nothing of; nothing was moved there."""
    if watch.attempt < GIVEN_UP_AFTER:
        return False
    number = refund["id"].hex
    try:
        told = await payments.query_refund(number)
    except PaymentRefundUnknown:
        told = RefundTold(number, refund["top_up_id"].hex, RefundState.CLOSED, refund["amount_fen"])
    except Refusal:
        return False
    return await settle_refund(watch.refund_id, told) not in GOING_BACK
