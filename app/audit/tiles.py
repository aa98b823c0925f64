"""The tree as it is kept: tiles of 256 hashes, as in C2SP's tlog-tiles.

A tile of level 0 holds leaf hashes; one of level n + 1 holds the roots of 256 tiles of level n. Full tiles never change.
What isn't full yet is the tree's right edge, one part per level. Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from app.audit.merkle import EMPTY_ROOT, Range, complete_parts, fold, pairs

HASH_BYTES: Final = 32
_LEVELS: Final = 8
WIDTH: Final = 1 << _LEVELS
"""Hashes in a full tile."""

Place = tuple[int, int]
"""A tile's level and its position among the tiles of that level."""


class Edge(msgspec.Struct, frozen=True):
    """A tree's size and, per level, the hashes after its last full tile."""

    size: int
    parts: tuple[bytes, ...]


class Tile(msgspec.Struct, frozen=True):
    """A full tile."""

    place: Place
    hashes: bytes


def append(edge: Edge, leaves: Sequence[bytes]) -> tuple[Edge, list[Tile]]:
    """The edge after more leaf hashes, and the tiles that became full by them."""
    parts, full = list(edge.parts), list[Tile]()
    level, fresh, before = 0, list(leaves), edge.size
    while fresh:
        held = split(parts[level]) if level < len(parts) else []
        position, hashes = before // WIDTH, held + fresh
        whole = len(hashes) // WIDTH * WIDTH
        rows = [hashes[n : n + WIDTH] for n in range(0, whole, WIDTH)]
        full += [Tile((level, position + n), b"".join(row)) for n, row in enumerate(rows)]
        parts[level : level + 1] = [b"".join(hashes[whole:])]
        fresh, before, level = [_root(row) for row in rows], position, level + 1
    return Edge(edge.size + len(leaves), tuple(parts)), full


def split(hashes: bytes) -> list[bytes]:
    """A tile's hashes, one by one."""
    return [hashes[n : n + HASH_BYTES] for n in range(0, len(hashes), HASH_BYTES)]


def _root(hashes: Sequence[bytes]) -> bytes:
    """The root over a power of two of hashes."""
    while len(hashes) > 1:
        hashes = pairs(hashes)
    return hashes[0]


def tiles_of(ranges: Iterable[Range]) -> set[Place]:
    """The tiles from which the roots of ranges are computed."""
    return {_tile_and_slice(part)[0] for whole in ranges for part in complete_parts(whole)}


def range_root(whole: Range, tiles: Mapping[Place, bytes]) -> bytes:
    """The root of a range, from the tiles that `tiles_of` names (the edge's parts among them)."""
    return fold(_part_root(part, tiles) for part in complete_parts(whole)) if whole[1] > whole[0] else EMPTY_ROOT


def _part_root(part: Range, tiles: Mapping[Place, bytes]) -> bytes:
    place, hashes = _tile_and_slice(part)
    return _root(split(tiles[place][hashes]))


def _tile_and_slice(part: Range) -> tuple[Place, slice]:
    """Where a complete subtree's hashes lie: the tile of the highest level that still divides it, and the bytes in it."""
    start, end = part
    level = ((end - start).bit_length() - 1) // _LEVELS
    first, count = start >> (_LEVELS * level), (end - start) >> (_LEVELS * level)
    offset = first % WIDTH * HASH_BYTES
    return (level, first // WIDTH), slice(offset, offset + count * HASH_BYTES)
