"""Chance that is the same on every machine: whole numbers only, seeded from SHA-256, never from `hash()` or a clock.

Each person, household and register has a generator of its own, so that asking for one thing never changes another, and nothing
need be kept: what was drawn once is drawn again.
"""

from collections.abc import Sequence
from hashlib import sha256
from random import Random
from typing import TypeVar

T = TypeVar("T")
_SEED_BYTES = 8


def chance(seed: int, register: str, key: str) -> Random:
    """Give the generator of a register for one person or household."""
    digest = sha256(f"{seed}:{register}:{key}".encode()).digest()
    return Random(int.from_bytes(digest[:_SEED_BYTES], "big"))  # noqa: S311 - invented people, not secrets


def weighted(dice: Random, table: Sequence[tuple[T, int]]) -> T:
    """Draw one of a table of (what, weight); weights are whole numbers and needn't add up to anything."""
    place = dice.randrange(sum(weight for _, weight in table))
    for what, weight in table:
        place -= weight
        if place < 0:
            return what
    raise IndexError


def one_in(dice: Random, many: int) -> bool:
    """Say yes once in so many times."""
    return dice.randrange(many) == 0


def percent(dice: Random, share: int) -> bool:
    """Say yes so many times in a hundred."""
    return dice.randrange(100) < share
