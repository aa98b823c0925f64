"""Jobs: tried again with growing pauses, held in the end, and telling the queue's own log nothing."""

import traceback
from datetime import timedelta

import msgspec
import pytest
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.models import Job
from pgqueuer.types import JobId, QueueEntrypoint

from app.kernel import clock, jobs
from app.kernel.jobs import JobHeld, JobKind

SECRET = "370602199708230021"


class Told(msgspec.Struct, frozen=True):
    """A payload that says nothing."""


async def fails(_told: Told) -> None:
    """A handler whose fault names a person."""
    raise ValueError(SECRET)


def a_job(attempts: int) -> Job:
    """A job that failed some times before."""
    now = clock.now()
    return Job(
        id=JobId(1),
        priority=0,
        created=now,
        updated=now,
        heartbeat=now,
        execute_after=now,
        status="picked",
        entrypoint=QueueEntrypoint("test"),
        payload=b"{}",
        queue_manager_id=None,
        attempts=attempts,
        headers=None,
    )


class TestRunner:
    run = staticmethod(jobs._runner(JobKind("test", Told, fails, 60)))

    @pytest.mark.parametrize(("attempts", "seconds"), [(0, 1), (3, 8), (10, 600), (58, 600)])
    async def test_waits_longer_each_time_but_never_beyond_ten_minutes(self, attempts: int, seconds: int) -> None:
        with pytest.raises(RetryRequested) as asked:
            await self.run(a_job(attempts))

        assert asked.value.delay == timedelta(seconds=seconds)

    async def test_holds_a_job_that_failed_too_often(self) -> None:
        with pytest.raises(JobHeld):
            await self.run(a_job(59))

    @pytest.mark.parametrize("attempts", [0, 59])
    async def test_what_the_queue_keeps_of_a_fault_names_nobody(self, attempts: int) -> None:
        with pytest.raises((RetryRequested, JobHeld)) as told:
            await self.run(a_job(attempts))

        assert SECRET not in "".join(traceback.format_exception(told.value))
