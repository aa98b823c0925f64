"""Money of a cancelled card that no order can take: it waits at the counter, set aside, until somebody pays it out.

Each is one row with its pending transfer. In the system transaction in progress, but for `pay_out`.
"""

from typing import Final
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.card.accounts import Clearing
from app.card.channel_errors import PayoutUnknown
from app.card.events import CardPayoutDue
from app.card.pendings import Naming, end, hold, lock_balance
from app.card.receipts import SYSTEM
from app.card.returning import go_on
from app.card.states import PayoutState
from app.kernel import clock
from app.kernel.database import Row, execute, fetch_one, transaction
from app.kernel.events import tell
from app.kernel.ids import new_id, shard_of

_CARD: Final = (
    "SELECT c.id, c.citizen_id, c.number, n.account_id, n.id AS cancellation_id FROM card_cancellation n "
    "JOIN card c ON c.shard = n.shard AND c.id = n.card_id WHERE n.shard = $1 AND n.id = $2"
)
_END: Final = (
    "UPDATE card_payout SET state = $3, reference = $4, ended_at = $5, transfer_id = $6 WHERE shard = $1 AND id = $2"
)


class Due(msgspec.Struct, frozen=True):
    """An amount that is to wait at the counter, and after which refund that failed, if any."""

    amount_fen: int
    failed_refund_id: UUID | None = None


async def set_aside_for_counter(card: Row, cancellation_id: UUID, due: Due) -> UUID:
    """Set money of a cancelled card aside for the counter, and tell of it; its account is locked by now."""
    payout_id = new_id(card["citizen_id"])
    pending_id = await hold(card, f"payout:{payout_id}", due.amount_fen, Naming(str(payout_id)))
    await execute(
        "INSERT INTO card_payout (id, shard, citizen_id, cancellation_id, at, amount_fen, pending_id, reason, failed_refund_id, state) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'due')",
        *(payout_id, shard_of(payout_id), card["citizen_id"], cancellation_id, clock.now(), due.amount_fen, pending_id),
        *("refund_failed" if due.failed_refund_id else "no_order", due.failed_refund_id),
    )
    await tell(CardPayoutDue(citizen_id=card["citizen_id"], subject_id=payout_id, cause_id=cancellation_id))
    return payout_id


async def pay_at_counter_instead(refund: Row, naming: Naming) -> UUID:
    """Void what was set aside for a refund that failed, and set it aside for the counter; gives the voiding transfer."""
    card = await fetch_one(_CARD, refund["shard"], refund["cancellation_id"])
    if card is None:
        raise LookupError(refund["cancellation_id"])
    voided = await end(refund["pending_id"], None, naming)
    await lock_balance(card)
    await set_aside_for_counter(card, card["cancellation_id"], Due(refund["amount_fen"], refund["id"]))
    return voided.transfer_id


async def withdraw_payout(refund: Row, naming: Naming) -> UUID | None:
    """Take back the payout of a refund that arrived after all; gives what ended it, or nothing if it was paid out by then."""
    payout = await fetch_one(
        "SELECT * FROM card_payout WHERE shard = $1 AND cancellation_id = $2 AND failed_refund_id = $3 AND state = 'due' FOR UPDATE",
        *(refund["shard"], refund["cancellation_id"], refund["id"]),
    )
    if payout is None:
        return None
    ended = await end(payout["pending_id"], Clearing.TOP_UP, naming)
    await execute(
        _END,
        *(payout["shard"], payout["id"], PayoutState.WITHDRAWN.value, str(refund["id"]), clock.now()),
        ended.transfer_id,
    )
    return ended.transfer_id


async def pay_out(payout_id: UUID, reference: str) -> None:
    """Write down that the counter paid a payout, with its voucher's number. Refuses `PayoutUnknown` for one that isn't due."""
    async with transaction(SYSTEM):
        payout = await fetch_one(
            "SELECT * FROM card_payout WHERE shard = $1 AND id = $2 FOR UPDATE", shard_of(payout_id), payout_id
        )
        if payout is None or payout["state"] != PayoutState.DUE:
            raise PayoutUnknown
        ended = await end(payout["pending_id"], Clearing.PAYOUT, Naming(reference))
        await execute(
            _END, *(payout["shard"], payout_id, PayoutState.PAID.value, reference, clock.now()), ended.transfer_id
        )
        await seal_act(Act.CARD_PAID_OUT, SYSTEM, about=payout["citizen_id"], subject=payout_id)
        await go_on(payout["cancellation_id"])
