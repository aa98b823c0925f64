"""The store keeps what it was told, whole or not at all, for one city only."""

import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from integrations.city.post import CALLBACK_PAUSES, next_pause
from integrations.city.store import CityOfAnotherSeed, Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "city" / "city.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with closing(Store(path)) as opened:
        yield opened


class TestStore:
    def test_keeps_what_was_written(self, store: Store, path: Path) -> None:
        store.write("INSERT INTO dose VALUES ('x', 'BCG', 1, '2026-11-22')")

        with closing(Store(path)) as again:
            row = again.one("SELECT * FROM dose")

        assert row is not None
        assert row["vaccine"] == "BCG"

    def test_writes_together_or_not_at_all(self, store: Store) -> None:
        def half() -> None:
            with store.together():
                store.write("INSERT INTO dose VALUES ('x', 'BCG', 1, '2026-11-22')")
                raise KeyError

        with pytest.raises(KeyError):
            half()

        assert store.all("SELECT * FROM dose") == []

    def test_lets_nobody_else_read(self, store: Store, path: Path) -> None:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_belongs_to_one_city(self, store: Store) -> None:
        store.belong_to(1, 100)

        store.belong_to(1, 100)

        with pytest.raises(CityOfAnotherSeed, match="100 people drawn with seed 1"):
            store.belong_to(2, 100)


class TestNextPause:
    def test_of_an_event_grows_and_never_ends(self) -> None:
        pauses = [next_pause("child_born", attempts, 1.0) for attempts in (1, 2, 3, 4, 5, 6, 1_000)]

        assert pauses == [1, 1, 2, 3, 5, 5, 5]

    def test_of_a_callback_follows_the_platforms_schedule(self) -> None:
        pauses = [next_pause("wechat_pay", attempts, 1.0) for attempts in range(1, 16)]

        assert pauses == list(CALLBACK_PAUSES)
        assert sum(CALLBACK_PAUSES) == 24 * 3600 + 4 * 60

    def test_of_a_callback_ends(self) -> None:
        assert next_pause("wechat_pay", 16, 1.0) is None

    def test_of_a_callback_can_be_shortened(self) -> None:
        assert next_pause("wechat_pay", 1, 0.1) == 1.5
