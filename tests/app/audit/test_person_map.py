"""The map of heads: one place for each person, whatever order heads come in."""

from typing import Final
from uuid import UUID

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from app.audit import person_map
from app.audit.merkle import leaf_hash, node_hash
from app.audit.person_map import DEPTH, EMPTY, Head, HeadMap, bucket_bytes, bucket_of, has_head, person_key, siblings_of

HEADS: Final = st.lists(
    st.builds(Head, st.uuids(), st.integers(1, 2**40), st.binary(min_size=32, max_size=32)),
    min_size=1,
    max_size=8,
    unique_by=lambda head: head.person,
)


def a_map(heads: list[Head]) -> HeadMap:
    made = HeadMap()
    for head in heads:
        made.put(person_key(head.person), head.count, head.leaf)
    return made


def path_of(heads: list[Head], bucket: int) -> list[bytes]:
    """The path of a bucket, computed the plain way."""
    level = {n: leaf_hash(bucket_bytes([one for one in heads if bucket_of(one.person) == n])) for n in _buckets(heads)}
    found = []
    for height, position in siblings_of(bucket):
        found.append(level.get(position, EMPTY[height]))
        level = {
            n: node_hash(level.get(2 * n, EMPTY[height]), level.get(2 * n + 1, EMPTY[height]))
            for n in {one >> 1 for one in level}
        }
    return found


def _buckets(heads: list[Head]) -> set[int]:
    return {bucket_of(head.person) for head in heads}


class TestMap:
    def test_an_empty_one_has_the_root_of_nothing(self) -> None:
        assert HeadMap().root() == EMPTY[DEPTH]

    @given(HEADS)
    @settings(max_examples=40, deadline=None)
    def test_has_one_root_whatever_the_order(self, heads: list[Head]) -> None:
        shuffled = sorted(heads, key=lambda head: head.leaf)
        grown = HeadMap()
        for head in shuffled:
            key = person_key(head.person)
            grown.put(key, head.count + 1, head.leaf)
            grown.root()
            grown.put(key, head.count, head.leaf)

        assert a_map(heads).root() == grown.root()
        assert grown.persons == len(heads)

    @given(HEADS)
    @settings(max_examples=40, deadline=None)
    def test_proves_every_head_and_no_other(self, heads: list[Head]) -> None:
        root, head = a_map(heads).root(), heads[0]
        bucket = bucket_bytes(one for one in heads if bucket_of(one.person) == bucket_of(head.person))
        path = path_of(heads, bucket_of(head.person))

        assert has_head(root, head, bucket, path)
        assert not has_head(root, msgspec.structs.replace(head, count=head.count + 1), bucket, path)
        assert not has_head(root, msgspec.structs.replace(head, leaf=bytes(32)), bucket, path) or not any(head.leaf)
        assert not has_head(root, msgspec.structs.replace(head, person=UUID(int=1)), bucket, path)
        assert not has_head(root, head, bucket, path[:-1])
        assert not has_head(root, head, bucket, [*path[:-1], bytes(32)])
        assert not has_head(root, head, bucket + b"\0", path)
        assert not has_head(root, head, b"", path)

    def test_a_person_cant_stand_there_twice(self) -> None:
        head = Head(UUID(int=7), 2, b"\1" * 32)
        other = msgspec.structs.replace(head, count=1)
        bucket = b"".join(sorted(map(person_map.bucket_row, (head, other))))
        level = {bucket_of(head.person): leaf_hash(bucket)}
        for height in range(DEPTH):
            level = person_map.parents(height, level, lambda _: None)
        path = [EMPTY[height] for height in range(DEPTH)]

        assert not has_head(level[0], head, bucket, path)
