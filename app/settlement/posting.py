"""Posting a settlement: in each shard once a day, by the database's own functions, which alone may write its entries.

A settlement takes every transfer before the end of the day that wasn't settled yet and isn't held: late ones aren't lost.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from app.card.categories import group_of
from app.kernel import clock
from app.kernel.database import Row, fetch_all, fetch_value, transaction
from app.kernel.ids import SHARDS, id_in_shard, lowest_id, shard_of
from app.settlement.days import ONE_DAY, begins_at, ends_at
from app.settlement.limits import fee_basis_points
from app.settlement.system import SYSTEM

DONE_BEFORE: Final = -1
_UNSETTLED: Final = """
SELECT u.shard, u.merchant_code, max(m.mcc) AS mcc FROM (
SELECT t.shard, t.merchant_code FROM transfer t
WHERE t.shard = ANY ($1::int4[]) AND (t.id > $2 OR t.id = ANY ($3)) AND t.at < $4
  AND t.kind IN ('payment', 'charge', 'refund', 'reversal', 'return')
  AND NOT EXISTS (SELECT 1 FROM settled_transfer s WHERE s.shard = t.shard AND s.id = t.id)
UNION ALL
SELECT b.shard, b.merchant_code FROM offline_sale b
WHERE b.shard = ANY ($1::int4[]) AND b.state = 'borne' AND b.received_at < $4
  AND NOT EXISTS (SELECT 1 FROM settled_borne_sale s WHERE s.shard = b.shard AND s.id = b.id)) u
LEFT JOIN merchant m ON m.code = u.merchant_code GROUP BY u.shard, u.merchant_code ORDER BY u.shard, u.merchant_code
"""
_POST: Final = "SELECT post_settlement($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
_POST_NOTHING: Final = """
SELECT post_settlement(s.shard, $2, s.id, $4, $5, $6, '{}', '{}', '{}', '{}', '{}') FROM unnest($1::int4[], $3::uuid[]) AS s (shard, id)
"""
_SETTLED_SHARDS: Final = "SELECT shard FROM settled_shard WHERE shard = ANY ($1::int4[]) AND day = $2"
_BEFORE: Final = "SELECT max(day) FROM settlement_day WHERE day < $1 AND posted_at IS NOT NULL"
_HELD: Final = "SELECT DISTINCT transfer_id FROM settlement_hold WHERE released_at IS NULL"
# What was held and is free now, with what gives some of it back, which may be old by now too.
_FREED: Final = """
SELECT DISTINCT h.transfer_id FROM settlement_hold h WHERE h.released_at IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM settlement_hold o WHERE o.transfer_id = h.transfer_id AND o.released_at IS NULL)
"""
_GIVING_BACK: Final = "SELECT id FROM transfer WHERE shard = ANY ($1::int4[]) AND returns = ANY ($2)"
_NOT_SETTLED: Final = """
SELECT f.id FROM unnest($1::int4[], $2::uuid[]) AS f (shard, id)
WHERE NOT EXISTS (SELECT 1 FROM settled_transfer s WHERE s.shard = f.shard AND s.id = f.id)
"""


class Taking(msgspec.Struct, frozen=True):
    """What a day's settlement takes: from where on it looks, and what is held or free again."""

    day: date
    since: UUID
    held: tuple[UUID, ...]
    freed: tuple[UUID, ...]


async def looked_from(day: date) -> UUID:
    """The lowest id at which a day's settlement looks: whatever is older was settled, or is held."""
    async with transaction(SYSTEM):
        before = await fetch_value(_BEFORE, day)
    return lowest_id(begins_at(before) - ONE_DAY) if before else UUID(int=0)


async def taking(day: date) -> Taking:
    """What a day's settlement has to look at."""
    since = await looked_from(day)
    async with transaction(SYSTEM):
        held = [row["transfer_id"] for row in await fetch_all(_HELD)]
        freed = await _freed()
    return Taking(day, since, tuple(held), freed)


async def _freed() -> tuple[UUID, ...]:
    free = [row["transfer_id"] for row in await fetch_all(_FREED)]
    if not free:
        return ()
    shards = sorted(set(map(shard_of, free)))
    free += [row["id"] for row in await fetch_all(_GIVING_BACK, shards, free)]
    return tuple(row["id"] for row in await fetch_all(_NOT_SETTLED, list(map(shard_of, free)), free))


async def post_everywhere(taken: Taking) -> int:
    """Settle the day in each shard where it wasn't; says how many transfers that were."""
    async with transaction(SYSTEM):
        done = {row["shard"] for row in await fetch_all(_SETTLED_SHARDS, list(SHARDS), taken.day)}
        rows = await fetch_all(_UNSETTLED, list(SHARDS), taken.since, list(taken.freed), ends_at(taken.day))
    of_shards = {shard: [row for row in rows if row["shard"] == shard] for shard in SHARDS if shard not in done}
    await _pass_over([shard for shard, merchants in of_shards.items() if not merchants], taken)
    return sum([await post_in_shard(shard, taken, merchants) for shard, merchants in of_shards.items() if merchants])


async def _pass_over(shards: Sequence[int], taken: Taking) -> None:
    """Note in shards where there is nothing to settle that the day is settled there too; no account is touched."""
    async with transaction(SYSTEM):
        await fetch_all(
            _POST_NOTHING,
            *(list(shards), taken.day, [id_in_shard(shard) for shard in shards], clock.now(), ends_at(taken.day)),
            taken.since,
        )


async def post_in_shard(shard: int, taken: Taking, merchants: Sequence[Row]) -> int:
    """Settle the day in one shard, in a transaction of its own; says how many transfers, none where it was done before."""
    rates = [fee_basis_points(taken.day, group_of("payment", row["mcc"], coming=False)) for row in merchants]
    async with transaction(SYSTEM):
        settled: int = await fetch_value(
            _POST,
            *(shard, taken.day, id_in_shard(shard), clock.now(), ends_at(taken.day), taken.since),
            *([row["merchant_code"] for row in merchants], rates),
            [id_in_shard(shard) for _ in range(4 * len(merchants))],
            *(_of_shard(taken.held, shard), _of_shard(taken.freed, shard)),
        )
    return max(settled, 0)


def _of_shard(ids: Sequence[UUID], shard: int) -> list[UUID]:
    return [one for one in ids if shard_of(one) == shard]
