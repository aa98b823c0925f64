"""Ids that say where they live."""

import threading
from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import clock, ids
from app.kernel.ids import SHARDS, id_in_shard, new_id, new_ids, new_person_id, new_plain_id, shard_of


class TestShards:
    def test_are_64_constants_of_12_bits(self) -> None:
        assert len(set(SHARDS)) == len(SHARDS) == 64
        assert all(0 <= shard < 4096 for shard in SHARDS)

    def test_people_are_spread_over_all_of_them(self) -> None:
        counted = Counter(shard_of(new_person_id()) for _ in range(6_400))

        assert set(counted) == set(SHARDS)
        assert max(counted.values()) < 200


class TestIds:
    @given(st.integers(0, 4095))
    def test_name_their_owners_shard(self, shard: int) -> None:
        owner = id_in_shard(shard)

        assert shard_of(owner) == shard
        assert shard_of(new_id(owner)) == shard
        assert int(str(new_id(owner))[-3:], 16) == shard

    def test_are_uuids_of_version_7(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ids, "_ticks", ids._Ticks())
        for made in (new_person_id(), new_plain_id(), new_id(new_person_id()), id_in_shard(4095)):
            assert made.version == 7
            assert made.variant == "specified in RFC 4122"
            assert abs((made.int >> 80) / 1000 - clock.now().timestamp()) < 5

    def test_ascend_even_within_a_millisecond(self) -> None:
        owner = new_person_id()
        made = [new_id(owner) for _ in range(10_000)]

        assert made == sorted(set(made))

    def test_of_many_owners_ascend_in_their_order_and_name_their_shards(self) -> None:
        owners = [new_person_id() for _ in range(5_000)]

        made = [new_id(owners[0]), *new_ids(owners), new_id(owners[0])]

        assert made == sorted(set(made))
        assert [shard_of(one) for one in made[1:-1]] == [shard_of(owner) for owner in owners]
        assert new_ids([]) == []

    def test_ascend_when_the_clock_goes_back(self, monkeypatch: pytest.MonkeyPatch) -> None:
        owner = new_person_id()
        before = new_id(owner)
        really: datetime = clock.now()
        monkeypatch.setattr(clock, "now", lambda: really - timedelta(hours=1))

        assert new_id(owner) > before

    def test_of_many_threads_are_never_the_same(self) -> None:
        owner = new_person_id()
        made: list[UUID] = []

        def make() -> None:
            made.extend(new_id(owner) for _ in range(2_000))

        threads = [threading.Thread(target=make) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len({*(one >> 64 for one in map(int, made))}) == len(set(made)) == 8_000
