"""Values that live for minutes."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
import pytest_asyncio

from app.kernel import clock, short_lived
from app.kernel.settings import Settings
from tests.makers.pools import an_open_pool

MINUTE = timedelta(minutes=1)


@pytest_asyncio.fixture(autouse=True)
async def pool(settings: Settings) -> AsyncIterator[None]:
    async with an_open_pool(settings):
        yield


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two minutes from now."""
    really: datetime = clock.now()
    monkeypatch.setattr(clock, "now", lambda: really + 2 * MINUTE)


class TestValues:
    async def test_are_read_until_they_are_replaced(self) -> None:
        await short_lived.put("tests", "value", b"one", MINUTE)
        await short_lived.put("tests", "value", b"two", MINUTE)

        assert await short_lived.get("tests", "value") == b"two"
        assert await short_lived.get("tests", "value") == b"two"
        assert await short_lived.get("tests else", "value") is None

    async def test_are_gone_when_their_time_is_over(self, request: pytest.FixtureRequest) -> None:
        await short_lived.put("tests", "expiring", b"one", MINUTE)
        request.getfixturevalue("later")

        assert await short_lived.get("tests", "expiring") is None
        assert await short_lived.take("tests", "expiring") is None

    async def test_one_taker_gets_them(self) -> None:
        await short_lived.put("tests", "prize", b"one", MINUTE)

        taken = await asyncio.gather(*(short_lived.take("tests", "prize") for _ in range(5)))

        assert sorted(taken, key=str) == [None, None, None, None, b"one"] or taken.count(b"one") == 1


class TestClaim:
    async def test_is_the_first_ones_only(self) -> None:
        claims = await asyncio.gather(*(short_lived.claim("tests", "nonce", MINUTE) for _ in range(5)))

        assert claims.count(True) == 1

    async def test_is_free_again_after_its_time(self, request: pytest.FixtureRequest) -> None:
        await short_lived.claim("tests", "old nonce", MINUTE)
        request.getfixturevalue("later")

        assert await short_lived.claim("tests", "old nonce", MINUTE)
        assert not await short_lived.claim("tests", "old nonce", MINUTE)


class TestCount:
    async def test_counts_each_one_also_at_once(self) -> None:
        counted = await asyncio.gather(*(short_lived.count("tests", "tries", MINUTE) for _ in range(6)))

        assert sorted(counted) == [1, 2, 3, 4, 5, 6]

    async def test_begins_anew_when_its_window_is_over(self, request: pytest.FixtureRequest) -> None:
        await short_lived.count("tests", "window", MINUTE)
        await short_lived.count("tests", "window", MINUTE)
        request.getfixturevalue("later")

        assert [await short_lived.count("tests", "window", MINUTE) for _ in range(2)] == [1, 2]

    async def test_its_window_isnt_prolonged_by_more_tries(self, monkeypatch: pytest.MonkeyPatch) -> None:
        start = clock.now()
        for seconds in (0, 40):
            monkeypatch.setattr(clock, "now", lambda seconds=seconds: start + timedelta(seconds=seconds))
            await short_lived.count("tests", "short window", MINUTE)
        monkeypatch.setattr(clock, "now", lambda: start + timedelta(seconds=61))

        assert await short_lived.count("tests", "short window", MINUTE) == 1


class TestSweep:
    async def test_deletes_only_what_is_over(self, request: pytest.FixtureRequest) -> None:
        await short_lived.put("tests", "old", b"", MINUTE)
        await short_lived.put("tests", "new", b"1", 5 * MINUTE)
        request.getfixturevalue("later")

        assert await short_lived.sweep() >= 1
        assert await short_lived.get("tests", "new") == b"1"
