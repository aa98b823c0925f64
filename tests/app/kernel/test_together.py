"""Serving together what is asked at the same time: everybody gets their own outcome, whatever happens to the others."""

import asyncio
from collections.abc import Hashable, Sequence

import asyncpg
import pytest

from app.kernel import together
from app.kernel.together import MANY_WAITING, MOST_LANES, MOST_TOGETHER, Together, TooManyWaiting


class Desk:
    """Doubles numbers in batches, and remembers them; what it does to a batch can be changed."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.open = asyncio.Event()
        self.open.set()
        self.fails: dict[int, Exception] = {}
        self.times = 10**6

    async def work(self, batch: Sequence[int]) -> list[int]:
        self.batches.append(list(batch))
        await self.open.wait()
        for number in batch:
            if number in self.fails and self.times:
                self.times -= 1
                raise self.fails[number]
        return [2 * number for number in batch]


def apart(number: int) -> tuple[Hashable, ...]:
    """Numbers with the same last digit are served one after the other."""
    return (number % 10,)


def alone(number: int) -> tuple[Hashable, ...]:
    return (number,)


async def test_serves_one_at_once() -> None:
    desk = Desk()

    assert await Together(desk.work, alone)(21) == 42
    assert desk.batches == [[21]]


async def test_serves_together_what_came_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "MOST_LANES", 1)
    desk = Desk()
    counter = Together(desk.work, alone)
    desk.open.clear()
    first = asyncio.create_task(counter(0))
    await asyncio.sleep(0.01)
    others = [asyncio.create_task(counter(number)) for number in range(1, MOST_TOGETHER + 3)]
    await asyncio.sleep(0.01)
    desk.open.set()

    assert await asyncio.gather(first, *others) == [2 * number for number in range(MOST_TOGETHER + 3)]
    assert [len(batch) for batch in desk.batches] == [1, MOST_TOGETHER, 2]


async def test_never_puts_together_what_has_to_stay_apart_and_keeps_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "MOST_LANES", 1)
    desk = Desk()
    counter = Together(desk.work, apart)

    outcomes = await asyncio.gather(*(counter(number) for number in (1, 11, 2, 21, 12, 3)))

    assert outcomes == [2, 22, 4, 42, 24, 6]
    assert desk.batches == [[1, 2, 3], [11, 12], [21]]


async def test_tells_only_the_one_that_spoils_a_batch() -> None:
    desk = Desk()
    desk.fails[5] = asyncpg.UniqueViolationError("five")
    counter = Together(desk.work, alone)

    outcomes = await asyncio.gather(*(counter(number) for number in range(9)), return_exceptions=True)

    assert [one for one in outcomes if isinstance(one, Exception)] == [desk.fails[5]]
    assert [one for one in outcomes if isinstance(one, int)] == [0, 2, 4, 6, 8, 12, 14, 16]


async def test_tries_a_single_one_again() -> None:
    desk = Desk()
    desk.fails[5], desk.times = asyncpg.DeadlockDetectedError("five"), 1

    assert await Together(desk.work, alone)(5) == 10


async def test_tries_a_whole_batch_once_more_after_a_lost_connection() -> None:
    desk = Desk()
    desk.fails[5], desk.times = asyncpg.ConnectionDoesNotExistError("gone"), 1
    counter = Together(desk.work, alone)

    assert await asyncio.gather(*(counter(number) for number in range(9))) == [2 * number for number in range(9)]
    assert [len(batch) for batch in desk.batches] == [9, 9]


async def test_gives_up_when_the_connection_stays_lost() -> None:
    desk = Desk()
    desk.fails[5] = asyncpg.ConnectionDoesNotExistError("gone")
    counter = Together(desk.work, alone)

    outcomes = await asyncio.gather(*(counter(number) for number in range(9)), return_exceptions=True)

    assert set(outcomes) == {desk.fails[5]}
    assert len(desk.batches) == 2


async def test_serves_on_when_whoever_asked_goes_away() -> None:
    desk = Desk()
    counter = Together(desk.work, alone)
    desk.open.clear()
    asked = asyncio.create_task(counter(1))
    await asyncio.sleep(0.01)
    asked.cancel()
    desk.open.set()

    with pytest.raises(asyncio.CancelledError):
        await asked
    assert await counter(2) == 4
    assert desk.batches == [[1], [2]]


async def test_refuses_what_would_wait_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "MOST_WAITING", 3)
    desk = Desk()
    counter = Together(desk.work, alone)
    desk.open.clear()
    asked = [asyncio.create_task(counter(number)) for number in range(3)]
    await asyncio.sleep(0)

    with pytest.raises(TooManyWaiting):
        await counter(3)

    desk.open.set()
    assert await asyncio.gather(*asked) == [0, 2, 4]


async def test_finishes_what_is_under_way() -> None:
    desk = Desk()
    counter = Together(desk.work, alone)
    desk.open.clear()
    asked = asyncio.create_task(counter(1))
    await asyncio.sleep(0.01)
    ending = asyncio.create_task(counter.finish())
    await asyncio.sleep(0.01)

    assert not ending.done()
    desk.open.set()
    await ending
    assert await asked == 2


async def test_goes_on_whichever_way_askers_come_and_go() -> None:
    desk = Desk()
    counter = Together(desk.work, apart)

    async def ask(number: int) -> int:
        await asyncio.sleep(number % 7 / 1_000)
        return await counter(number)

    assert await asyncio.wait_for(asyncio.gather(*map(ask, range(2_000))), 30) == [2 * n for n in range(2_000)]


async def asked_of(counter: Together[int, int], numbers: Sequence[int]) -> list[asyncio.Task[int]]:
    """Numbers that are asked for, and wait."""
    asked = [asyncio.create_task(counter(number)) for number in numbers]
    await asyncio.sleep(0.01)
    return asked


class TestLanes:
    async def test_serves_few_in_one(self) -> None:
        desk = Desk()
        counter = Together(desk.work, alone)
        desk.open.clear()

        asked = [*await asked_of(counter, [0]), *await asked_of(counter, range(1, 11))]

        assert desk.batches == [[0]]
        desk.open.set()
        assert await asyncio.gather(*asked) == [2 * number for number in range(11)]
        assert desk.batches == [[0], [*range(1, 11)]]

    async def test_begins_a_second_batch_beside_the_first_for_many_and_leaves_it_half(self) -> None:
        desk = Desk()
        counter = Together(desk.work, alone)
        desk.open.clear()

        asked = [*await asked_of(counter, [0]), *await asked_of(counter, range(1, 2 * MANY_WAITING))]

        assert [len(batch) for batch in desk.batches] == [1, MANY_WAITING]
        desk.open.set()
        assert await asyncio.gather(*asked) == [2 * number for number in range(2 * MANY_WAITING)]

    async def test_gives_both_lanes_as_much(self) -> None:
        desk, left = Desk(), iter(range(3_000))
        counter = Together(desk.work, alone)

        async def ask_on() -> None:
            for number in left:
                await counter(number)

        await asyncio.gather(*(ask_on() for _ in range(200)))

        assert {len(batch) for batch in desk.batches[:20]} == {100}

    async def test_goes_on_in_one_when_few_are_left(self) -> None:
        desk = Desk()
        counter = Together(desk.work, alone)
        desk.open.clear()
        asked = await asked_of(counter, range(2 * MANY_WAITING))
        beside = await asked_of(counter, range(2 * MANY_WAITING, 2 * MANY_WAITING + 9))
        desk.open.set()

        await asyncio.gather(*asked, *beside)

        assert [len(batch) for batch in desk.batches] == [MANY_WAITING, MANY_WAITING, 9]

    async def test_opens_the_second_beside_one_that_is_slow(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(together, "SLOW_SECONDS", 0.005)
        desk = Desk()
        counter = Together(desk.work, alone)
        desk.open.clear()

        asked = [*await asked_of(counter, [0]), *await asked_of(counter, [1])]

        assert desk.batches == [[0], [1]]
        desk.open.set()
        assert await asyncio.gather(*asked) == [0, 2]

    async def test_keeps_nobody_waiting_beside_a_slow_one_though_nobody_else_comes(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(together, "SLOW_SECONDS", 0.02)
        desk = Desk()
        counter = Together(desk.work, alone)
        desk.open.clear()

        asked = [*await asked_of(counter, [0]), *await asked_of(counter, [1])]
        before = list(desk.batches)
        await asyncio.sleep(0.1)

        assert (before, desk.batches) == ([[0]], [[0], [1]])
        desk.open.set()
        assert await asyncio.gather(*asked) == [0, 2]

    async def test_keeps_nobody_waiting_who_came_while_there_were_two(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(together, "SLOW_SECONDS", 0.02)
        doors = [asyncio.Event() for _ in range(3)]
        begun: list[list[int]] = []

        async def work(batch: Sequence[int]) -> list[int]:
            begun.append(list(batch))
            await doors[len(begun) - 1].wait()
            return list(batch)

        counter = Together(work, alone)
        asked = [*await asked_of(counter, range(2 * MANY_WAITING)), *await asked_of(counter, [1_000])]
        doors[0].set()
        await asyncio.sleep(0.1)

        assert begun[2:] == [[1_000]]
        for door in doors:
            door.set()
        await asyncio.gather(*asked)

    async def test_never_opens_more_than_two(self) -> None:
        desk = Desk()
        counter = Together(desk.work, alone)
        desk.open.clear()

        asked = await asked_of(counter, range(5 * MOST_TOGETHER))

        assert len(desk.batches) == MOST_LANES
        desk.open.set()
        assert sum(await asyncio.gather(*asked)) == 2 * sum(range(5 * MOST_TOGETHER))
