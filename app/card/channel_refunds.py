"""Refunds at the channel: each written down before the channel hears of it, under a number of its own, and ended once.

The number is its id, so asking again refunds nothing more. What the channel says is believed when it is asked. The order is locked
before the refund, and the card's account last.
"""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec
import structlog

from app.audit.acts import Act, seal_act
from app.card.accounts import Clearing
from app.card.channel_errors import RefundDiffers, RefundUnknown
from app.card.events import TopUpRefunded, TopUpRefundFailed
from app.card.payouts import pay_at_counter_instead, withdraw_payout
from app.card.pendings import Naming, end
from app.card.returning import go_on
from app.card.states import GOING_BACK, GivingBack, TopUpState
from app.card.structs import RefundView
from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import Row, execute, fetch_all, fetch_one, transaction
from app.kernel.events import tell
from app.kernel.ids import new_id, shard_of
from app.kernel.jobs import enqueue
from integrations.wechat_pay.port import RefundState, RefundTold

CHANNEL: Final = System("wechat-pay")
WATCH: Final = "card.watch_refund"
_FIND: Final = (
    "SELECT r.*, o.amount_fen AS total_fen, o.channel, o.mchid, o.transaction_id FROM channel_refund r "
    "JOIN top_up o ON o.shard = r.shard AND o.id = r.top_up_id WHERE r.shard = $1 AND r.id = $2"
)
_TOLD: Final = {
    RefundState.PROCESSING: GivingBack.PROCESSING,
    RefundState.REFUNDED: GivingBack.REFUNDED,
    RefundState.ABNORMAL: GivingBack.ABNORMAL,
    RefundState.CLOSED: GivingBack.CLOSED,
}
_LATE: Final = {
    GivingBack.PROCESSING: TopUpState.REFUNDING,
    GivingBack.REFUNDED: TopUpState.REFUNDED,
    GivingBack.REFUNDED_TWICE: TopUpState.REFUNDED,
    GivingBack.ABNORMAL: TopUpState.REFUND_FAILED,
    GivingBack.CLOSED: TopUpState.REFUND_FAILED,
}
_SHOWN: Final[dict[GivingBack, Literal["waiting", "processing", "refunded", "failed"]]] = {
    GivingBack.WAITING: "waiting",
    GivingBack.PROCESSING: "processing",
    GivingBack.REFUNDED: "refunded",
    GivingBack.REFUNDED_TWICE: "refunded",
    GivingBack.ABNORMAL: "failed",
    GivingBack.CLOSED: "failed",
}
_log = structlog.get_logger()


class WatchRefund(msgspec.Struct, frozen=True):
    """Ask the channel about a refund for the nth time, or for it."""

    refund_id: UUID
    attempt: int = 0


class Held(msgspec.Struct, frozen=True):
    """Money of a cancelled card, set aside for a refund."""

    cancellation_id: UUID
    pending_id: UUID


async def order_refund(order: Row, amount_fen: int, held: Held | None = None) -> UUID:
    """Write a refund down and have it asked for, in the system transaction in progress; without `held` it is of a late payment.

    The database refuses more than was paid.
    """
    refund_id, at = new_id(order["id"]), clock.now()
    await execute(
        "INSERT INTO channel_refund (id, shard, citizen_id, top_up_id, at, amount_fen, purpose, cancellation_id, pending_id, state) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting')",
        *(refund_id, shard_of(refund_id), order["citizen_id"], order["id"], at, amount_fen),
        *("cancellation" if held else "late", held and held.cancellation_id, held and held.pending_id),
    )
    await enqueue(WATCH, WatchRefund(refund_id), run_at=at)
    return refund_id


async def find_refund(refund_id: UUID) -> Row | None:
    """A refund with its order's total and channel, in the system transaction in progress."""
    return await fetch_one(_FIND, shard_of(refund_id), refund_id)


async def settle_refund(refund_id: UUID, told: RefundTold, notice_id: str | None = None) -> GivingBack:
    """Take what the channel says of a refund, and what follows for the money; gives the state that it is in then.

    Harmless when repeated, and for several at once. Refuses `RefundUnknown`, and `RefundDiffers` for another order or amount.
    """
    async with transaction(CHANNEL):
        refund = await _locked(refund_id)
        if (told.order_number, told.amount_fen) != (refund["top_up_id"].hex, refund["amount_fen"]):
            raise RefundDiffers
        before = GivingBack(refund["state"])
        after = _next(before, _TOLD[told.state])
        if after is not before:
            after = await _move(refund, after, told)
        if notice_id is not None and after not in GOING_BACK:
            await mark_notice(refund, notice_id)
    return after


def _next(before: GivingBack, told: GivingBack) -> GivingBack:
    """Where a refund goes: on its way it goes where it is told to; an abnormal one may still arrive; nothing else moves."""
    if before in GOING_BACK or (before, told) == (GivingBack.ABNORMAL, GivingBack.REFUNDED):
        return told
    return before


