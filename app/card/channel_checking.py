"""What of the payment channel waits for a person, each by its name; and whether anything hangs there."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.card.channel_errors import NothingWaits
from app.card.receipts import SYSTEM
from app.kernel import clock
from app.kernel.database import fetch_all, fetch_one, fetch_value, transaction
from app.kernel.ids import shard_of
from app.kernel.settings import Settings

_A_DAY: Final = timedelta(days=1)
PAYOUT: Final = "payout_due"
_WAITING: Final = """
SELECT r.at, CASE r.state WHEN 'refunded_twice' THEN r.state ELSE 'refund_' || r.state END AS what, r.amount_fen, r.id FROM channel_refund r
  WHERE r.by_hand IS NULL AND (r.state = 'refunded_twice' OR (r.purpose = 'late' AND r.state IN ('abnormal', 'closed')))
UNION ALL SELECT r.at, 'refund_' || r.state, r.amount_fen, r.id FROM channel_refund r
  JOIN card_payout p ON p.shard = r.shard AND p.failed_refund_id = r.id AND p.state = 'due' WHERE r.state IN ('abnormal', 'closed')
UNION ALL SELECT o.at, 'amount_differs', o.amount_fen, o.id FROM top_up o WHERE o.state = 'amount_differs' AND o.by_hand IS NULL
UNION ALL SELECT p.at, 'payout_due', p.amount_fen, p.id FROM card_payout p WHERE p.state = 'due' AND p.failed_refund_id IS NULL
ORDER BY 1, 4
"""
_HANGING: Final = "SELECT count(*) FROM channel_refund WHERE state IN ('waiting', 'processing') AND at < $1"
_BY_HAND: Final = "UPDATE {table} SET by_hand = $3 WHERE shard = $1 AND id = $2 AND by_hand IS NULL AND ({waits}) RETURNING citizen_id"
_WAITS: Final = {
    "channel_refund": "state = 'refunded_twice' OR (purpose = 'late' AND state IN ('abnormal', 'closed'))",
    "top_up": "state = 'amount_differs'",
}


class Waiting(msgspec.Struct, frozen=True):
    """One thing that a person has to do, and since when."""

    at: datetime
    what: str
    amount_fen: int
    id: UUID


class ChannelHangs(Exception):  # noqa: N818 - a finding, named as a fact
    """Something of the channel waits for a person, or longer than it should; the message says what."""


async def waiting_for_a_person() -> list[Waiting]:
    """Refunds that failed, orders of which another amount was paid, and payouts that wait for their owner; the oldest first."""
    async with transaction(SYSTEM):
        rows = await fetch_all(_WAITING)
    return [Waiting(row["at"], row["what"], row["amount_fen"], row["id"]) for row in rows]


async def settle_by_hand(waiting_id: UUID, reference: str) -> None:
    """Write down under which number a person settled a refund that failed or an order that was paid otherwise; a payout is paid out instead.

    Refuses `NothingWaits` for anything else.
    """
    key = shard_of(waiting_id), waiting_id, reference
    async with transaction(SYSTEM):
        rows = [await fetch_one(_BY_HAND.format(table=table, waits=waits), *key) for table, waits in _WAITS.items()]
        citizens = [row["citizen_id"] for row in rows if row is not None]
        if not citizens:
            raise NothingWaits
        await seal_act(Act.CHANNEL_SETTLED_BY_HAND, SYSTEM, about=citizens[0], subject=waiting_id)


async def channel_finding(_settings: Settings) -> str:
    """Say for `fuhai check` that nothing hangs at the channel; raises `ChannelHangs` otherwise. A payout waits for its owner, not for us."""
    found = await waiting_for_a_person()
    async with transaction(SYSTEM):
        hanging = await fetch_value(_HANGING, clock.now() - _A_DAY)
    wrong = sorted({one.what for one in found if one.what != PAYOUT})
    if wrong or hanging:
        said = [f"{sum(one.what == what for one in found)} {what.replace('_', ' ')}" for what in wrong]
        said += [f"{hanging} refunds under way for more than a day"] if hanging else []
        raise ChannelHangs(f"{', '.join(said)}; see `fuhai channel waiting`")
    return f"no refund or order waits for a person, {len(found)} payouts wait at the counter"
