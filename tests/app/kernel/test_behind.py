"""Work that goes on behind an answer."""

import asyncio
import time

import pytest

from app.kernel.behind import finish, wait_a_moment


class TestWaitAMoment:
    async def test_waits_for_quick_work(self) -> None:
        done: list[int] = []

        async def work() -> None:
            done.append(1)

        await wait_a_moment("quick", work, 1)

        assert done == [1]

    async def test_leaves_slow_work_going_on(self) -> None:
        done: list[int] = []

        async def work() -> None:
            await asyncio.sleep(0.1)
            done.append(1)

        begun = time.perf_counter()
        await wait_a_moment("slow", work, 0.01)
        early = (list(done), time.perf_counter() - begun < 0.09)
        await finish()

        assert (early, done) == (([], True), [1])

    async def test_runs_once_for_all_who_wait(self) -> None:
        done: list[int] = []

        async def work() -> None:
            await asyncio.sleep(0.01)
            done.append(1)

        await asyncio.gather(*(wait_a_moment("same", work, 1) for _ in range(5)))
        await wait_a_moment("same", work, 1)

        assert done == [1, 1]

    async def test_survives_what_fails(self) -> None:
        async def work() -> None:
            raise ZeroDivisionError

        await wait_a_moment("failing", work, 1)
        await wait_a_moment("failing", work, 1)

    async def test_goes_on_when_the_caller_goes_away(self) -> None:
        done: list[int] = []

        async def work() -> None:
            await asyncio.sleep(0.05)
            done.append(1)

        caller = asyncio.create_task(wait_a_moment("left", work, 1))
        await asyncio.sleep(0.01)
        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller
        await finish()

        assert done == [1]
