"""Events of one person, delivered without those of everybody else."""

from uuid import UUID

from app.kernel import events
from app.kernel.actors import System
from app.kernel.database import fetch_all, transaction
from app.kernel.ids import shard_of

_WAITING = "SELECT id FROM outbox WHERE shard = $1 AND stream = $2 ORDER BY id"


async def deliver_of(stream: UUID) -> None:
    """Deliver what waits of a stream, and what its subscribers tell there, up to what can't be delivered."""
    while True:
        async with transaction(System("tests")):
            waiting = await fetch_all(_WAITING, shard_of(stream), stream)
        for row in waiting:
            if not await events._deliver(row["id"]):
                return
        if not waiting:
            return
