"""A terminal's key and number stand for one request, whichever card it is about.

Over all shards this table says so for two days, and for good where the payment was declined. Within a shard the ledger says so for good of
the number, and of a refund's key. A payment claims its key and number in the statement that takes it (`app.card.taking`); a refund here, in
a transaction of its own that waits for no disk.
"""

from datetime import timedelta
from typing import Final

import msgspec

from app.card.errors import SequenceReused
from app.card.receipts import SYSTEM
from app.kernel import clock
from app.kernel.database import alone, execute, transaction
from app.kernel.idempotency import IdempotencyKeyReused

KEPT: Final = timedelta(days=2)


class Request(msgspec.Struct, frozen=True):
    """What a terminal signed: who, its key and number, and a keyed hash of what it asks."""

    principal: str
    key: str
    sequence: int
    fingerprint: bytes


_CLAIM: Final = """
INSERT INTO terminal_request (principal, request_key, sequence, fingerprint, at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING RETURNING sequence
"""
_KNOWN: Final = """
SELECT request_key FROM terminal_request
WHERE principal = $1 AND (request_key = $2 OR sequence = $3) AND fingerprint <> $4
"""


async def claim(request: Request) -> None:
    """Claim a key and a number; refuses (`IdempotencyKeyReused`, `SequenceReused`) what stood for another request in the last two days."""
    asked = (request.principal, request.key, request.sequence, request.fingerprint)
    if await alone(_CLAIM, *asked, clock.now(), durable=False):
        return
    others = [row["request_key"] for row in await alone(_KNOWN, *asked, durable=False)]
    if request.key in others:
        raise IdempotencyKeyReused
    if others:
        raise SequenceReused(sequence=request.sequence)


async def sweep() -> None:
    """Forget what is older than two days; what was declined stands for good."""
    async with transaction(SYSTEM):
        await execute("DELETE FROM terminal_request WHERE at < $1", clock.now() - KEPT)
