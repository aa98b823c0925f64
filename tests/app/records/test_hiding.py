"""Hiding and showing: repeatable, counted, sealed; the record itself stays."""

import asyncio
from datetime import timedelta

import pytest

from app.audit.acts import Act
from app.kernel import clock
from app.kernel.database import fetch_all, fetch_value, transaction
from app.privacy.errors import DecidesThemselves
from app.records import hiding, queries
from app.records.errors import RecordNotFound
from app.records.lines import KEEPER
from tests.makers.people import a_citizen, a_guardian_of, a_newborn, a_resident
from tests.makers.timeline import a_record, counted, listed

pytestmark = pytest.mark.usefixtures("app")


class TestHide:
    async def test_takes_an_entry_out_and_brings_it_back(self) -> None:
        citizen = await a_citizen()
        record = await a_record(citizen.id, "一")
        await a_record(citizen.id, "二")

        hidden = await hiding.set_hidden(citizen, record, hidden=True)

        assert hidden.hidden
        assert (await listed(citizen), await listed(citizen, hidden=True)) == (["二"], ["一"])
        assert (await counted(citizen), await counted(citizen, hidden=True)) == (1, 1)
        assert not (await hiding.set_hidden(citizen, record, hidden=False)).hidden
        assert (await counted(citizen), await counted(citizen, hidden=True)) == (2, 0)

    async def test_again_and_at_once_changes_nothing_more(self) -> None:
        citizen = await a_citizen()
        record = await a_record(citizen.id)

        await asyncio.gather(*(hiding.set_hidden(citizen, record, hidden=True) for _ in range(5)))
        await hiding.set_hidden(citizen, record, hidden=True)

        assert (await counted(citizen), await counted(citizen, hidden=True)) == (0, 1)
        async with transaction(KEEPER):
            acts = await fetch_all("SELECT act FROM act WHERE citizen_id = $1", citizen.id)
            filed = await fetch_value("SELECT count(*) FROM record WHERE id = $1", record)
        assert [row["act"] for row in acts] == [Act.RECORD_HIDDEN]
        assert filed == 1

    async def test_is_a_guardians_below_14_only(self) -> None:
        child, teenager = await a_newborn(), await a_resident(birth_date=clock.today() - timedelta(days=15 * 366))
        mother, father = await a_guardian_of(child), await a_guardian_of(teenager)

        record = await a_record(child)
        assert (await hiding.set_hidden(mother, record, hidden=True)).hidden
        assert (await queries.entry(mother, record)).hidden
        with pytest.raises(DecidesThemselves):
            await hiding.set_hidden(father, await a_record(teenager), hidden=True)

    async def test_a_strangers_entry_does_not_exist(self) -> None:
        record = await a_record((await a_citizen()).id)

        with pytest.raises(RecordNotFound):
            await hiding.set_hidden(await a_citizen(), record, hidden=True)
        with pytest.raises(RecordNotFound):
            await queries.entry(await a_citizen(), record)
