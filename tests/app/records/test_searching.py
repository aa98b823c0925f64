"""Searching a sealed timeline."""

from datetime import timedelta
from itertools import product
from unittest.mock import patch

import pytest

from app.kernel import clock
from app.kernel.database import execute, fetch_value, transaction
from app.records import hiding, indexing, queries, searching
from app.records.errors import WordsTooShort
from app.records.kinds import RecordKind
from app.records.lines import KEEPER
from app.records.wanted import Wanted
from tests.makers.callers import the_authorities_of_the_product
from tests.makers.erasure import erased
from tests.makers.people import a_citizen, a_guardian_of, a_newborn
from tests.makers.timeline import a_memory, a_record, listed

pytestmark = pytest.mark.usefixtures("app")


class TestSearch:
    async def test_finds_by_both_languages_in_title_and_text(self) -> None:
        citizen = await a_citizen()
        await a_record(citizen.id, "接种麻腮风疫苗", who="奇山社区")
        await a_record(citizen.id, "缴纳水费")

        for words in ("疫苗", "奇山", "麻腮风 疫苗", "接种 told", "Told By 奇山社区"):
            assert await listed(citizen, words=words) == ["接种麻腮风疫苗"], words
        assert await listed(citizen, words="told") == ["缴纳水费", "接种麻腮风疫苗"]
        assert await listed(citizen, words="风苗") == []

    async def test_of_bigrams_in_another_order_finds_nothing(self) -> None:
        citizen = await a_citizen()
        await a_record(citizen.id, "市民，民卡")

        assert await listed(citizen, words="市民卡") == []

    async def test_pages_through_many_months_without_a_gap_or_a_repeat(self) -> None:
        citizen, now = await a_citizen(), clock.now()
        for number in range(30):
            what = f"第{number}次体检" if number % 3 else f"第{number}次缴费"
            await a_record(citizen.id, what, at=now - timedelta(days=40 * number))

        expected = [f"第{number}次体检" for number in range(30) if number % 3]
        assert await listed(citizen, 2, words="体检") == expected
        assert await listed(citizen, 100, words="体检") == expected

    async def test_goes_on_with_the_next_page_after_reading_enough(self) -> None:
        citizen, now = await a_citizen(), clock.now()
        await a_record(citizen.id, "市民卡", at=now - timedelta(days=50))
        for number in range(8):
            await a_record(citizen.id, "市民，民卡", at=now - timedelta(minutes=number))

        with patch.multiple(searching, _MOST_READ=4, _NEWEST=1):
            first = await queries.entries(citizen, Wanted(words="市民卡"), None, 2)
            found = await listed(citizen, 2, words="市民卡")

        assert (first.items, first.next is None) == ([], False)
        assert found == ["市民卡"]

    async def test_finds_alike_whether_lines_are_looked_through_or_looked_up(self) -> None:
        child = await a_newborn()
        guardian, now = await a_guardian_of(child), clock.now()
        for number in range(24):
            whose = child if number % 2 else guardian.id
            what = f"第{number}次体检" if number % 3 else f"第{number}次缴费"
            await a_record(whose, what, at=now - timedelta(days=9 * number), source="WJW")
        expected = [f"第{number}次体检" for number in range(24) if number % 3]

        for newest, source, kind in product((1, 2, 5, 100), (None, "WJW"), (None, RecordKind.FAMILY)):
            with patch.object(searching, "_NEWEST", newest):
                found = await listed(guardian, 3, words="体检", family=True, source=source, kind=kind)
            assert found == expected, (newest, source, kind)

    async def test_goes_with_every_other_filter(self) -> None:
        child = await a_newborn()
        guardian, now = await a_guardian_of(child), clock.now()
        await a_record(child, "孩子体检", kind=RecordKind.HEALTH, source="WJW", at=now - timedelta(days=400))
        await a_record(guardian.id, "入职体检", kind=RecordKind.WORK, source="RSJ", at=now - timedelta(days=800))
        hidden = await a_record(guardian.id, "隐藏体检", kind=RecordKind.WORK, source="RSJ")
        await hiding.set_hidden(guardian, hidden, hidden=True)

        assert await listed(guardian, words="体检") == ["入职体检"]
        assert await listed(guardian, words="体检", family=True) == ["孩子体检", "入职体检"]
        assert await listed(guardian, words="体检", person_id=child, kind=RecordKind.HEALTH) == ["孩子体检"]
        assert await listed(guardian, words="体检", family=True, source="RSJ") == ["入职体检"]
        assert await listed(guardian, words="体检", hidden=True) == ["隐藏体检"]
        assert await listed(guardian, words="体检", last=(now - timedelta(days=500)).date()) == ["入职体检"]

    async def test_finds_a_memory_by_its_present_words(self) -> None:
        citizen = await a_citizen()
        await a_memory(citizen, "第一次看海", day=clock.today() - timedelta(days=9_000))

        assert await listed(citizen, words="看海") == ["第一次看海"]
        assert await listed(citizen, words="月亮湾") == ["第一次看海"]

    async def test_finds_nobody_elses(self) -> None:
        citizen, stranger = await a_citizen(), await a_citizen()
        await a_record(citizen.id, "接种疫苗")

        assert await listed(stranger, words="疫苗") == []

    @pytest.mark.parametrize("words", ["", " ", "税", "，。", "税 水"])
    async def test_refuses_what_holds_no_word(self, words: str) -> None:
        with pytest.raises(WordsTooShort):
            await listed(await a_citizen(), words=words)


class TestIndexing:
    async def test_makes_older_lines_findable(self) -> None:
        citizen = await a_citizen()
        record = await a_record(citizen.id, "接种疫苗")
        async with transaction(KEEPER):
            await execute("UPDATE timeline_line SET tokens = NULL WHERE id = $1", record)

        assert await listed(citizen, words="疫苗") == []
        assert await indexing.index_waiting() >= 1
        assert await listed(citizen, words="疫苗") == ["接种疫苗"]
        assert await indexing.index_waiting() == 0

    async def test_leaves_who_is_erased_unfindable(self) -> None:
        citizen = await a_citizen()
        record = await a_record(citizen.id, "接种疫苗")
        the_authorities_of_the_product()
        await erased(citizen)

        async with transaction(KEEPER):
            assert await fetch_value("SELECT count(*) FROM timeline_line WHERE id = $1", record) == 0
        assert await indexing.index_waiting() == 0
