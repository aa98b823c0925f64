"""Answers of other departments: who gives them, what waits for them, how they are taken back, and what the asked list."""

import asyncio
from datetime import timedelta

import httpx
import msgspec
import pytest

from app.kernel import clock
from app.kernel.actors import NoRight, Officer, SameOfficer
from app.kernel.calendar import add_working_days
from app.kernel.database import fetch_all, fetch_value, transaction
from app.kernel.events import deliver_pending
from app.kernel.ids import new_id
from app.privacy.rights import exporters
from lifecycle.cases import awaited_opinions, decisions, desk, opinions, reading, submission
from lifecycle.cases.carrying_out import OFFICE
from lifecycle.cases.desk_errors import (
    OpinionAwaited,
    OpinionClosed,
    OpinionUnknown,
)
from lifecycle.cases.desk_structs import OpinionAnswer, OpinionItem
from lifecycle.cases.errors import CaseClaimedByAnother
from lifecycle.cases.states import Step
from lifecycle.cases.structs import Refusing
from tests.makers.callers import an_enrolled_officer
from tests.makers.cases import Family, an_accepted_case
from tests.makers.desk import QUESTION, an_adviser, an_opinion, asking
from tests.makers.people import a_grant, an_officer

YES = OpinionAnswer(agrees=True, text="经核实，证明真实有效。")
NO = OpinionAnswer(agrees=False, text="我委无此证明的签发记录。")


async def listed(officer: Officer, *, overdue: bool = False) -> list[OpinionItem]:
    """Everything on a department's list that an officer sees."""
    await deliver_pending()
    items: list[OpinionItem] = []
    cursor = None
    while True:
        page = await opinions.listed(officer, overdue=overdue, cursor=cursor, limit=2)
        items, cursor = [*items, *page.items], page.next
        if cursor is None:
            return items


