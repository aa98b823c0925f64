"""Having a record corrected: asked of its source, decided at the desk, filed as a record of its own."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import fetch_value, transaction
from app.kernel.events import deliver_pending
from app.notices import inbox
from app.privacy import corrections
from app.privacy.errors import CorrectionAskedAlready, DecidesThemselves
from app.privacy.events import CorrectionDecided
from app.privacy.structs import CorrectionDecision
from app.records import correcting, queries
from app.records.errors import MemoryIsYours, RecordNotFound
from app.records.lines import KEEPER
from app.records.structs import TimelineEntry
from tests.makers.people import a_citizen, a_guardian_of, a_newborn, a_resident, an_officer
from tests.makers.timeline import a_memory, a_record, counted, listed

pytestmark = pytest.mark.usefixtures("app")


async def disputed(citizen: Citizen, record: UUID) -> TimelineEntry:
    return await correcting.ask(citizen, record, "日期写错了")


async def decided(entry: TimelineEntry, *, granted: bool, department: str = "MZJ") -> None:
    assert entry.correction is not None
    decision = CorrectionDecision(granted, "登记日期应为六月一日")
    await corrections.decide(an_officer(department=department), entry.correction.id, decision)
    while await deliver_pending():
        pass


class TestAsk:
    async def test_goes_to_whoever_said_it(self) -> None:
        citizen = await a_citizen()
        record = await a_record(citizen.id, "领取了结婚证")

        entry = await disputed(citizen, record)

        assert entry.disputed
        assert entry.correction is not None
        assert (entry.correction.state, entry.correction.department, entry.correction.text) == (
            "open",
            "MZJ",
            "日期写错了",
        )
        seen = await corrections.look(an_officer(department="MZJ"), entry.correction.id)
        assert seen.about is not None
        assert (seen.about.id, seen.about.title.zh) == (record, "办：领取了结婚证")
        assert seen.content.what_is_wrong == "日期写错了"

    async def test_of_what_the_portal_recorded_goes_to_who_answers_for_it(self) -> None:
        citizen = await a_citizen()

        entry = await disputed(citizen, await a_record(citizen.id, source="card"))

        assert entry.correction is not None
        assert entry.correction.department == "GAJ"

    async def test_of_several_at_once_takes_one(self) -> None:
        citizen = await a_citizen()
        record, other = await a_record(citizen.id), await a_record(citizen.id)

        outcomes = await asyncio.gather(*(disputed(citizen, record) for _ in range(4)), return_exceptions=True)

        assert sum(isinstance(one, CorrectionAskedAlready) for one in outcomes) == 3
        assert (await disputed(citizen, other)).disputed

    async def test_refuses_memories_strangers_and_wards_of_14(self) -> None:
        teenager = await a_resident(birth_date=clock.today() - timedelta(days=15 * 366))
        citizen, father = await a_citizen(), await a_guardian_of(teenager)

        with pytest.raises(MemoryIsYours):
            await disputed(citizen, (await a_memory(citizen)).id)
        with pytest.raises(RecordNotFound):
            await disputed(citizen, await a_record((await a_citizen()).id))
        with pytest.raises(DecidesThemselves):
            await disputed(father, await a_record(teenager))


class TestDecided:
    async def test_granted_files_a_record_that_is_shown_with_the_first(self) -> None:
        citizen = await a_citizen()
        entry = await disputed(citizen, await a_record(citizen.id, "领取了结婚证"))

        await decided(entry, granted=True)

        (shown,) = (await queries.timeline(citizen, None, None, None, 10)).items
        assert (shown.id, shown.title.zh, shown.disputed) == (entry.id, "办：领取了结婚证", False)
        assert shown.correction is not None
        assert (shown.correction.state, shown.correction.answer) == ("granted", "登记日期应为六月一日")
        assert [(one.source, one.title.zh, one.text.zh) for one in shown.corrected_by] == [
            ("MZJ", "更正：办：领取了结婚证", "部门答复：登记日期应为六月一日")
        ]
        assert await counted(citizen) == 1
        assert await listed(citizen, words="六月一日") == ["领取了结婚证"]

    async def test_told_twice_files_once(self) -> None:
        citizen = await a_citizen()
        entry = await disputed(citizen, await a_record(citizen.id))
        await decided(entry, granted=True)
        assert entry.correction is not None

        async with transaction(KEEPER):
            event = CorrectionDecided(citizen_id=citizen.id, subject_id=entry.correction.id)
            await correcting.on_decided(event)
            filed = await fetch_value("SELECT count(*) FROM record WHERE corrects_id = $1", entry.id)

        assert filed == 1

    async def test_refused_files_nothing_and_may_be_asked_again(self) -> None:
        citizen = await a_citizen()
        entry = await disputed(citizen, await a_record(citizen.id))

        await decided(entry, granted=False)

        shown = await queries.entry(citizen, entry.id)
        assert shown.correction is not None
        assert (shown.disputed, shown.correction.state, shown.corrected_by) == (False, "refused", [])
        again = await disputed(citizen, entry.id)
        assert again.correction is not None
        assert (again.disputed, again.correction.id == shown.correction.id) == (True, False)

    async def test_a_childs_guardian_is_told(self) -> None:
        child = await a_newborn(name="于安然")
        mother = await a_guardian_of(child)
        entry = await disputed(mother, await a_record(child))

        await decided(entry, granted=True)

        told = [notice.title.zh for notice in (await inbox.inbox(mother, None, 5)).items]
        assert told == ["于安然的更正申请已有答复", "于安然的更正申请已转交来源部门"]

    async def test_taken_back_is_no_dispute_any_more(self) -> None:
        citizen = await a_citizen()
        entry = await disputed(citizen, await a_record(citizen.id))
        assert entry.correction is not None

        await corrections.withdraw(citizen, entry.correction.id)

        assert not (await queries.entry(citizen, entry.id)).disputed
