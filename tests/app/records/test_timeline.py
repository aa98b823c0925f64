"""The lifelong record: filed once, sealed, and read by who may."""

from datetime import timedelta
from uuid import UUID

import pytest

from app.kernel import clock
from app.kernel.actors import PersonNotYours, System
from app.kernel.database import fetch_value, transaction
from app.kernel.ids import shard_of
from app.kernel.phrases import Phrase, register_phrases
from app.kernel.words import Words
from app.records import queries
from app.records.filing import Happening, file_record
from app.records.kinds import RecordKind
from tests.makers.people import a_citizen, a_guardian_of, a_newborn

register_phrases({"test.ate": Phrase(Words(zh="吃了{dish}", en="Ate {dish}"))})
pytestmark = pytest.mark.usefixtures("app")


async def a_meal(citizen_id: UUID, *, hours_ago: int = 0, ref: str = "1", dish: str = "鲅鱼饺子") -> bool:
    """Something that happened."""
    async with transaction(System("test")):
        return await file_record(
            Happening(
                citizen_id=citizen_id,
                happened_at=clock.now() - timedelta(hours=hours_ago),
                kind=RecordKind.CONSUMPTION,
                phrase="test.ate",
                facts={"dish": dish},
                source="test",
                source_ref=ref,
            )
        )


class TestFileRecord:
    async def test_files_once_however_often_it_is_told(self) -> None:
        citizen = await a_citizen()

        assert await a_meal(citizen.id)
        assert not await a_meal(citizen.id)

        page = await queries.timeline(citizen, None, None, None, 20)
        assert [entry.title.zh for entry in page.items] == ["吃了鲅鱼饺子"]

    async def test_stores_no_fact_in_the_clear(self) -> None:
        citizen = await a_citizen()
        await a_meal(citizen.id, dish="SECRET-DISH")

        async with transaction(System("test")):
            stored = await fetch_value(
                "SELECT facts FROM record WHERE shard = $1 AND citizen_id = $2", shard_of(citizen.id), citizen.id
            )

        assert b"SECRET-DISH" not in stored


class TestTimeline:
    async def test_pages_from_the_newest_without_a_gap_or_a_repeat(self) -> None:
        citizen = await a_citizen()
        for number in range(5):
            await a_meal(citizen.id, hours_ago=number, ref=str(number), dish=str(number))

        first = await queries.timeline(citizen, None, None, None, 2)
        second = await queries.timeline(citizen, None, None, first.next, 2)
        third = await queries.timeline(citizen, None, None, second.next, 2)

        shown = [entry.title.en for page in (first, second, third) for entry in page.items]
        assert shown == [f"Ate {number}" for number in range(5)]
        assert third.next is None

    async def test_shows_only_the_kind_asked_for(self) -> None:
        citizen = await a_citizen()
        await a_meal(citizen.id)

        assert not (await queries.timeline(citizen, None, RecordKind.HEALTH, None, 20)).items
        assert (await queries.timeline(citizen, None, RecordKind.CONSUMPTION, None, 20)).items

    async def test_a_guardian_reads_the_childs(self) -> None:
        child = await a_newborn()
        guardian = await a_guardian_of(child)
        await a_meal(child)

        assert len((await queries.timeline(guardian, child, None, None, 20)).items) == 1

    async def test_a_strangers_timeline_does_not_exist(self) -> None:
        citizen, stranger = await a_citizen(), await a_citizen()
        await a_meal(citizen.id)

        with pytest.raises(PersonNotYours):
            await queries.timeline(stranger, citizen.id, None, None, 20)

    async def test_the_database_itself_keeps_a_stranger_out(self) -> None:
        citizen, stranger = await a_citizen(), await a_citizen()
        await a_meal(citizen.id)

        async with transaction(stranger):
            assert await fetch_value("SELECT count(*) FROM record") == 0
        async with transaction(citizen):
            assert await fetch_value("SELECT count(*) FROM record") == 1
