"""Officers' notes on a case: for colleagues, never changed, sealed, and part of what the citizen gets."""

from typing import Any

import httpx
import msgspec
import pytest

from app.kernel.actors import NoRight, SameOfficer
from app.kernel.database import execute, fetch_value, transaction
from app.kernel.ids import new_person_id
from app.privacy.rights import exporters
from lifecycle.cases import decisions, desk, notes, reading
from lifecycle.cases.carrying_out import OFFICE
from lifecycle.cases.desk_structs import NewNote
from lifecycle.cases.errors import CaseNotFound, StepNotAllowed
from lifecycle.cases.states import Step
from lifecycle.cases.structs import Refusing
from tests.makers.callers import an_enrolled_officer, headers
from tests.makers.cases import Family, a_draft, a_submitted_case
from tests.makers.desk import a_claimed_case, posted
from tests.makers.people import a_grant, an_officer

NOTE = NewNote("已电话核实父亲户籍，待复印件。")


class TestNotes:
    async def test_are_shown_to_colleagues_and_not_to_the_citizen(self, family: Family) -> None:
        author, colleague = await an_enrolled_officer(), an_officer()
        case = await a_submitted_case(family)

        noted = await notes.add(author.officer, case.id, NOTE)

        (seen,) = (await desk.look_at(colleague, case.id)).notes
        assert (noted.mine, noted.text, noted.by) == (True, NOTE.text, author.officer.name)
        assert (seen.id, seen.mine, seen.text, seen.by) == (noted.id, False, NOTE.text, author.officer.name)
        assert NOTE.text not in str(await reading.show(family.mother, case.id))
        assert NOTE.text not in str(await reading.events(family.mother, case.id))

    async def test_stand_in_their_order(self, family: Family) -> None:
        officer, case = an_officer(), await a_submitted_case(family)

        for text in ("第一条", "第二条", "第三条"):
            await notes.add(officer, case.id, NewNote(text))

        assert [one.text for one in (await desk.look_at(officer, case.id)).notes] == ["第一条", "第二条", "第三条"]

    async def test_lie_sealed_and_are_never_changed(self, family: Family) -> None:
        case = await a_submitted_case(family)
        await notes.add(an_officer(), case.id, NOTE)

        async with transaction(OFFICE):
            kept = await fetch_value("SELECT text FROM case_note WHERE case_id = $1", case.id)
        assert "核实".encode() not in kept
        with pytest.raises(Exception, match="permission denied"):
            async with transaction(OFFICE):
                await execute("UPDATE case_note SET officer_id = id WHERE case_id = $1", case.id)

    async def test_are_in_the_persons_export(self, family: Family) -> None:
        case = await a_submitted_case(family)
        await notes.add(an_officer(), case.id, NOTE)

        (exporter,) = [one for one in exporters() if "case_note" in one.tables]

        assert [row["text"] for row in (await exporter.export(family.child))["case_note"]] == [NOTE.text]

    async def test_are_nobody_elses(self, family: Family) -> None:
        draft = await a_draft(family)
        with pytest.raises(CaseNotFound):
            await notes.add(an_officer(), draft.id, NOTE)
        case = await a_submitted_case(family)
        concerned = an_officer()

        for officer, refusal in (
            (an_officer(department="WJW"), CaseNotFound),
            (an_officer(a_grant("handle", division="370681")), NoRight),
        ):
            with pytest.raises(refusal):
                await notes.add(officer, case.id, NOTE)
        with pytest.raises(SameOfficer):
            await notes.add(msgspec.structs.replace(concerned, person_id=family.mother.id), case.id, NOTE)
        with pytest.raises(CaseNotFound):
            await notes.add(concerned, new_person_id(), NOTE)

    async def test_end_with_the_case(self, family: Family) -> None:
        officer = an_officer()
        case = await a_claimed_case(family, officer)
        await decisions.refuse(officer, case.id, Step.DECLINE, Refusing("不属于受理范围"))

        with pytest.raises(StepNotAllowed):
            await notes.add(officer, case.id, NOTE)

    async def test_of_a_repeated_request_one_is_left(self, http: httpx.AsyncClient, family: Family) -> None:
        officer, case = await an_enrolled_officer(), await a_submitted_case(family)
        officer_headers = {**officer.headers, "Idempotency-Key": "note-once-1234"}
        address = f"/v1/officer/cases/{case.id}/notes"

        answers = [await http.post(address, json={"text": NOTE.text}, headers=officer_headers) for _ in range(2)]

        assert [one.status_code for one in answers] == [201, 201]
        assert answers[0].json() == answers[1].json()
        assert len((await desk.look_at(officer.officer, case.id)).notes) == 1

    @pytest.mark.parametrize(
        "body", [{}, {"text": ""}, {"text": "字"}, {"text": "字" * 2001}, {"text": "a\x00b"}, {"text": 1}]
    )
    async def test_take_some_sentences(self, http: httpx.AsyncClient, family: Family, body: dict[str, Any]) -> None:
        officer, case = await an_enrolled_officer(), await a_submitted_case(family)

        answer = await posted(http, officer, f"/cases/{case.id}/notes", body)

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")

    async def test_are_not_taken_from_citizens(self, http: httpx.AsyncClient, family: Family) -> None:
        case = await a_submitted_case(family)
        address = f"/v1/officer/cases/{case.id}/notes"

        mothers = await http.post(address, json={"text": "你好"}, headers=await headers(family.mother))
        nobodys = await http.post(address, json={"text": "你好"})

        assert (mothers.status_code, nobodys.status_code) == (401, 401)
