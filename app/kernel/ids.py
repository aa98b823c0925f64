"""Ids that say where they live: UUIDv7 whose low 12 bits are the owner's shard.

So a lookup by id needs no directory, and one schema runs on one PostgreSQL or on many nodes. A resident's shard is one of
64 constants, chosen so that each falls into a hash range of its own when the tables are distributed.
"""

import os
import secrets
import threading
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from asyncpg.pgproto import pgproto

from app.kernel import clock

SHARDS: Final = (
    *(
        60,
        8,
        82,
        1,
        31,
        88,
        79,
        24,
        10,
        92,
        48,
        109,
        5,
        112,
        50,
        166,
        4,
        7,
        17,
        172,
        16,
        96,
        170,
        85,
        36,
        89,
        19,
        0,
        37,
        45,
        101,
        3,
    ),
    *(
        113,
        52,
        62,
        99,
        136,
        168,
        46,
        28,
        6,
        66,
        70,
        21,
        83,
        39,
        43,
        13,
        2,
        351,
        27,
        95,
        58,
        149,
        41,
        179,
        9,
        80,
        59,
        22,
        12,
        11,
        44,
        18,
    ),
)
_SHARD_BITS: Final = 12
_SHARD_MASK: Final = (1 << _SHARD_BITS) - 1
_COUNTER_MASK: Final = 0xFFF
_RANDOM_BYTES: Final = 7
_RANDOM_MASK: Final = (1 << 50) - 1
_AT_ONCE: Final = 256


class _Ticks:
    """Milliseconds with a 12-bit counter that never go back within a process (RFC 9562, 6.2, method 1)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def next(self, count: int = 1) -> int:
        """The first of so many that follow each other."""
        milliseconds = clock.epoch_micros() // 1000
        with self._lock:
            first = max(self._last + 1, milliseconds << _SHARD_BITS)
            self._last = first + count - 1
            return first


class _Randomness:
    """Random bits from the system, fetched for hundreds of ids at once; a forked process fetches its own."""

    def __init__(self) -> None:
        self._left: list[int] = []
        os.register_at_fork(after_in_child=self._left.clear)

    def next(self) -> int:
        try:
            return self._left.pop()
        except IndexError:
            fetched = secrets.token_bytes(_AT_ONCE * _RANDOM_BYTES)
            ends = range(_RANDOM_BYTES, len(fetched), _RANDOM_BYTES)
            self._left.extend(int.from_bytes(fetched[end - _RANDOM_BYTES : end]) & _RANDOM_MASK for end in ends)
            return int.from_bytes(fetched[-_RANDOM_BYTES:]) & _RANDOM_MASK


_ticks = _Ticks()
_randomness = _Randomness()


def _uuid7(shard: int, tick: int | None = None) -> UUID:
    tick = _ticks.next() if tick is None else tick
    high = (tick >> _SHARD_BITS) << 16 | 0x7000 | tick & _COUNTER_MASK
    low = 0b10 << 62 | _randomness.next() << _SHARD_BITS | shard
    return id_from((high << 64 | low).to_bytes(16))


def id_from(written: bytes) -> UUID:
    """The id that 16 bytes stand for, as the database's driver gives and takes it: it is made, and sent, in a tenth of the time."""
    return pgproto.UUID(written)


def shard_of(owned: UUID) -> int:
    """The shard that an id names (0–4095)."""
    return owned.int & _SHARD_MASK


def new_id(owner: UUID) -> UUID:
    """A new id for something that belongs to `owner`, in the owner's shard."""
    return _uuid7(shard_of(owner))


def new_ids(owners: Sequence[UUID]) -> list[UUID]:
    """The same for many owners, ascending in their order; one of many takes half the time."""
    first = _ticks.next(len(owners))
    return [_uuid7(shard_of(owner), tick) for tick, owner in enumerate(owners, first)]


def new_person_id() -> UUID:
    """A new resident's id; it chooses, for good, the shard of everything that they will own."""
    return _uuid7(secrets.choice(SHARDS))


def new_plain_id() -> UUID:
    """A new id for a row that belongs to no citizen (departments, officers, terminals)."""
    return _uuid7(secrets.randbits(_SHARD_BITS))


def id_in_shard(shard: int) -> UUID:
    """A new id in a given shard, for a row that belongs to the shard itself (its clearing account)."""
    return _uuid7(shard)


def lowest_id(instant: datetime) -> UUID:
    """Below every id that is made from an instant on.

    A row gets its id a moment before or after its time: look from a day before to a day after, and go by its time.
    """
    return UUID(int=clock.to_epoch_micros(instant) // 1000 << 80)
