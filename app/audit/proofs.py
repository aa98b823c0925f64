"""Proofs from the tree as it is stored: that an entry is in it, and that it continues an older one."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from app.audit.merkle import Range, consistency_ranges, inclusion_ranges
from app.audit.tiles import Place, range_root, tiles_of
from app.kernel.database import fetch_all

_TILES: Final = """
SELECT t.level, t.position, t.hashes FROM unnest($1::int4[], $2::int8[]) AS wanted (level, position)
JOIN log_tile t ON t.level = wanted.level AND t.position = wanted.position
UNION ALL
SELECT e.level - 1, (s.size >> (8 * e.level)::int), e.hashes FROM log_state s, unnest(s.edges) WITH ORDINALITY AS e (hashes, level)
"""


async def inclusion_path(number: int, size: int) -> list[bytes]:
    """The path that proves an entry's place in the tree of a size, read in the (system) transaction in progress."""
    ranges = inclusion_ranges(number, size)
    tiles = await read_tiles(ranges)
    return [range_root(one, tiles) for one in ranges]


async def inclusion_paths(numbers: Sequence[int], size: int) -> list[list[bytes]]:
    """The paths of many entries; they are computed in a thread, since together they take a while."""
    wanted = [inclusion_ranges(number, size) for number in numbers]
    tiles = await read_tiles(one for ranges in wanted for one in ranges)
    return await asyncio.to_thread(_paths, wanted, tiles)


def _paths(wanted: Sequence[Sequence[Range]], tiles: Mapping[Place, bytes]) -> list[list[bytes]]:
    return [[range_root(one, tiles) for one in ranges] for ranges in wanted]


async def consistency_proof(old: int, new: int) -> list[bytes]:
    """The proof that the tree of a size continues an older one, read in the (system) transaction in progress."""
    ranges = consistency_ranges(old, new)
    tiles = await read_tiles(ranges)
    return [range_root(one, tiles) for one in ranges]


async def read_tiles(ranges: Iterable[Range]) -> dict[Place, bytes]:
    """The tiles from which the roots of ranges are computed; a tile that isn't full yet is the tree's edge."""
    wanted = sorted(tiles_of(ranges))
    rows = await fetch_all(_TILES, [level for level, _ in wanted], [position for _, position in wanted])
    return {(row["level"], row["position"]): row["hashes"] for row in rows}
