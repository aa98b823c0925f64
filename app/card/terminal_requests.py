"""A terminal's key and number stand for one request, whichever card it is about.

The ledger's own unique keys say so within a shard, for good. Over all shards this table says so, in a transaction of its own
that waits for no disk, so that no payment touches two shards; a crash may lose its last moment, and the day's end finds what
slipped through.
"""

from datetime import timedelta
from typing import Final

from app.card.errors import SequenceReused
from app.card.receipts import SYSTEM
from app.kernel import clock
from app.kernel.actors import Terminal
from app.kernel.database import execute, fetch_all, transaction
from app.kernel.idempotency import IdempotencyKeyReused, Once

KEPT: Final = timedelta(days=2)


async def refuse_reuse(terminal: Terminal, sequence: int, once: Once) -> None:
    """Refuse (`IdempotencyKeyReused`, `SequenceReused`) a key or number that stood for another request in the last two days."""
    request = (terminal.principal, once.required(), sequence)
    async with transaction(SYSTEM):
        await execute("SET LOCAL synchronous_commit = off")
        if await execute(
            "INSERT INTO terminal_request (principal, request_key, sequence, fingerprint, at) VALUES ($1, $2, $3, $4, $5) "
            "ON CONFLICT DO NOTHING",
            *(*request, once.fingerprint, clock.now()),
        ):
            return
        known = await fetch_all(
            "SELECT request_key, fingerprint FROM terminal_request WHERE principal = $1 AND (request_key = $2 OR sequence = $3)",
            *request,
        )
    others = [row["request_key"] for row in known if row["fingerprint"] != once.fingerprint]
    if others:
        raise IdempotencyKeyReused if once.key in others else SequenceReused(sequence=sequence)


async def sweep() -> None:
    """Forget what is older than two days."""
    async with transaction(SYSTEM):
        await execute("DELETE FROM terminal_request WHERE at < $1", clock.now() - KEPT)
