"""A terminal's key and number stand for one request, whichever card it is about.

The ledger's own unique keys say so within a shard, for good. Over all shards this table says so, in a transaction of its own
that waits for no disk, so that no payment touches two shards; a crash may lose its last moment, and the day's end finds what
slipped through.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from app.card.errors import SequenceReused
from app.card.receipts import SYSTEM
from app.kernel import clock
from app.kernel.database import Row, alone, execute, execute_alone, transaction
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
ORDER BY principal, request_key ON CONFLICT DO NOTHING
"""
_KNOWN: Final = """
SELECT asked.n, known.request_key, known.fingerprint, known.at
FROM unnest($1::text[], $2::text[], $3::int8[]) WITH ORDINALITY AS asked (principal, request_key, sequence, n)
JOIN terminal_request known ON known.principal = asked.principal
  AND (known.request_key = asked.request_key OR known.sequence = asked.sequence)
"""


Claim = Refusal | bool
"""What a claim comes to: refused, or whether the same request may have come before."""


async def claimed(requests: Sequence[Request]) -> list[Claim]:
    """Claim keys and numbers; refuses (`IdempotencyKeyReused`, `SequenceReused`) what stood for another request in the last two days.

    Gives what each claim comes to, in order; no two of them may have a key or number in common. Waits for no disk.
    """
    at = clock.now()
    columns = [list(column) for column in zip(*map(_columns, requests), strict=True)]
    if await execute_alone(_CLAIM, *columns, at, durable=False) == len(requests):
        return [False] * len(requests)
    found: dict[int, list[Row]] = {}
    for row in await alone(_KNOWN, *columns[:3], durable=False):
        found.setdefault(row["n"] - 1, []).append(row)
    return [_claim(request, found.get(place, []), at) for place, request in enumerate(requests)]


async def claim(request: Request) -> None:
    """Refuse one request as `claimed` does."""
    (found,) = await claimed([request])
    if isinstance(found, Refusal):
        raise found


def _columns(request: Request) -> tuple[str, str, int, bytes]:
    return (request.principal, request.key, request.sequence, request.fingerprint)


def _claim(request: Request, known: Sequence[Row], at: datetime) -> Claim:
    """By the rows that share the key or the number. Two claims of one moment are both taken for new: the ledger still knows better."""
    others = [row for row in known if row["fingerprint"] != request.fingerprint]
    if any(row["request_key"] == request.key for row in others):
        return IdempotencyKeyReused()
    if others:
        return SequenceReused(sequence=request.sequence)
    return any(row["at"] != at for row in known)


async def sweep() -> None:
    """Forget what is older than two days."""
    async with transaction(SYSTEM):
        await execute("DELETE FROM terminal_request WHERE at < $1", clock.now() - KEPT)
