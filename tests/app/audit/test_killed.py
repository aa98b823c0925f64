"""Sequencers that are killed at any moment, two at a time, leave a log in which every act stands once."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from uuid import UUID

import pytest

from app.audit.acts import Act, seal_act
from app.audit.log_checking import check_log
from app.audit.log_export import export_log
from app.audit.log_files import read_line
from app.kernel.database import fetch_value, transaction
from app.kernel.ids import new_person_id
from app.kernel.settings import Settings
from tests.architecture.sources import ROOT
from tests.makers.log_files import a_trust
from tests.makers.sealed_log import a_checkpoint, the_entries_about
from tests.makers.transactions import SYSTEM

pytestmark = pytest.mark.usefixtures("app")
SEQUENCER = """
import asyncio
from app.audit import sequencing
from app.kernel.database import open_pool
from app.kernel.settings import load

async def run():
    sequencing.BATCH = 7
    await open_pool(load())
    print("up", flush=True)
    while True:
        await sequencing.number_acts()

asyncio.run(run())
"""


async def a_sequencer(settings: Settings) -> asyncio.subprocess.Process:
    """A process that numbers acts in small batches, without end."""
    told = {"FUHAI_VAR": str(settings.var), "FUHAI_DATABASE_URL": settings.database_url}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SEQUENCER, cwd=ROOT, env=os.environ | told, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert await asyncio.wait_for(process.stdout.readline(), 30) == b"up\n"
    return process


async def sealed(person: UUID, count: int) -> None:
    """Acts about a person, each in a transaction of its own."""
    for _ in range(count):
        async with transaction(SYSTEM):
            await seal_act(Act.CASE_ISSUED, SYSTEM, about=person)


class TestKilled:
    async def test_each_act_stands_once_in_a_log_that_holds(self, settings: Settings, tmp_path: Path) -> None:
        persons, acts, kills = [new_person_id() for _ in range(3)], 150, 3
        running = [await a_sequencer(settings) for _ in range(2)]
        sealing = asyncio.gather(*(sealed(person, acts) for person in persons))
        for number in range(kills):
            await asyncio.sleep(0.05)
            victim = running[number % 2]
            victim.send_signal(signal.SIGKILL)
            await victim.wait()
            running[number % 2] = await a_sequencer(settings)
        await sealing
        for process in running:
            process.kill()
            await process.wait()

        await a_checkpoint()

        for person in persons:
            assert [row["person_number"] for row in await the_entries_about(person)] == list(range(1, acts + 1))
        assert check_log([read_line(line) async for line in export_log(tmp_path)], a_trust()).flaws == []
        async with transaction(SYSTEM):
            assert await fetch_value("SELECT count(*) FROM unnumbered_acts") == 0
