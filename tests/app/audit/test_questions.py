"""Asking why: a question with a deadline for who looked, an answer for who asked, and no way to wait it out."""

import asyncio
from datetime import timedelta
from typing import Final
from unittest.mock import patch
from uuid import UUID

import pytest

from app.audit import question_queries, questions
from app.audit.acts import Act, seal_act
from app.audit.errors import AccessQuestionAnswered, AccessQuestionNotFound, EntryNotFound, OnlyOfficesAreAsked
from app.audit.limits import limit_on
from app.audit.question_structs import AccessQuestion
from app.kernel import clock
from app.kernel.actors import ADMINISTER_AUDIT, Actor, Citizen, Department, Officer, System
from app.kernel.calendar import add_working_days
from app.kernel.database import Row, execute, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.events import deliver_pending
from app.kernel.ids import new_id, shard_of
from app.keys.persons import destroy_person_key
from app.notices import inbox
from tests.makers.people import a_citizen, a_grant, a_guardian_of, a_newborn, an_officer
from tests.makers.sealed_log import a_look_at
from tests.makers.transactions import SYSTEM

pytestmark = pytest.mark.usefixtures("app")
AUDITOR: Final = a_grant(ADMINISTER_AUDIT)


async def the_newest_act(person: UUID) -> UUID:
    async with transaction(SYSTEM):
        found: UUID = await fetch_value(
            "SELECT id FROM act WHERE shard = $1 AND citizen_id = $2 ORDER BY id DESC LIMIT 1", shard_of(person), person
        )
    return found


async def acts_of(question: UUID) -> list[Row]:
    async with transaction(SYSTEM):
        return await fetch_all(
            "SELECT act, actor FROM act WHERE shard = $1 AND subject_id = $2 ORDER BY id", shard_of(question), question
        )


async def a_question(officer: Officer | None = None, text: str | None = "为什么看？") -> tuple[Citizen, AccessQuestion]:
    """A citizen's question about an officer's look."""
    citizen = await a_citizen()
    await a_look_at(citizen.id, officer=officer)
    return citizen, await question_queries.ask(citizen, await the_newest_act(citizen.id), text)


async def an_overdue_question(officer: Officer) -> tuple[Citizen, AccessQuestion]:
    citizen, asked = await a_question(officer)
    with patch.object(clock, "today", return_value=asked.due_on + timedelta(days=1)):
        await questions.escalate_overdue()
    return citizen, asked


async def kinds_in_inbox(citizen: Citizen) -> list[str]:
    await deliver_pending()
    return [notice.kind for notice in (await inbox.inbox(citizen, None, 20)).items]


async def waiting_for(officer: Officer) -> list[UUID]:
    return [one.id for one in (await question_queries.open_questions(officer, None, 100)).items]


class TestAsk:
    async def test_sets_a_deadline_in_working_days(self) -> None:
        citizen, asked = await a_question()

        days = limit_on(clock.today(), "answer_working_days")
        assert asked.due_on == add_working_days(clock.today(), days)
        assert (asked.question, asked.answer, asked.overdue) == ("为什么看？", None, False)
        assert (asked.department, asked.office.zh, asked.person_id) == ("GAJ", "市公安局", citizen.id)
        assert [row["act"] for row in await acts_of(asked.id)] == ["access_asked"]

    async def test_needs_no_words(self) -> None:
        _, asked = await a_question(text=None)

        assert asked.question is None

    async def test_again_is_the_same_question(self) -> None:
        citizen, asked = await a_question()

        again = await question_queries.ask(citizen, asked.entry_id, "再问一次")

        assert again == asked
        assert len(await acts_of(asked.id)) == 1

    async def test_two_at_once_ask_one_question(self) -> None:
        citizen = await a_citizen()
        await a_look_at(citizen.id)
        act_id = await the_newest_act(citizen.id)

        one, other = await asyncio.gather(*(question_queries.ask(citizen, act_id, f"{n}") for n in range(2)))

        assert one == other
        assert len(await acts_of(one.id)) == 1

    async def test_is_a_guardians_right_too(self) -> None:
        child = await a_newborn()
        guardian, other = await a_guardian_of(child), await a_guardian_of(child)
        await a_look_at(child)

        asked = await question_queries.ask(guardian, await the_newest_act(child), None)

        assert asked.person_id == child
        assert await question_queries.ask(other, asked.entry_id, None) == asked
        for citizen in (guardian, other):
            assert [one.id for one in (await question_queries.own_questions(citizen, None, 20)).items] == [asked.id]

    async def test_about_an_erased_ward_hides_no_other(self) -> None:
        child = await a_newborn()
        guardian = await a_guardian_of(child)
        asked = []
        for person in (child, guardian.id):
            await a_look_at(person)
            asked.append(await question_queries.ask(guardian, await the_newest_act(person), "为什么看？"))
        before = await question_queries.own_questions(guardian, None, 10)

        async with transaction(SYSTEM):
            await destroy_person_key(child)

        assert {one.id for one in before.items} == {one.id for one in asked}
        left = await question_queries.own_questions(guardian, None, 10)
        assert [one.id for one in left.items] == [asked[1].id]

    async def test_about_a_strangers_entry_is_refused(self) -> None:
        _, asked = await a_question()
        stranger = await a_citizen()

        for act_id in (asked.entry_id, new_id(stranger.id)):
            with pytest.raises(EntryNotFound):
                await question_queries.ask(stranger, act_id, None)
        assert (await question_queries.own_questions(stranger, None, 20)).items == []

    @pytest.mark.parametrize("actor", [System("card"), None])
    async def test_about_what_no_office_did_is_refused(self, actor: Actor | None) -> None:
        citizen = await a_citizen()
        async with transaction(actor or citizen):
            await seal_act(Act.SIGNED_IN, actor or citizen, about=citizen.id)

        with pytest.raises(OnlyOfficesAreAsked):
            await question_queries.ask(citizen, await the_newest_act(citizen.id), None)

    async def test_keeps_its_words_sealed(self) -> None:
        _, asked = await a_question(text="我的病历")

        async with transaction(SYSTEM):
            row = await fetch_one("SELECT question FROM access_question WHERE id = $1", asked.id)

        assert row is not None
        assert "病历".encode() not in row["question"]


