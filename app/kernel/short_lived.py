"""Values that live for minutes: one-time codes, nonces, counters for rate limits. A power cut may lose them, and harms nothing."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import Row, execute, fetch_all, fetch_one, fetch_value, transaction

_KEEPER = System("short-lived")


async def put(purpose: str, key: str, value: bytes, lives: timedelta) -> None:
    """Keep a value under a key, replacing what was there."""
    async with transaction(_KEEPER):
        await execute(
            "INSERT INTO short_lived (purpose, key, value, expires_at) VALUES ($1, $2, $3, $4) "
            "ON CONFLICT (purpose, key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at, count = 0",
            *(purpose, key, value, clock.now() + lives),
        )


async def get(purpose: str, key: str) -> bytes | None:
    """The value under a key, unless it has expired."""
    async with transaction(_KEEPER):
        value: bytes | None = await fetch_value(
            "SELECT value FROM short_lived WHERE purpose = $1 AND key = $2 AND expires_at > $3",
            purpose,
            key,
            clock.now(),
        )
        return value


async def take_if(purpose: str, key: str, value: bytes) -> bool:
    """Take what is under a key if it is exactly this value; of several callers at once, one may. Another value stays."""
    async with transaction(_KEEPER):
        return bool(
            await execute(
                "DELETE FROM short_lived WHERE purpose = $1 AND key = $2 AND value = $3 AND expires_at > $4",
                *(purpose, key, value, clock.now()),
            )
        )


async def take(purpose: str, key: str) -> bytes | None:
    """Take the value under a key; of several callers at once, one gets it."""
    async with transaction(_KEEPER):
        value: bytes | None = await fetch_value(
            "DELETE FROM short_lived WHERE purpose = $1 AND key = $2 AND expires_at > $3 RETURNING value",
            purpose,
            key,
            clock.now(),
        )
        return value


class Claim(msgspec.Struct, frozen=True):
    """A key that may be used once, and how long that is remembered."""

    purpose: str
    key: str
    lives: timedelta


CLAIM: Final = """
INSERT INTO short_lived (purpose, key, expires_at) SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[]) ORDER BY 1, 2
ON CONFLICT (purpose, key) DO UPDATE SET expires_at = excluded.expires_at WHERE short_lived.expires_at <= $4 RETURNING purpose, key
"""
"""Claims keys, no two the same, given as `columns`; a statement that reads something beside takes it for a part of itself.

In the order of the keys, so that two processes that claim the same ones don't wait for each other in a circle.
"""


async def claim(purpose: str, key: str, lives: timedelta) -> bool:
    """Claim a key that may be used once (a nonce); true for the first caller only."""
    return (await claim_all([Claim(purpose, key, lives)]))[0]


async def claim_all(claims: Sequence[Claim]) -> list[bool]:
    """Claim several keys, no two the same, in one statement; says of each whether it was the first."""
    async with transaction(_KEEPER):
        return _which(claims, await fetch_all(CLAIM, *columns(claims)))


def columns(claims: Sequence[Claim]) -> tuple[object, ...]:
    """The four arguments of `CLAIM`."""
    now = clock.now()
    asked = [(one.purpose, one.key, now + one.lives) for one in claims]
    return (*map(list, zip(*asked, strict=True)), now)


def _which(claims: Sequence[Claim], rows: Sequence[Row]) -> list[bool]:
    first = {(row["purpose"], row["key"]) for row in rows}
    return [(one.purpose, one.key) in first for one in claims]


async def count(purpose: str, key: str, window: timedelta) -> int:
    """Count one more under a key and give the count since its window opened."""
    counted, _ = await count_until(purpose, key, window)
    return counted


async def count_until(purpose: str, key: str, window: timedelta) -> tuple[int, datetime]:
    """Count one more under a key; give the count since its window opened, and when that ends."""
    async with transaction(_KEEPER):
        row = await fetch_one(
            "INSERT INTO short_lived AS s (purpose, key, count, expires_at) VALUES ($1, $2, 1, $3) "
            "ON CONFLICT (purpose, key) DO UPDATE SET count = CASE WHEN s.expires_at <= $4 THEN 1 ELSE s.count + 1 END, "
            "expires_at = CASE WHEN s.expires_at <= $4 THEN excluded.expires_at ELSE s.expires_at END "
            "RETURNING s.count, s.expires_at",
            *(purpose, key, clock.now() + window, clock.now()),
        )
    if row is None:
        raise LookupError(purpose)
    return row["count"], row["expires_at"]


async def uncount(purpose: str, key: str) -> None:
    """Take one count back; the window stays as it is."""
    async with transaction(_KEEPER):
        await execute(
            "UPDATE short_lived SET count = count - 1 WHERE purpose = $1 AND key = $2 AND count > 0", purpose, key
        )


async def sweep() -> int:
    """Delete what has expired; say how many."""
    async with transaction(_KEEPER):
        return await execute("DELETE FROM short_lived WHERE expires_at < $1", clock.now())
