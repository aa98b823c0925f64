"""A terminal's key and number stand for one request, whichever card it is about.

The ledger's own unique keys say so within a shard, for good. Over all shards this table says so, in a transaction of its own
that waits for no disk, so that no payment touches two shards; a crash may lose its last moment, and the day's end finds what
slipped through.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import msgspec

from app.card.errors import SequenceReused
from app.card.receipts import SYSTEM
from app.kernel import clock
from app.kernel.database import alone, execute, transaction
from app.kernel.errors import Refusal
from app.kernel.idempotency import IdempotencyKeyReused

KEPT: Final = timedelta(days=2)


class Request(msgspec.Struct, frozen=True):
    """What a terminal signed: who, its key and number, and a keyed hash of what it asks."""

    principal: str
    key: str
    sequence: int
    fingerprint: bytes


_CLAIM: Final = """
INSERT INTO terminal_request (principal, request_key, sequence, fingerprint, at)
SELECT principal, request_key, sequence, fingerprint, $5
FROM unnest($1::text[], $2::text[], $3::int8[], $4::bytea[]) AS asked (principal, request_key, sequence, fingerprint)
ORDER BY principal, request_key ON CONFLICT DO NOTHING RETURNING principal, request_key
"""
_KNOWN: Final = """
SELECT asked.n, known.request_key, known.fingerprint
FROM unnest($1::text[], $2::text[], $3::int8[]) WITH ORDINALITY AS asked (principal, request_key, sequence, n)
JOIN terminal_request known ON known.principal = asked.principal
  AND (known.request_key = asked.request_key OR known.sequence = asked.sequence)
"""


async def reused(requests: Sequence[Request]) -> list[Refusal | None]:
    """Refuse (`IdempotencyKeyReused`, `SequenceReused`) the requests whose key or number stood for another in the last two days.

    Gives the refusal or nothing for each, in order; no two of them may have a key or number in common. Waits for no disk.
    """
    claimed = await alone(
        _CLAIM,
        *map(list, zip(*((one.principal, one.key, one.sequence, one.fingerprint) for one in requests), strict=True)),
        clock.now(),
        durable=False,
    )
    new = {(row["principal"], row["request_key"]) for row in claimed}
    rest = [one for one in requests if (one.principal, one.key) not in new]
    refusals = await _refusals(rest) if rest else {}
    return [refusals.get((one.principal, one.key)) for one in requests]


async def claim(request: Request) -> None:
    """Refuse one request as `reused` does."""
    (refusal,) = await reused([request])
    if refusal is not None:
        raise refusal


async def _refusals(requests: Sequence[Request]) -> dict[tuple[str, str], Refusal]:
    asked = zip(*((one.principal, one.key, one.sequence) for one in requests), strict=True)
    refusals: dict[tuple[str, str], Refusal] = {}
    for row in await alone(_KNOWN, *map(list, asked), durable=False):
        request = requests[row["n"] - 1]
        if row["fingerprint"] == request.fingerprint:
            continue
        same_key, name = row["request_key"] == request.key, (request.principal, request.key)
        if same_key or name not in refusals:
            refusals[name] = IdempotencyKeyReused() if same_key else SequenceReused(sequence=request.sequence)
    return refusals


async def sweep() -> None:
    """Forget what is older than two days."""
    async with transaction(SYSTEM):
        await execute("DELETE FROM terminal_request WHERE at < $1", clock.now() - KEPT)
