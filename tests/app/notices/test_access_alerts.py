"""A look at one's data is told at once: to the person and their guardians, and once a day for the same officer and case."""

from datetime import timedelta
from unittest.mock import patch

import httpx
import pytest

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.audit.events import AccessAnswered, DataLookedAt
from app.kernel import clock
from app.kernel.actors import Citizen, Department
from app.kernel.database import transaction
from app.kernel.events import deliver_pending
from app.kernel.ids import new_id
from app.notices import access_alerts, inbox
from app.notices.structs import NoticeView
from tests.makers.people import a_citizen, a_guardian_of, a_newborn, an_officer
from tests.makers.sealed_log import a_look_at
from tests.makers.transactions import SYSTEM

pytestmark = pytest.mark.usefixtures("app")


async def alerts(citizen: Citizen) -> list[NoticeView]:
    await deliver_pending()
    return [one for one in (await inbox.inbox(citizen, None, 100)).items if one.kind == "data_looked_at"]


class TestAlerts:
    async def test_say_who_looked_at_what_and_why(self) -> None:
        citizen = await a_citizen()
        await a_look_at(citizen.id, case="YT7")

        (told,) = await alerts(citizen)

        assert told.title.zh == "市公安局查看了您的信息"
        assert "工作人员查看办件；依据：办件 YT7" in told.text.zh
        assert "Case YT7" in told.text.en

    async def test_come_once_a_day_for_the_same_officer_and_case(self) -> None:
        citizen = await a_citizen()
        officer = await a_look_at(citizen.id, case="YT1")
        for _ in range(3):
            await a_look_at(citizen.id, case="YT1", officer=officer)
        assert len(await alerts(citizen)) == 1

        await a_look_at(citizen.id, case="YT2", officer=officer)
        await a_look_at(citizen.id, case="YT1")
        with patch.object(clock, "now", return_value=clock.now() + timedelta(days=1)):
            await a_look_at(citizen.id, case="YT1", officer=officer)
            later = await alerts(citizen)

        assert len(later) == 4

    async def test_of_a_child_reach_their_guardians(self) -> None:
        child = await a_newborn()
        guardians = [await a_guardian_of(child) for _ in range(2)]
        await a_look_at(child)

        assert [len(await alerts(guardian)) for guardian in guardians] == [1, 1]

    async def test_are_told_of_a_departments_system_too(self) -> None:
        citizen, department = await a_citizen(), Department("WJW")
        async with transaction(department):
            await seal_act(Act.CASE_LOOKED_AT, department, about=citizen.id)

        (told,) = await alerts(citizen)

        assert told.title.zh == "市卫生健康委员会查看了您的信息"
        assert "未注明" in told.text.zh

    async def test_arent_told_of_other_acts_or_other_people(self) -> None:
        citizen, stranger = await a_citizen(), await a_citizen()
        officer = an_officer()
        async with transaction(officer):
            await seal_act(Act.CASE_ACCEPTED, officer, about=citizen.id, basis=Basis("case", "YT1"))
        async with transaction(SYSTEM):
            await seal_act(Act.CASE_LOOKED_AT, SYSTEM, about=citizen.id)
        await a_look_at(stranger.id)

        assert await alerts(citizen) == []

    async def test_of_what_isnt_there_any_more_are_dropped(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen()
        nothing = new_id(citizen.id)

        async with transaction(SYSTEM):
            await access_alerts.on_looked(DataLookedAt(citizen_id=citizen.id, subject_id=nothing))
            await access_alerts.on_question(AccessAnswered(citizen_id=citizen.id, subject_id=nothing))

        assert await alerts(citizen) == []
