"""The worker goes on for months: it leaves nothing behind while it waits, and stops when told to."""

import asyncio

import pytest

from app import working
from app.kernel import events


class TestDeliveringEvents:
    async def test_waiting_leaves_no_task_behind(self, monkeypatch: pytest.MonkeyPatch) -> None:
        stop, rounds, tasks = asyncio.Event(), 20, []

        async def nothing_pending() -> int:
            tasks.append(len(asyncio.all_tasks()))
            if len(tasks) == rounds:
                stop.set()
            return 0

        monkeypatch.setattr(events, "deliver_pending", nothing_pending)
        monkeypatch.setattr(working, "_EVENT_PAUSE_SECONDS", 0.001)
        await working._deliver_events(stop)

        assert len(set(tasks)) == 1

    async def test_stops_without_waiting_to_the_end_of_its_pause(self, monkeypatch: pytest.MonkeyPatch) -> None:
        stop = asyncio.Event()
        monkeypatch.setattr(working, "_EVENT_PAUSE_SECONDS", 60)

        asyncio.get_running_loop().call_later(0.01, stop.set)

        await asyncio.wait_for(working._pause(stop), timeout=5)