async def _locked(refund_id: UUID) -> Row:
    """A refund, with its order locked first, as whoever settles the order does."""
    refund = await find_refund(refund_id)
    if refund is None:
        raise RefundUnknown
    order = refund["shard"], refund["top_up_id"]
    await fetch_one("SELECT id FROM top_up WHERE shard = $1 AND id = $2 FOR UPDATE", *order)
    await fetch_one("SELECT id FROM channel_refund WHERE shard = $1 AND id = $2 FOR UPDATE", refund["shard"], refund_id)
    again = await find_refund(refund_id)
    if again is None:
        raise RefundUnknown
    return again


async def _move(refund: Row, after: GivingBack, told: RefundTold) -> GivingBack:
    ended_at = None if after in GOING_BACK else told.success_time or clock.now()
    transfer_id = None
    if refund["purpose"] == "cancellation" and ended_at is not None:
        after, transfer_id = await _end_held(refund, after)
    elif refund["purpose"] == "late":
        if after is GivingBack.REFUNDED and refund["by_hand"] is not None:
            after = _twice(refund)
        await execute(
            "UPDATE top_up SET state = $3 WHERE shard = $1 AND id = $2",
            *(refund["shard"], refund["top_up_id"], _LATE[after].value),
        )
    await _write(refund, after, told.refund_id, (ended_at, transfer_id))
    if ended_at is not None:
        await _tell(refund, after)
        if refund["cancellation_id"] is not None:
            await go_on(refund["cancellation_id"])
    return after


async def _write(
    refund: Row, after: GivingBack, number: str | None, ended: tuple[datetime | None, UUID | None]
) -> None:
    await execute(
        "UPDATE channel_refund SET state = $3, refund_id = coalesce($4, refund_id), ended_at = $5, transfer_id = coalesce($6, transfer_id), "
        "refused = NULL, by_hand = NULL WHERE shard = $1 AND id = $2",
        *(refund["shard"], refund["id"], after.value, number, *ended),
    )


async def _end_held(refund: Row, after: GivingBack) -> tuple[GivingBack, UUID | None]:
    """Post what was set aside for a refund that arrived; what didn't goes to the counter. One may arrive after that."""
    naming = Naming(str(refund["id"]), refund["channel"], refund["top_up_id"].hex, refund["transaction_id"])
    if after is not GivingBack.REFUNDED:
        return after, await pay_at_counter_instead(refund, naming)
    if refund["state"] != GivingBack.ABNORMAL:
        return after, (await end(refund["pending_id"], Clearing.TOP_UP, naming)).transfer_id
    withdrawn = await withdraw_payout(refund, naming)
    return (after, withdrawn) if withdrawn is not None else (_twice(refund), None)


def _twice(refund: Row) -> GivingBack:
    _log.error("refunded_twice", refund=str(refund["id"]))
    return GivingBack.REFUNDED_TWICE


async def _tell(refund: Row, after: GivingBack) -> None:
    failed = after in {GivingBack.ABNORMAL, GivingBack.CLOSED}
    event = TopUpRefundFailed if failed else TopUpRefunded
    act = Act.TOP_UP_REFUND_FAILED if failed else Act.TOP_UP_REFUNDED
    await tell(event(citizen_id=refund["citizen_id"], subject_id=refund["id"], cause_id=refund["top_up_id"]))
    await seal_act(act, CHANNEL, about=refund["citizen_id"], subject=refund["id"])


async def mark_notice(refund: Row, notice_id: str) -> None:
    """Remember a callback that was acted upon, beside those of payments."""
    row_id = new_id(refund["id"])
    await execute(
        "INSERT INTO channel_notice (id, shard, citizen_id, at, notice_id, top_up_id) VALUES ($1, $2, $3, $4, $5, $6) "
        "ON CONFLICT ON CONSTRAINT channel_notice_once DO NOTHING",
        *(row_id, shard_of(row_id), refund["citizen_id"], clock.now(), notice_id, refund["top_up_id"]),
    )


async def refunds_of(shard: int, column: str, of: UUID) -> tuple[RefundView, ...]:
    """The refunds of an order (`top_up_id`) or of a cancellation (`cancellation_id`) as their owner sees them, oldest first."""
    rows = await fetch_all(f"SELECT * FROM channel_refund WHERE shard = $1 AND {column} = $2 ORDER BY id", shard, of)
    return tuple(refund_view(row) for row in rows)


def refund_view(row: Row) -> RefundView:
    """A refund's row as its owner sees it."""
    return RefundView(
        id=row["id"],
        order_number=row["top_up_id"].hex,
        at=row["at"],
        amount_fen=row["amount_fen"],
        state=_SHOWN[GivingBack(row["state"])],
        ended_at=row["ended_at"],
    )
