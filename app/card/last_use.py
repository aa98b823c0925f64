"""When the card last paid: one of the means that its owner is shown when they freeze their identity."""

from uuid import UUID

from app.card.numbers import masked_number
from app.card.receipts import SYSTEM
from app.identity.freeze_structs import LastUse
from app.kernel.database import fetch_all, transaction
from app.kernel.ids import shard_of


async def last_use(citizen_id: UUID) -> list[LastUse]:
    """The person's card and its latest payment, if they have one."""
    async with transaction(SYSTEM):
        rows = await fetch_all(
            "SELECT c.id, c.number, (SELECT t.at FROM transfer t WHERE t.shard = c.shard "
            "AND t.citizen_id = c.citizen_id AND t.kind = 'payment' ORDER BY t.id DESC LIMIT 1) AS used_at "
            "FROM card c WHERE c.shard = $1 AND c.citizen_id = $2 AND c.account_id IS NOT NULL",
            *(shard_of(citizen_id), citizen_id),
        )
    return [LastUse("card", row["id"], masked_number(row["number"]), row["used_at"], None) for row in rows]
