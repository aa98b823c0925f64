"""Holding payments in doubt: they aren't settled until each discrepancy about them is resolved, or has ended by itself."""

from collections.abc import Sequence
from uuid import UUID

from app.kernel import clock
from app.kernel.database import Row, execute, fetch_all
from app.kernel.ids import shard_of

_HOLD = """
INSERT INTO settlement_hold (transfer_id, discrepancy_id, merchant_code, amount_fen, held_at)
SELECT t.id, $3::uuid, t.merchant_code, t.amount_fen, $4::timestamptz
FROM unnest($1::int4[], $2::uuid[]) AS asked (shard, id) JOIN transfer t ON t.shard = asked.shard AND t.id = asked.id
WHERE t.kind IN ('payment', 'charge') AND EXISTS (SELECT 1 FROM discrepancy d WHERE d.id = $3 AND d.state NOT IN ('resolved', 'ended'))
  AND NOT EXISTS (SELECT 1 FROM settled_transfer s WHERE s.shard = t.shard AND s.id = t.id)
UNION ALL
SELECT b.id, $3, b.merchant_code, b.amount_fen, $4
FROM unnest($1::int4[], $2::uuid[]) AS asked (shard, id) JOIN offline_sale b ON b.shard = asked.shard AND b.id = asked.id
WHERE b.state = 'borne' AND EXISTS (SELECT 1 FROM discrepancy d WHERE d.id = $3 AND d.state NOT IN ('resolved', 'ended'))
  AND NOT EXISTS (SELECT 1 FROM settled_borne_sale s WHERE s.shard = b.shard AND s.id = b.id)
ON CONFLICT DO NOTHING
"""


async def hold(discrepancy_id: UUID, transfers: Sequence[UUID]) -> None:
    """Hold payments that aren't settled, and offline sales that the issuer bears, while a discrepancy lasts; in the system transaction in progress."""
    await execute(_HOLD, list(map(shard_of, transfers)), list(transfers), discrepancy_id, clock.now())


async def release(discrepancy_id: UUID) -> None:
    """Let go what a discrepancy held: the next settlement takes it, unless another one holds it too."""
    await execute(
        "UPDATE settlement_hold SET released_at = $2 WHERE discrepancy_id = $1 AND released_at IS NULL",
        *(discrepancy_id, clock.now()),
    )


async def held_by(discrepancy_id: UUID) -> list[Row]:
    """What a discrepancy holds or held."""
    return await fetch_all(
        "SELECT * FROM settlement_hold WHERE discrepancy_id = $1 ORDER BY transfer_id", discrepancy_id
    )
