"""Jobs: they exist if what called for them does, are retried, then held, and a timetable runs once across workers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import asyncpg
import msgspec
import pytest
import pytest_asyncio
from pgqueuer import PgQueuer

from app.kernel import clock, jobs
from app.kernel.actors import Citizen, System
from app.kernel.database import execute, fetch_all, transaction
from app.kernel.errors import Conflict
from app.kernel.ids import new_person_id
from app.kernel.jobs import enqueue, open_queue, register_job, register_timetable
from app.kernel.settings import Settings
from tests.makers.pools import an_open_pool

SYSTEM = System("tests")
NAME = "tests.chore"


class Chore(msgspec.Struct, frozen=True):
    what: str


@pytest_asyncio.fixture(autouse=True)
async def only_ours(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """An empty queue, and no other jobs known."""
    monkeypatch.setattr(jobs, "_kinds", {})
    monkeypatch.setattr(jobs, "_timetable", [])
    async with an_open_pool(settings):
        await empty()
        yield
        await empty()


async def empty() -> None:
    async with transaction(SYSTEM):
        await execute("DELETE FROM pgqueuer WHERE entrypoint LIKE 'tests.%'")
        await execute("DELETE FROM pgqueuer_schedules WHERE entrypoint LIKE 'tests.%'")


def does(handler: Callable[[Chore], Awaitable[None]], attempts: int = 12) -> None:
    register_job(NAME, Chore, handler, attempts)


async def want(what: str, **how: object) -> None:
    async with transaction(SYSTEM):
        await enqueue(NAME, Chore(what), **how)  # type: ignore[arg-type]


async def queued() -> list[str]:
    async with transaction(SYSTEM):
        rows = await fetch_all("SELECT payload FROM pgqueuer WHERE entrypoint = $1 ORDER BY id", NAME)
    return [msgspec.json.decode(row["payload"], type=Chore).what for row in rows]


async def statuses() -> list[tuple[str, int]]:
    async with transaction(SYSTEM):
        rows = await fetch_all("SELECT status::text, attempts FROM pgqueuer WHERE entrypoint = $1 ORDER BY id", NAME)
    return [(row["status"], row["attempts"]) for row in rows]


@asynccontextmanager
async def a_worker(settings: Settings) -> AsyncIterator[PgQueuer]:
    queue, link = await open_queue(settings)
    running = asyncio.create_task(queue.run(dequeue_timeout=timedelta(milliseconds=100), max_concurrent_tasks=20))
    try:
        yield queue
    finally:
        queue.shutdown.set()
        with suppress(asyncio.CancelledError):
            await asyncio.wait_for(running, 10)
        await link.close()


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 8) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - the worker's database is what is waited for
            await asyncio.sleep(0.02)


class TestEnqueue:
    async def test_needs_what_called_for_it_to_hold(self) -> None:
        with pytest.raises(Conflict):
            async with transaction(SYSTEM):
                await enqueue(NAME, Chore("never"))
                raise Conflict

        assert await queued() == []

    async def test_isnt_for_citizens_transactions(self) -> None:
        person = new_person_id()

        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with transaction(Citizen(person, 2, person, "tests")):
                await enqueue(NAME, Chore("x"))

    async def test_adds_no_second_one_while_the_first_waits(self) -> None:
        await want("first", once="tests:same")
        await want("second", once="tests:same")
        await want("other", once="tests:another")

        assert await queued() == ["first", "other"]

    async def test_an_instant_that_has_passed_is_now(self, settings: Settings) -> None:
        done = []

        async def handler(chore: Chore) -> None:
            done.append(chore.what)

        does(handler)
        await want("late", run_at=clock.now() - timedelta(days=1))
        await want("tomorrow", run_at=clock.now() + timedelta(days=1))

        async with a_worker(settings):
            await until(lambda: _true(done == ["late"]))

        assert await queued() == ["tomorrow"]


async def _true(value: object) -> bool:
    return bool(value)


class TestWorker:
    async def test_retries_until_it_is_done(self, settings: Settings) -> None:
        tries = []

        async def handler(chore: Chore) -> None:
            tries.append(chore.what)
            if len(tries) == 1:
                raise RuntimeError("not yet")

        does(handler)
        await want("stubborn")

        async with a_worker(settings):
            await until(lambda: _true(len(tries) == 2))
            await until(_is_empty)

        assert tries == ["stubborn", "stubborn"]

    async def test_holds_what_failed_too_often_and_drops_nothing(self, settings: Settings) -> None:
        tries = []

        async def handler(chore: Chore) -> None:
            tries.append(chore.what)
            raise RuntimeError("never")

        does(handler, attempts=2)
        await want("hopeless")

        async with a_worker(settings):
            await until(_is_held)

        assert tries == ["hopeless"] * 2

    async def test_holds_what_it_cant_read(self, settings: Settings) -> None:
        async def handler(chore: Chore) -> None:
            raise AssertionError("nothing to do")

        does(handler)
        async with transaction(SYSTEM):
            await enqueue(NAME, System("not a chore"))

        async with a_worker(settings):
            await until(_is_held)

    async def test_two_workers_do_each_job_once(self, settings: Settings) -> None:
        done = []

        async def handler(chore: Chore) -> None:
            await asyncio.sleep(0.01)
            done.append(chore.what)

        does(handler)
        for number in range(12):
            await want(str(number))

        async with a_worker(settings), a_worker(settings):
            await until(_is_empty)

        assert sorted(done, key=int) == [str(number) for number in range(12)]

    async def test_a_job_that_waits_holds_up_no_other(self, settings: Settings) -> None:
        done = []
        release = asyncio.Event()

        async def handler(chore: Chore) -> None:
            if chore.what == "slow":
                await release.wait()
            done.append(chore.what)

        does(handler)
        await want("slow")
        await want("quick")

        async with a_worker(settings):
            await until(lambda: _true("quick" in done))
            release.set()
            await until(lambda: _true("slow" in done))

        assert done == ["quick", "slow"]


async def _is_empty() -> bool:
    return await queued() == []


async def _is_held() -> bool:
    return [status for status, _ in await statuses()] == ["failed"]


class TestTimetable:
    @pytest.mark.long  # the scheduler looks when it wants to, sometimes only after half a minute
    async def test_runs_once_across_workers(self, settings: Settings) -> None:
        ran = []

        async def handler() -> None:
            ran.append(clock.now())

        register_timetable("tests.tick", "* * * * *", handler)
        register_timetable("tests.tick", "* * * * *", handler)

        async with a_worker(settings), a_worker(settings):
            await until(_scheduled)
            async with transaction(SYSTEM):
                await execute(
                    "UPDATE pgqueuer_schedules SET next_run = $1 WHERE entrypoint = 'tests.tick'",
                    clock.now() - timedelta(seconds=1),
                )
            await until(lambda: _true(len(ran) > 0), seconds=90)
            await asyncio.sleep(0.5)

        assert len(ran) == 1


async def _scheduled() -> bool:
    async with transaction(SYSTEM):
        return len(await fetch_all("SELECT 1 FROM pgqueuer_schedules WHERE entrypoint = 'tests.tick'")) == 1
