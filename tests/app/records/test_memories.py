"""Memories: written, changed and deleted by their person, and by nobody else."""

import asyncio
from datetime import date, timedelta
from uuid import uuid4

import pytest

from app.kernel import clock
from app.kernel.database import fetch_value, transaction
from app.privacy.errors import DecidesThemselves, NotYoursToDecide
from app.records import hiding, memories, queries
from app.records.errors import FileNotAttachable, MemoryDayWrong, NotYourMemory, RecordNotFound
from app.records.lines import KEEPER
from app.records.structs import MemoryChange
from tests.makers.people import a_citizen, a_guardian_of, a_newborn, a_resident
from tests.makers.timeline import a_memory, a_record, counted, listed

pytestmark = pytest.mark.usefixtures("app")


class TestRemember:
    async def test_stands_on_its_day_and_is_sealed(self) -> None:
        citizen = await a_citizen()

        memory = await a_memory(citizen, "SECRET-SEA", day=date(1999, 12, 31))

        assert memory.happened_at.isoformat() == "1999-12-31T00:00:00+08:00"
        assert (memory.kind, memory.source, memory.mine) == ("memory", "self", True)
        assert await queries.entry(citizen, memory.id) == memory
        assert await counted(citizen) == 1
        async with transaction(KEEPER):
            content = await fetch_value("SELECT content FROM memory WHERE id = $1", memory.id)
        assert b"SECRET" not in content

    async def test_of_a_day_before_birth_is_fine_and_of_tomorrow_is_not(self) -> None:
        citizen = await a_citizen()

        await a_memory(citizen, day=date(1900, 1, 1))
        for day in (date(1899, 12, 31), date.min, clock.today() + timedelta(days=1), date.max):
            with pytest.raises(MemoryDayWrong):
                await a_memory(citizen, day=day)

    async def test_is_written_for_a_ward_below_14(self) -> None:
        child, teenager = await a_newborn(), await a_resident(birth_date=clock.today() - timedelta(days=15 * 366))
        mother, father = await a_guardian_of(child), await a_guardian_of(teenager)

        await a_memory(mother, "会走路了", person_id=child)

        assert await listed(mother, person_id=child) == ["会走路了"]
        with pytest.raises(DecidesThemselves):
            await a_memory(father, person_id=teenager)
        with pytest.raises(NotYoursToDecide):
            await a_memory(father, person_id=child)

    async def test_with_an_unknown_file_writes_nothing(self) -> None:
        citizen = await a_citizen()

        with pytest.raises(FileNotAttachable):
            await a_memory(citizen, node_ids=(uuid4(),))

        assert (await listed(citizen), await counted(citizen)) == ([], 0)


class TestChange:
    async def test_keeps_what_is_not_said_and_moves_its_count(self) -> None:
        citizen = await a_citizen()
        memory = await a_memory(citizen, day=date(2001, 1, 31))

        await memories.change(citizen, memory.id, MemoryChange(title="第一次滑雪"))
        changed = await memories.change(citizen, memory.id, MemoryChange(day=date(2001, 2, 1), text=""))

        assert (changed.title.zh, changed.text.zh) == ("第一次滑雪", "")
        assert await listed(citizen, first=date(2001, 2, 1), last=date(2001, 2, 1)) == ["第一次滑雪"]
        assert await listed(citizen, words="滑雪") == ["第一次滑雪"]
        assert await listed(citizen, words="看海") == []
        assert await counted(citizen) == 1

    async def test_of_a_hidden_one_keeps_it_hidden(self) -> None:
        citizen = await a_citizen()
        memory = await a_memory(citizen, day=date(2001, 1, 31))
        await hiding.set_hidden(citizen, memory.id, hidden=True)

        await memories.change(citizen, memory.id, MemoryChange(day=date(2003, 3, 3)))

        assert (await counted(citizen), await counted(citizen, hidden=True)) == (0, 1)

    async def test_two_at_once_are_both_whole(self) -> None:
        citizen = await a_citizen()
        memory = await a_memory(citizen)
        days = [date(2001, month, 1) for month in range(1, 7)]

        await asyncio.gather(
            *(memories.change(citizen, memory.id, MemoryChange(day, f"第{day.month}月")) for day in days)
        )

        (title,) = await listed(citizen)
        found = await queries.entry(citizen, memory.id)
        assert title == f"第{found.happened_at.month}月"
        assert await counted(citizen) == 1

    async def test_refuses_what_is_no_memory_and_a_strangers(self) -> None:
        citizen = await a_citizen()
        record, memory = await a_record(citizen.id), await a_memory(citizen)

        with pytest.raises(NotYourMemory):
            await memories.change(citizen, record, MemoryChange(title="不"))
        with pytest.raises(NotYourMemory):
            await memories.forget(citizen, record)
        for attempt in (
            memories.change(await a_citizen(), memory.id, MemoryChange()),
            memories.forget(await a_citizen(), memory.id),
        ):
            with pytest.raises(RecordNotFound):
                await attempt
        assert len(await listed(citizen)) == 2


class TestForget:
    async def test_leaves_nothing(self) -> None:
        citizen = await a_citizen()
        memory = await a_memory(citizen)

        outcomes = await asyncio.gather(
            *(memories.forget(citizen, memory.id) for _ in range(3)), return_exceptions=True
        )

        assert sum(outcome is None for outcome in outcomes) == 1
        assert all(outcome is None or isinstance(outcome, RecordNotFound) for outcome in outcomes)
        assert (await listed(citizen), await counted(citizen)) == ([], 0)
        async with transaction(KEEPER):
            assert await fetch_value("SELECT count(*) FROM memory WHERE id = $1", memory.id) == 0
