"""Asking another department's opinion: who asks whom what, what the asked see, and what waits for it."""

import asyncio
from typing import Any

import httpx
import msgspec
import pytest

from app.kernel import clock
from app.kernel.actors import NoRight, Officer, SameOfficer
from app.kernel.calendar import add_working_days
from app.kernel.database import execute, transaction
from app.kernel.events import deliver_pending
from lifecycle.cases import decisions, desk, opinions, reading
from lifecycle.cases.carrying_out import OFFICE
from lifecycle.cases.desk_errors import (
    NobodyToAdvise,
    OpinionAskedAlready,
)
from lifecycle.cases.desk_structs import OpinionAnswer, OpinionAsked, OpinionItem
from lifecycle.cases.errors import CaseClaimedByAnother, CaseNotClaimed, CaseNotFound, FieldsWrong, StepNotAllowed
from lifecycle.cases.limits import limit_on
from tests.makers.callers import an_enrolled_officer
from tests.makers.cases import Family, a_submitted_case, an_accepted_case, an_approved_case
from tests.makers.desk import QUESTION, a_claimed_case, an_adviser, an_opinion, asking, posted
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


class TestAsk:
    async def test_shows_the_asked_what_was_passed_on_and_nothing_else(self, family: Family) -> None:
        officer, adviser = an_officer(), (await an_adviser()).officer
        case = await an_accepted_case(family, officer)

        asked = await opinions.ask(officer, case.id, asking("certificate_no", "born_at"))
        seen = await opinions.look_at(adviser, asked.id)

        assert {one.name for one in seen.fields} == {"certificate_no", "born_at"}
        assert seen.fields[0].value == family.certificate_no
        assert (seen.question, seen.asked_by, seen.number) == (QUESTION, "GAJ", case.number)
        said = msgspec.json.encode(seen).decode()
        assert family.mother_name not in said
        assert str(family.mother.id) not in said
        assert set(OpinionAsked.__struct_fields__) == {
            *("id", "number", "matter_code", "matter_name", "division", "asked_by", "asked_by_name", "question"),
            *("fields", "asked_at", "until", "overdue"),
        }

    async def test_stays_as_it_was_passed_on(self, family: Family) -> None:
        officer, adviser = an_officer(), (await an_adviser()).officer
        case = await an_accepted_case(family, officer)
        asked = await opinions.ask(officer, case.id, asking("child_name", "child_name"))
        before = await opinions.look_at(adviser, asked.id)
        async with transaction(OFFICE):
            await execute("UPDATE matter_case SET answers = NULL WHERE id = $1", case.id)

        assert (await opinions.look_at(adviser, asked.id)).fields == before.fields
        assert len(before.fields) == 1

    async def test_leaves_the_case_where_it_is_and_its_clock_running(self, family: Family) -> None:
        officer = an_officer()
        case = await an_accepted_case(family, officer)
        before = (await reading.show(family.mother, case.id)).waiting

        await an_opinion(officer, case)

        view = await reading.show(family.mother, case.id)
        assert (view.state, view.waiting) == ("accepted", before)

    async def test_tells_the_citizen_whom_and_until_when(self, family: Family) -> None:
        officer, adviser = an_officer(), (await an_adviser()).officer
        case = await an_accepted_case(family, officer)
        asked = await opinions.ask(officer, case.id, asking(working_days=3))

        (first,) = (await reading.show(family.mother, case.id)).asked
        await opinions.answer(adviser, asked.id, NO)
        (second,) = (await reading.show(family.mother, case.id)).asked

        assert (first.department, first.department_name.zh, first.answered) == ("WJW", "市卫生健康委员会", False)
        assert first.until == add_working_days(clock.today(), 3)
        assert second.answered
        happened = (await reading.events(family.mother, case.id)).items
        assert [one.what for one in happened[-2:]] == ["ask_opinion", "opinion_given"]
        assert NO.text not in str(happened)

    async def test_has_a_limit_though_none_is_said(self, family: Family) -> None:
        officer = an_officer()
        case = await an_accepted_case(family, officer)
        await an_opinion(officer, case)

        (seen,) = (await desk.look_at(officer, case.id)).opinions

        assert seen.until == add_working_days(clock.today(), limit_on(clock.today(), "opinion_working_days"))

    async def test_is_for_whoever_holds_the_case(self, family: Family) -> None:
        await an_adviser()
        holder = (await an_enrolled_officer()).officer
        case = await a_submitted_case(family)
        with pytest.raises(CaseNotClaimed):
            await opinions.ask(holder, case.id, asking())
        await decisions.claim(holder, case.id)

        for officer, refusal in (
            (an_officer(), CaseClaimedByAnother),
            (an_officer(department="WJW"), CaseNotFound),
            (an_officer(a_grant("advise")), NoRight),
            (msgspec.structs.replace(holder, person_id=family.mother.id), SameOfficer),
        ):
            with pytest.raises(refusal):
                await opinions.ask(officer, case.id, asking())

    async def test_is_for_another_department_that_can_answer(self, family: Family) -> None:
        officer = an_officer()
        case = await a_claimed_case(family, officer)
        await an_enrolled_officer(a_grant("advise", "infant_immunization"), department="TYJ")
        await an_enrolled_officer(a_grant("handle"), department="TYJ")

        for department in ("GAJ", "TYJ", "NOBODY"):
            with pytest.raises(NobodyToAdvise):
                await opinions.ask(officer, case.id, asking(department=department))

    async def test_passes_on_only_what_the_form_has(self, family: Family) -> None:
        officer = an_officer()
        case = await a_claimed_case(family, officer)

        with pytest.raises(FieldsWrong) as refused:
            await opinions.ask(officer, case.id, asking("born_at", "income"))

        assert [one.pointer for one in refused.value.errors] == ["/fields/1"]

    async def test_asks_a_department_once_at_a_time(self, family: Family) -> None:
        officer, adviser = an_officer(), (await an_adviser()).officer
        case = await a_claimed_case(family, officer)

        done = await asyncio.gather(
            *(opinions.ask(officer, case.id, asking()) for _ in range(3)), return_exceptions=True
        )

        assert sorted(type(one).__name__ for one in done) == [
            "OpinionAskedAlready",
            "OpinionAskedAlready",
            "OpinionRef",
        ]
        (asked,) = (await desk.look_at(officer, case.id)).opinions
        await opinions.answer(adviser, asked.id, YES)
        await opinions.ask(officer, case.id, asking())
        with pytest.raises(OpinionAskedAlready):
            await opinions.ask(officer, case.id, asking())

    async def test_is_over_with_the_case(self, family: Family) -> None:
        officer = an_officer()
        case = await an_approved_case(family, officer)

        with pytest.raises(StepNotAllowed):
            await opinions.ask(officer, case.id, asking())

    @pytest.mark.parametrize(
        "body",
        [
            {"department": "WJW"},
            {"department": "wjw", "question": QUESTION},
            {"department": "WJW", "question": "?"},
            {"department": "WJW", "question": QUESTION, "working_days": 0},
            {"department": "WJW", "question": QUESTION, "working_days": 31},
            {"department": "WJW", "question": QUESTION, "fields": "born_at"},
        ],
    )
    async def test_is_well_formed(self, http: httpx.AsyncClient, family: Family, body: dict[str, Any]) -> None:
        officer = await an_enrolled_officer()
        case = await a_claimed_case(family, officer.officer)

        answer = await posted(http, officer, f"/cases/{case.id}/opinions", body)

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")
