"""The worker goes on for months: it leaves nothing behind while it waits, and stops when told to."""

import asyncio

import asyncpg
import msgspec
import pytest
from pgqueuer import PgQueuer

from app import working
from app.audit import sealing
from app.kernel import events, jobs
from app.kernel.actors import System
from app.kernel.database import transaction
from app.kernel.settings import Settings


class TestDeliveringEvents:
    async def test_waiting_leaves_no_task_behind(self, monkeypatch: pytest.MonkeyPatch) -> None:
        stop, rounds, tasks = asyncio.Event(), 20, []

        async def nothing_pending(_is_over: object) -> int:
            tasks.append(len(asyncio.all_tasks()))
            if len(tasks) == rounds:
                stop.set()
            return 0

        monkeypatch.setattr(events, "deliver_pending", nothing_pending)
        monkeypatch.setattr(working, "_EVENT_PAUSE_SECONDS", 0.001)
        await working._deliver_events(stop)

        # Others of this loop may come and go; one left behind at each round would be many.
        assert max(tasks) - min(tasks) < rounds / 2

    async def test_stops_without_waiting_to_the_end_of_its_pause(self) -> None:
        stop = asyncio.Event()
        asyncio.get_running_loop().call_later(0.01, stop.set)

        await asyncio.wait_for(working._pause(stop, 60), timeout=5)

    async def test_goes_on_after_a_fault(self, monkeypatch: pytest.MonkeyPatch) -> None:
        stop, rounds = asyncio.Event(), list[int]()

        async def fails_once(_is_over: object) -> int:
            rounds.append(len(rounds))
            if len(rounds) == 1:
                raise OSError("the database went away")
            stop.set()
            return 0

        monkeypatch.setattr(events, "deliver_pending", fails_once)
        monkeypatch.setattr(working, "_RECONNECT_SECONDS", 0.001)

        await asyncio.wait_for(working._deliver_events(stop), timeout=5)


class TestSealingActs:
    async def test_goes_on_after_a_fault_and_at_once_while_more_wait(self, monkeypatch: pytest.MonkeyPatch) -> None:
        stop, rounds = asyncio.Event(), list[int]()

        async def seal_waiting() -> bool:
            rounds.append(len(rounds))
            if len(rounds) == 1:
                raise OSError("the database went away")
            if len(rounds) == 4:
                stop.set()
            return True

        monkeypatch.setattr(sealing, "seal_waiting", seal_waiting)
        monkeypatch.setattr(working, "_RECONNECT_SECONDS", 0.001)
        monkeypatch.setattr(working, "_SEALING_PAUSE_SECONDS", 60)

        await asyncio.wait_for(working._seal_acts(stop), timeout=5)

        assert len(rounds) == 4


class Ring(msgspec.Struct, frozen=True):
    """What the job of this test is told."""

    number: int


@pytest.mark.usefixtures("app")
class TestWorkingWhileConnected:
    async def test_a_lost_connection_ends_a_round_but_no_job(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        links, begun, rung, go_on = await _watched(monkeypatch)
        stop = asyncio.Event()
        first = asyncio.create_task(working._work_while_connected(settings, stop))
        async with transaction(System("tests")):
            await jobs.enqueue("tests.ring", Ring(1))
        await asyncio.wait_for(begun.wait(), timeout=10)

        links[0].terminate()
        await asyncio.sleep(0.1)
        go_on.set()
        await asyncio.wait({first}, timeout=15)
        assert first.done()
        assert rung == [1]

        async with transaction(System("tests")):
            await jobs.enqueue("tests.ring", Ring(2))
        begun.clear()
        second = asyncio.create_task(working._work_while_connected(settings, stop))
        await asyncio.wait_for(begun.wait(), timeout=10)
        stop.set()
        await asyncio.wait_for(second, timeout=15)
        assert rung == [1, 2]
        assert first.exception() is None or isinstance(first.exception(), ExceptionGroup)


async def _watched(
    monkeypatch: pytest.MonkeyPatch,
) -> "tuple[list[asyncpg.Connection[asyncpg.Record]], asyncio.Event, list[int], asyncio.Event]":
    """Only this test's kind of job; the queue's connections, and what the job does, as they happen."""
    links, begun, rung, go_on = (
        list["asyncpg.Connection[asyncpg.Record]"](),
        asyncio.Event(),
        list[int](),
        asyncio.Event(),
    )

    async def ring(told: Ring) -> None:
        begun.set()
        await go_on.wait()
        rung.append(told.number)

    opened = jobs.open_queue

    async def open_queue(chosen: Settings) -> "tuple[PgQueuer, asyncpg.Connection[asyncpg.Record]]":
        queue, link = await opened(chosen)
        links.append(link)
        return queue, link

    monkeypatch.setattr(jobs, "_kinds", {})
    monkeypatch.setattr(jobs, "_timetable", [])
    jobs.register_job("tests.ring", Ring, ring)
    monkeypatch.setattr(jobs, "open_queue", open_queue)
    return links, begun, rung, go_on
