"""The map of heads: for each person, how many entries the log has about them and the leaf of the newest.

A binary tree of 65,536 buckets. A person's bucket is the first two bytes of their key, SHA-256 of a label and their id; a
bucket lists its persons in the order of their keys, each as 32 bytes of key and 32 bytes of commitment. So a person has one
place, can't stand there twice, and nobody else learns who stands beside them. Pure.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Final
from uuid import UUID

import msgspec

from app.audit.merkle import leaf_hash, node_hash

DEPTH: Final = 16
"""Levels above the buckets; the root is level 16."""
_LABEL: Final = b"fuhai/log-person\0"
_ROW_BYTES: Final = 64
_KEY_BYTES: Final = 32


class Head(msgspec.Struct, frozen=True):
    """How many entries there are about a person, and the leaf of the newest."""

    person: UUID
    count: int
    leaf: bytes


def person_key(person: UUID) -> bytes:
    """Where a person stands in the map: 32 bytes."""
    return hashlib.sha256(_LABEL + person.bytes).digest()


def bucket_of(person: UUID) -> int:
    """The number of a person's bucket."""
    return _bucket_of(person_key(person))


def _bucket_of(key: bytes) -> int:
    return int.from_bytes(key[:2])


def bucket_row(head: Head) -> bytes:
    """A person's row: their key, and SHA-256 of count (8 bytes, big-endian) and leaf."""
    return _row(person_key(head.person), head.count, head.leaf)


def _row(key: bytes, count: int, leaf: bytes) -> bytes:
    return key + hashlib.sha256(count.to_bytes(8) + leaf).digest()


def bucket_bytes(heads: Iterable[Head]) -> bytes:
    """A bucket: its rows in the order of their keys."""
    return b"".join(sorted(map(bucket_row, heads)))


def empty_hashes() -> list[bytes]:
    """The hash of an empty subtree of each level, buckets first."""
    hashes = [leaf_hash(b"")]
    for _ in range(DEPTH):
        hashes.append(node_hash(hashes[-1], hashes[-1]))
    return hashes


EMPTY: Final = tuple(empty_hashes())


def parents(level: int, changed: Mapping[int, bytes], known: Callable[[int], bytes | None]) -> dict[int, bytes]:
    """The nodes above changed ones of a level; `known` gives those of the level that didn't change, if any are stored."""

    def at(position: int) -> bytes:
        return changed.get(position) or known(position) or EMPTY[level]

    return {n: node_hash(at(2 * n), at(2 * n + 1)) for n in {position >> 1 for position in changed}}


def siblings_of(bucket: int) -> list[tuple[int, int]]:
    """Level and position of each node that proves a bucket, from the bucket up."""
    return [(level, (bucket >> level) ^ 1) for level in range(DEPTH)]


def has_head(root: bytes, head: Head, bucket: bytes, path: Sequence[bytes]) -> bool:
    """Say whether a bucket and its path prove that the map of a root gives a person this head, and no other.

    A count of 0 says that the map doesn't know the person.
    """
    keys = [bucket[n : n + _KEY_BYTES] for n in range(0, len(bucket), _ROW_BYTES)]
    ordered = len(bucket) % _ROW_BYTES == 0 and all(one < other for one, other in pairwise(keys))
    rows = [bucket[n : n + _ROW_BYTES] for n in range(0, len(bucket), _ROW_BYTES)]
    said = bucket_row(head) in rows if head.count else person_key(head.person) not in keys
    if not ordered or not said or len(path) != DEPTH:
        return False
    place, computed = bucket_of(head.person), leaf_hash(bucket)
    for level, sibling in enumerate(path):
        computed = node_hash(sibling, computed) if place >> level & 1 else node_hash(computed, sibling)
    return computed == root


class HeadMap:
    """The whole map, computed from every head; what doesn't change isn't computed again."""

    def __init__(self) -> None:
        self._buckets: defaultdict[int, dict[bytes, bytes]] = defaultdict(dict)
        self._nodes: dict[tuple[int, int], bytes] = {}
        self._moved: set[int] = set()

    def put(self, key: bytes, count: int, leaf: bytes) -> None:
        """Set the head of a person, who is named by their key."""
        bucket = _bucket_of(key)
        self._buckets[bucket][key] = _row(key, count, leaf)
        self._moved.add(bucket)

    @property
    def persons(self) -> int:
        """How many persons stand in it."""
        return sum(map(len, self._buckets.values()))

    def root(self) -> bytes:
        """The map's root."""
        level = {bucket: leaf_hash(b"".join(sorted(self._buckets[bucket].values()))) for bucket in self._moved}
        for height in range(DEPTH):
            self._keep(height, level)
            level = parents(height, level, partial(self._known, height))
        self._keep(DEPTH, level)
        self._moved.clear()
        return self._nodes.get((DEPTH, 0), EMPTY[DEPTH])

    def _known(self, height: int, position: int) -> bytes | None:
        return self._nodes.get((height, position))

    def _keep(self, height: int, level: Mapping[int, bytes]) -> None:
        self._nodes |= {(height, position): computed for position, computed in level.items()}