class TestAnswer:
    async def test_is_shown_to_whoever_handles_the_case(self, family: Family) -> None:
        officer, adviser = an_officer(), (await an_adviser()).officer
        case = await an_accepted_case(family, officer)
        asked = await opinions.ask(officer, case.id, asking("certificate_no"))

        await opinions.answer(adviser, asked.id, NO)

        (seen,) = (await desk.look_at(officer, case.id)).opinions
        assert (seen.state, seen.answer, seen.question) == ("disagreed", NO.text, QUESTION)
        assert [one.name for one in seen.fields] == ["certificate_no"]

    async def test_is_what_an_approval_waits_for(self, family: Family) -> None:
        officer, adviser = an_officer(), (await an_adviser()).officer
        case = await an_accepted_case(family, officer)
        asked = await opinions.ask(officer, case.id, asking())
        with pytest.raises(OpinionAwaited):
            await decisions.approve(officer, case.id, await decisions.recheck(officer, case.id))

        await opinions.answer(adviser, asked.id, NO)

        assert (await decisions.take(officer, case.id, Step.APPROVE)).state == "approved", "it binds nobody"

    async def test_isnt_waited_for_by_a_rejection_and_lapses_then(self, family: Family) -> None:
        officer, adviser = an_officer(), (await an_adviser()).officer
        case = await an_accepted_case(family, officer)
        asked = await opinions.ask(officer, case.id, asking())
        assert asked.id in [one.id for one in await listed(adviser)]

        await decisions.refuse(officer, case.id, Step.REJECT, Refusing("申请人不符合条件"))
        with pytest.raises(OpinionClosed):
            await opinions.answer(adviser, asked.id, YES)

        assert asked.id not in [one.id for one in await listed(adviser)]
        async with transaction(OFFICE):
            assert await fetch_value("SELECT state FROM case_opinion WHERE id = $1", asked.id) == "lapsed"

    async def test_lapses_with_a_case_that_was_withdrawn(self, family: Family) -> None:
        officer, adviser = an_officer(), (await an_adviser()).officer
        case = await an_accepted_case(family, officer)
        asked = await opinions.ask(officer, case.id, asking())

        await submission.withdraw(family.mother, case.id)

        assert asked.id not in [one.id for one in await listed(adviser)]
        assert (await reading.show(family.mother, case.id)).asked == []

    async def test_is_given_once(self, family: Family) -> None:
        officer = an_officer()
        advisers = [(await an_adviser()).officer for _ in range(2)]
        case = await an_accepted_case(family, officer)
        asked = await opinions.ask(officer, case.id, asking())

        done = await asyncio.gather(*(opinions.answer(one, asked.id, YES) for one in advisers), return_exceptions=True)

        assert sorted(type(one).__name__ for one in done) == ["OpinionClosed", "OpinionRef"]
        with pytest.raises(OpinionClosed):
            await opinions.look_at(advisers[0], asked.id)

    async def test_of_a_repeated_request_is_the_same(self, http: httpx.AsyncClient, family: Family) -> None:
        officer, adviser = an_officer(), await an_adviser()
        case = await an_accepted_case(family, officer)
        asked = await opinions.ask(officer, case.id, asking())
        sent = {**adviser.headers, "Idempotency-Key": "opinion-once-1"}

        answers = [
            await http.post(
                f"/v1/officer/opinions/{asked.id}/answer", json={"agrees": True, "text": YES.text}, headers=sent
            )
            for _ in range(2)
        ]

        assert [one.status_code for one in answers] == [200, 200]
        assert answers[0].json() == answers[1].json() == {"id": str(asked.id), "state": "agreed"}

    async def test_is_no_strangers(self, family: Family) -> None:
        officer = an_officer()
        case = await an_accepted_case(family, officer)
        asked = await an_opinion(officer, case, "certificate_no")

        strangers: list[tuple[Officer, type[Exception]]] = [
            (an_officer(), OpinionUnknown),
            (an_officer(department="MZJ"), OpinionUnknown),
            (an_officer(a_grant("handle"), department="WJW"), NoRight),
            (an_officer(a_grant("advise", "infant_immunization"), department="WJW"), NoRight),
            (an_officer(a_grant("advise", "*", "370681"), department="WJW"), NoRight),
            (an_officer(a_grant("advise", "*", "*", "health"), department="WJW"), NoRight),
            (msgspec.structs.replace(an_officer(department="WJW"), person_id=family.mother.id), SameOfficer),
        ]
        for stranger, refusal in strangers:
            with pytest.raises(refusal):
                await opinions.look_at(stranger, asked.id)
            with pytest.raises(refusal):
                await opinions.answer(stranger, asked.id, YES)
        with pytest.raises(OpinionUnknown):
            await opinions.look_at(an_officer(department="WJW"), new_id(family.child))

    async def test_isnt_given_by_whoever_asked(self, family: Family) -> None:
        officer = an_officer()
        case = await an_accepted_case(family, officer)
        asked = await an_opinion(officer, case)
        same_person = msgspec.structs.replace(an_officer(department="WJW"), accounts=(officer.id,))

        with pytest.raises(SameOfficer):
            await opinions.answer(same_person, asked.id, YES)

    async def test_lies_sealed_and_is_in_the_persons_export(self, family: Family) -> None:
        officer, adviser = an_officer(), (await an_adviser()).officer
        case = await an_accepted_case(family, officer)
        asked = await opinions.ask(officer, case.id, asking("certificate_no"))
        await opinions.answer(adviser, asked.id, NO)

        async with transaction(OFFICE):
            (row,) = await fetch_all("SELECT content, answer FROM case_opinion WHERE id = $1", asked.id)
        assert family.certificate_no.encode() not in row["content"]
        assert "签发".encode() not in row["answer"]
        (exporter,) = [one for one in exporters() if "case_opinion" in one.tables]
        (told,) = (await exporter.export(family.child))["case_opinion"]
        assert told["answer"] == NO.text
        assert family.certificate_no in str(told["content"])

    async def test_leaves_a_trace_of_each_look(self, family: Family) -> None:
        officer, adviser = an_officer(), (await an_adviser()).officer
        case = await an_accepted_case(family, officer)
        asked = await opinions.ask(officer, case.id, asking())
        await opinions.look_at(adviser, asked.id)
        await opinions.answer(adviser, asked.id, YES)

        async with transaction(OFFICE):
            rows = await fetch_all(
                "SELECT act, actor_department, basis_id FROM act WHERE citizen_id = $1 AND act LIKE 'opinion%' ORDER BY id",
                family.child,
            )
        assert [tuple(row) for row in rows] == [
            ("opinion_asked", "GAJ", case.number),
            ("opinion_read", "WJW", case.number),
            ("opinion_given", "WJW", case.number),
        ]


