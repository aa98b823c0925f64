"""How far the giving back of a cancelled card's balance is, judged whenever one of its parts ends."""

from typing import Final
from uuid import UUID

from app.card.events import CardBalanceReturned
from app.card.states import CancellationState
from app.kernel import clock
from app.kernel.database import execute, fetch_one
from app.kernel.events import tell
from app.kernel.ids import shard_of

_LOCK: Final = "SELECT citizen_id, state FROM card_cancellation WHERE shard = $1 AND id = $2 FOR UPDATE"
_LEFT: Final = """
SELECT EXISTS (SELECT 1 FROM channel_refund r WHERE r.shard = n.shard AND r.citizen_id = n.citizen_id AND r.cancellation_id = n.id
    AND r.state IN ('waiting', 'processing')) AS going_back,
  EXISTS (SELECT 1 FROM card_payout p WHERE p.shard = n.shard AND p.cancellation_id = n.id AND p.state = 'due') AS at_counter
FROM card_cancellation n WHERE n.shard = $1 AND n.id = $2
"""


async def go_on(cancellation_id: UUID) -> CancellationState:
    """Judge how far a cancellation is, and tell once all was given back; in the system transaction in progress."""
    key = shard_of(cancellation_id), cancellation_id
    known = await fetch_one(_LOCK, *key)
    left = await fetch_one(_LEFT, *key)
    if known is None or left is None:
        raise LookupError(cancellation_id)
    state = CancellationState.DONE
    if left["going_back"]:
        state = CancellationState.GIVING_BACK
    elif left["at_counter"]:
        state = CancellationState.AT_COUNTER
    if state != known["state"]:
        ended_at = clock.now() if state is CancellationState.DONE else None
        await execute(
            "UPDATE card_cancellation SET state = $3, ended_at = $4 WHERE shard = $1 AND id = $2",
            *(*key, state.value, ended_at),
        )
        if ended_at is not None:
            await tell(CardBalanceReturned(citizen_id=known["citizen_id"], subject_id=cancellation_id))
    return state