class TestAnswer:
    async def test_is_the_officers_who_looked(self) -> None:
        officer = an_officer()
        citizen, asked = await a_question(officer)

        assert await waiting_for(officer) == [asked.id]
        shown = await question_queries.answer(officer, asked.id, "办理出生登记需核对。")

        assert (shown.question, shown.basis_id, shown.mine) == ("为什么看？", "YT1", True)
        (mine,) = (await question_queries.own_questions(citizen, None, 20)).items
        assert (mine.answer, mine.overdue) == ("办理出生登记需核对。", False)
        assert await waiting_for(officer) == []
        assert [row["act"] for row in await acts_of(asked.id)] == ["access_asked", "access_answered"]
        assert "access_answered" in await kinds_in_inbox(citizen)

    async def test_of_anybody_else_is_refused(self) -> None:
        officer = an_officer()
        _, asked = await a_question(officer)

        for other in (an_officer(), an_officer(AUDITOR), an_officer(AUDITOR, department="WJW")):
            assert await waiting_for(other) == [] or asked.id not in await waiting_for(other)
            with pytest.raises(AccessQuestionNotFound):
                await question_queries.answer(other, asked.id, "不是我")
        with pytest.raises(AccessQuestionNotFound):
            await question_queries.answer(officer, new_id(asked.person_id), "没有这个")

    async def test_comes_once(self) -> None:
        officer = an_officer()
        citizen, asked = await a_question(officer)
        await question_queries.answer(officer, asked.id, "第一次")

        with pytest.raises(AccessQuestionAnswered):
            await question_queries.answer(officer, asked.id, "第二次")

        assert (await question_queries.own_questions(citizen, None, 20)).items[0].answer == "第一次"

    async def test_two_at_once_give_one(self) -> None:
        officer = an_officer()
        _, asked = await a_question(officer)

        answers = await asyncio.gather(
            *(question_queries.answer(officer, asked.id, f"{n}") for n in range(2)), return_exceptions=True
        )

        assert sorted(type(one).__name__ for one in answers) == ["AccessQuestionAnswered", "OfficerQuestion"]

    async def test_what_an_erased_person_wrote_isnt_shown(self) -> None:
        officer = an_officer()
        _, asked = await a_question(officer)
        async with transaction(SYSTEM):
            await destroy_person_key(asked.person_id)

        (shown,) = (await question_queries.open_questions(officer, None, 20)).items

        assert (shown.id, shown.question) == (asked.id, None)


class TestOverdue:
    async def test_goes_to_the_departments_audit(self) -> None:
        officer, auditor = an_officer(), an_officer(AUDITOR)
        stranger, clerk = an_officer(AUDITOR, department="WJW"), an_officer(a_grant("handle"))
        citizen, asked = await an_overdue_question(officer)

        assert asked.id in await waiting_for(auditor)
        assert asked.id in await waiting_for(officer)
        for other in (stranger, clerk):
            assert asked.id not in await waiting_for(other)
        await question_queries.answer(auditor, asked.id, "由审计管理员答复。")

        assert (await question_queries.own_questions(citizen, None, 20)).items[0].answer == "由审计管理员答复。"
        told = await kinds_in_inbox(citizen)
        assert {"access_overdue", "access_answered"} <= set(told)

    async def test_is_told_once(self) -> None:
        citizen, asked = await an_overdue_question(an_officer())
        with patch.object(clock, "today", return_value=asked.due_on + timedelta(days=2)):
            await questions.escalate_overdue()

        assert [row["act"] for row in await acts_of(asked.id)] == ["access_asked", "access_escalated"]
        assert (await kinds_in_inbox(citizen)).count("access_overdue") == 1

    async def test_begins_the_day_after_the_deadline(self) -> None:
        _, asked = await a_question(an_officer())

        with patch.object(clock, "today", return_value=asked.due_on):
            await questions.escalate_overdue()

        assert [row["act"] for row in await acts_of(asked.id)] == ["access_asked"]

    async def test_isnt_what_was_answered(self) -> None:
        officer = an_officer()
        _, asked = await a_question(officer)
        await question_queries.answer(officer, asked.id, "及时")

        with patch.object(clock, "today", return_value=asked.due_on + timedelta(days=1)):
            await questions.escalate_overdue()

        assert [row["act"] for row in await acts_of(asked.id)] == ["access_asked", "access_answered"]

    async def test_what_a_departments_system_did_is_its_audits_from_the_start(self) -> None:
        citizen, department = await a_citizen(), Department("GAJ")
        async with transaction(department):
            await seal_act(Act.CASE_LOOKED_AT, department, about=citizen.id)
        asked = await question_queries.ask(citizen, await the_newest_act(citizen.id), None)

        assert asked.id in await waiting_for(an_officer(AUDITOR))
        assert asked.id not in await waiting_for(an_officer(a_grant("handle")))


class TestRows:
    @pytest.mark.parametrize("change", ["UPDATE access_question SET question = NULL", "DELETE FROM access_question"])
    async def test_of_questions_stay_as_they_were_asked(self, change: str) -> None:
        import asyncpg

        citizen = await a_citizen()
        for actor in (citizen, an_officer(), SYSTEM):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with transaction(actor):
                    await execute(change)