class TestWithdraw:
    async def test_lets_the_approval_go_on(self, family: Family) -> None:
        officer, adviser = an_officer(), (await an_adviser()).officer
        case = await an_accepted_case(family, officer)
        asked = await opinions.ask(officer, case.id, asking())

        first = await opinions.withdraw(officer, asked.id)

        assert await opinions.withdraw(officer, asked.id) == first
        assert asked.id not in [one.id for one in await listed(adviser)]
        assert (await reading.show(family.mother, case.id)).asked == []
        assert (await decisions.take(officer, case.id, Step.APPROVE)).state == "approved"

    async def test_comes_too_late_after_the_answer(self, family: Family) -> None:
        officer, adviser = an_officer(), (await an_adviser()).officer
        case = await an_accepted_case(family, officer)
        asked = await opinions.ask(officer, case.id, asking())
        await opinions.answer(adviser, asked.id, YES)

        with pytest.raises(OpinionClosed):
            await opinions.withdraw(officer, asked.id)

    async def test_against_an_answer_at_once_leaves_one(self, family: Family) -> None:
        officer, adviser = an_officer(), (await an_adviser()).officer
        case = await an_accepted_case(family, officer)
        asked = await opinions.ask(officer, case.id, asking())

        done = await asyncio.gather(
            opinions.withdraw(officer, asked.id), opinions.answer(adviser, asked.id, YES), return_exceptions=True
        )

        assert sorted(type(one).__name__ for one in done) == ["OpinionClosed", "OpinionRef"]

    async def test_is_for_whoever_holds_the_case(self, family: Family) -> None:
        officer, adviser = (await an_enrolled_officer()).officer, (await an_adviser()).officer
        case = await an_accepted_case(family, officer)
        asked = await opinions.ask(officer, case.id, asking())

        with pytest.raises(OpinionUnknown):
            await opinions.withdraw(adviser, asked.id)
        with pytest.raises(CaseClaimedByAnother):
            await opinions.withdraw(an_officer(), asked.id)
        with pytest.raises(NoRight):
            await opinions.withdraw(an_officer(a_grant("look")), asked.id)


class TestList:
    async def test_names_nobody_and_only_what_may_be_answered(self, family: Family) -> None:
        officer, adviser = an_officer(), (await an_adviser()).officer
        case = await an_accepted_case(family, officer)
        asked = await opinions.ask(officer, case.id, asking("certificate_no"))

        (item,) = [one for one in await listed(adviser) if one.id == asked.id]

        assert (item.number, item.asked_by, item.overdue) == (case.number, "GAJ", False)
        assert family.certificate_no not in str(item)
        for stranger in (
            an_officer(department="MZJ"),
            an_officer(a_grant("handle"), department="WJW"),
            an_officer(a_grant("advise", "*", "370681"), department="WJW"),
        ):
            assert asked.id not in [one.id for one in await listed(stranger)]

    async def test_reminds_once_of_what_is_late(self, family: Family, monkeypatch: pytest.MonkeyPatch) -> None:
        officer, adviser = an_officer(), (await an_adviser()).officer
        case = await an_accepted_case(family, officer)
        asked = await opinions.ask(officer, case.id, asking(working_days=1))
        assert asked.id not in [one.id for one in await listed(adviser, overdue=True)]
        late = add_working_days(clock.today(), 1) + timedelta(days=1)
        monkeypatch.setattr(clock, "today", lambda: late)

        for _ in range(2):
            await awaited_opinions.look_through()

        happened = [one.what for one in (await reading.events(family.mother, case.id)).items]
        assert happened.count("opinion_overdue") == 1
        assert (await reading.show(family.mother, case.id)).asked[0].overdue
        assert [one.overdue for one in await listed(adviser, overdue=True) if one.id == asked.id] == [True]

    async def test_refuses_a_cursor_that_isnt_one(self, http: httpx.AsyncClient) -> None:
        adviser = await an_adviser()

        answer = await http.get("/v1/officer/opinions", params={"cursor": "bm90"}, headers=adviser.headers)

        assert (answer.status_code, answer.json()["code"]) == (400, "cursor_wrong")
