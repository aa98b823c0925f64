"""The Merkle tree of RFC 6962 (section 2.1; RFC 9162 has the same): hashes, which parts make a proof, and checking one.

Pure. A *range* is the entries from `start` to before `end`; where a range is hashed, `start` is a multiple of the greatest
power of two that the range's tree is built of. Hashes are SHA-256, 32 bytes.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
"""The root of a tree without entries."""

Range = tuple[int, int]
"""Entries from the first number to before the second."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry: SHA-256 of a zero byte and the entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees side by side: SHA-256 of a one byte and both hashes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, computed from all of them (MTH)."""
    return fold(subtrees(leaves)) if leaves else EMPTY_ROOT


def subtrees(leaves: Sequence[bytes]) -> Iterator[bytes]:
    """The roots of the complete subtrees of a tree, greatest first."""
    for start, end in complete_parts((0, len(leaves))):
        level = list(leaves[start:end])
        while len(level) > 1:
            level = pairs(level)
        yield level[0]


def pairs(hashes: Sequence[bytes]) -> list[bytes]:
    """The level above an even number of hashes."""
    return [node_hash(hashes[n], hashes[n + 1]) for n in range(0, len(hashes), 2)]


def fold(parts: Iterable[bytes]) -> bytes:
    """The root of a tree whose complete subtrees, greatest first, have these roots."""
    *greater, root = parts
    for left in reversed(greater):
        root = node_hash(left, root)
    return root


def complete_parts(whole: Range) -> list[Range]:
    """The complete subtrees that a range's tree is built of, greatest first."""
    start, end = whole
    parts = []
    while start < end:
        width = 1 << ((end - start).bit_length() - 1)
        parts.append((start, start + width))
        start += width
    return parts


def inclusion_ranges(number: int, size: int) -> list[Range]:
    """The ranges whose roots prove an entry's place in a tree, from the leaf up (PATH, RFC 6962, 2.1.1)."""
    start, end, found = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if number < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    return found[::-1]


def consistency_ranges(old: int, new: int) -> list[Range]:
    """The ranges whose roots prove that a tree continues an older one (PROOF, RFC 6962, 2.1.2); none for equal sizes."""
    start, end, whole, found = 0, new, True, []
    while old < end:
        middle = start + _split(end - start)
        if old <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start, whole = middle, False
    return ([] if whole else [(start, end)]) + found[::-1]


class GrowingTree:
    """A tree to which leaf hashes are appended one by one; it holds no more than its complete subtrees' roots."""

    def __init__(self) -> None:
        self.size = 0
        self._parts: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Append a leaf hash."""
        root, width = leaf, self.size
        while width & 1:
            root, width = node_hash(self._parts.pop(), root), width >> 1
        self._parts.append(root)
        self.size += 1

    def root(self) -> bytes:
        """The root of what was appended so far."""
        return fold(self._parts) if self._parts else EMPTY_ROOT


def _split(width: int) -> int:
    """The greatest power of two below a width of two or more."""
    return 1 << ((width - 1).bit_length() - 1)


def includes(root: bytes, size: int, number: int, leaf: bytes, path: Sequence[bytes]) -> bool:
    """Say whether a path proves that the tree of a root and size has a leaf hash at a number (RFC 9162, 2.1.3.2)."""
    if not 0 <= number < size:
        return False
    place, last, computed = number, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            computed = node_hash(sibling, computed)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            computed = node_hash(computed, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and computed == root


def continues(old_root: bytes, old: int, new_root: bytes, new: int, proof: Sequence[bytes]) -> bool:
    """Say whether a proof shows that a tree continues an older one unchanged (RFC 9162, 2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    rest = list(proof) if old & (old - 1) else [old_root, *proof]
    if not rest:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    older = newer = rest[0]
    for sibling in rest[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            older, newer = node_hash(sibling, older), node_hash(sibling, newer)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            newer = node_hash(newer, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and older == old_root and newer == new_root
