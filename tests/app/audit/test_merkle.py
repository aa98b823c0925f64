"""The tree of RFC 6962: its published vectors, and what holds for every tree."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit import tiles
from app.audit.merkle import (
    EMPTY_ROOT,
    Range,
    consistency_ranges,
    continues,
    includes,
    inclusion_ranges,
    leaf_hash,
    root_of,
)
from app.audit.tiles import Edge

ENTRIES: Final = tuple(
    map(
        bytes.fromhex,
        ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"),
    )
)
"""The test tree of the reference implementation (google/certificate-transparency)."""
ROOTS: Final = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
A: Final = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
B: Final = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
C: Final = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
D: Final = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
E: Final = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
F: Final = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
LEAVES: Final = [leaf_hash(entry) for entry in ENTRIES]


def hashes(leaves: list[bytes], ranges: list[Range]) -> list[bytes]:
    """The roots of ranges."""
    return [root_of(leaves[start:end]) for start, end in ranges]


def a_tree(size: int) -> list[bytes]:
    """Leaf hashes that differ."""
    return [leaf_hash(number.to_bytes(4)) for number in range(size)]


class TestVectors:
    @pytest.mark.parametrize("size", range(1, 9))
    def test_roots(self, size: int) -> None:
        assert root_of(LEAVES[:size]).hex() == ROOTS[size - 1]

    def test_the_empty_tree(self) -> None:
        assert root_of([]) == EMPTY_ROOT
        assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    @pytest.mark.parametrize(
        ("number", "size", "path"),
        [(0, 1, []), (0, 8, [E, A, B]), (5, 8, [C, D, ROOTS[3]]), (2, 3, [ROOTS[1]]), (1, 5, [ROOTS[0], A, C])],
    )
    def test_inclusion(self, number: int, size: int, path: list[str]) -> None:
        made = hashes(LEAVES, inclusion_ranges(number, size))

        assert [one.hex() for one in made] == path
        assert includes(root_of(LEAVES[:size]), size, number, LEAVES[number], made)

    @pytest.mark.parametrize(
        ("old", "new", "proof"), [(1, 1, []), (1, 8, [E, A, B]), (6, 8, [F, D, ROOTS[3]]), (2, 5, [A, C])]
    )
    def test_consistency(self, old: int, new: int, proof: list[str]) -> None:
        made = hashes(LEAVES, consistency_ranges(old, new))

        assert [one.hex() for one in made] == proof
        assert continues(root_of(LEAVES[:old]), old, root_of(LEAVES[:new]), new, made)


class TestInclusion:
    @given(st.integers(1, 300), st.data())
    def test_holds_for_every_entry_and_for_no_other(self, size: int, data: st.DataObject) -> None:
        number = data.draw(st.integers(0, size - 1))
        leaves = a_tree(size)
        root, path = root_of(leaves), hashes(leaves, inclusion_ranges(number, size))

        assert includes(root, size, number, leaves[number], path)
        assert not includes(root, size, number, leaf_hash(b"another"), path)
        assert not includes(leaf_hash(b"root"), size, number, leaves[number], path)
        assert not includes(root, size, number, leaves[number], [*path, path[0] if path else root])
        for other in {number - 1, number + 1, size}:
            assert not includes(root, size, other, leaves[number], path)
        for place in range(len(path)):
            without = path[:place] + path[place + 1 :]
            changed = [*path[:place], leaf_hash(path[place]), *path[place + 1 :]]
            assert not includes(root, size, number, leaves[number], without)
            assert not includes(root, size, number, leaves[number], changed)


class TestConsistency:
    @given(st.integers(1, 300), st.data())
    def test_holds_between_every_two_sizes(self, new: int, data: st.DataObject) -> None:
        old = data.draw(st.integers(1, new))
        leaves = a_tree(new)
        proof = hashes(leaves, consistency_ranges(old, new))

        assert continues(root_of(leaves[:old]), old, root_of(leaves), new, proof)

    @given(st.integers(2, 300), st.data())
    def test_doesnt_hold_for_another_history(self, new: int, data: st.DataObject) -> None:
        old = data.draw(st.integers(1, new - 1))
        changed = data.draw(st.integers(0, old - 1))
        leaves = a_tree(new)
        rewritten = [*leaves[:changed], leaf_hash(b"rewritten"), *leaves[changed + 1 :]]
        proof = hashes(rewritten, consistency_ranges(old, new))

        assert not continues(root_of(leaves[:old]), old, root_of(rewritten), new, proof)
        assert not continues(root_of(leaves[:old]), old, root_of(leaves), new, [*proof, leaves[0]])

    def test_says_no_to_sizes_that_cant_be(self) -> None:
        root = root_of(LEAVES)

        for old, new in ((0, 8), (9, 8), (-1, 8)):
            assert not continues(root, old, root, new, [])
        assert not continues(root, 8, root, 8, [root])
        assert not continues(root, 4, root, 8, [])


class TestTiles:
    @given(st.lists(st.integers(0, 700), min_size=1, max_size=4), st.data())
    def test_give_the_same_proofs_as_all_leaves_do(self, batches: list[int], data: st.DataObject) -> None:
        leaves = a_tree(sum(batches))
        edge, full = Edge(0, ()), dict[tiles.Place, bytes]()
        for size in batches:
            edge, fresh = tiles.append(edge, leaves[edge.size : edge.size + size])
            full |= {tile.place: tile.hashes for tile in fresh}
        edges = {(level, edge.size >> 8 * (level + 1)): part for level, part in enumerate(edge.parts)}

        size = data.draw(st.integers(0, edge.size))
        ranges: list[Range] = [(0, size)]
        if size:
            ranges += inclusion_ranges(data.draw(st.integers(0, size - 1)), size)
            ranges += consistency_ranges(data.draw(st.integers(1, size)), size)
        assert edge.size == len(leaves)
        assert [tiles.range_root(one, full | edges) for one in ranges] == hashes(leaves, ranges)
        assert tiles.tiles_of(ranges) <= {*full, *edges}
