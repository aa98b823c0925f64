"""Requests for correction: asked by the citizen, read and decided by the source's officers, and by nobody else's."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest

from app.audit.acts import Act
from app.kernel import clock, events
from app.kernel.actors import Citizen, NoRight, SameOfficer, System
from app.kernel.calendar import add_working_days
from app.kernel.database import execute, fetch_all, fetch_value, transaction
from app.notices import inbox
from app.privacy.corrections import ask, decide, desk, look, mine, one, withdraw
from app.privacy.errors import (
    CorrectionAskedAlready,
    CorrectionDecidedAlready,
    CorrectionNotFound,
    FieldNotCorrectable,
)
from app.privacy.structs import CorrectionDecision, CorrectionForOfficer, CorrectionItem, CorrectionView, NewCorrection
from tests.makers.callers import an_enrolled_officer, headers
from tests.makers.people import a_citizen, a_grant, an_officer

pytestmark = pytest.mark.usefixtures("app")
TESTS = System("tests")
GRANTED = CorrectionDecision(granted=True, answer="已更正")
BODY = {"table": "resident", "column": "name", "what_is_wrong": "错字", "wanted_value": "王小虹"}


def a_wish(table: str = "resident", column: str = "name") -> NewCorrection:
    return NewCorrection(table, column, "“红”应为“虹”", "王小虹", "户口簿第二页")


async def a_request(citizen: Citizen | None = None) -> CorrectionView:
    return await ask(citizen or await a_citizen(), a_wish())


async def on_the_desk(**who: str) -> list[CorrectionItem]:
    """All pages of a department's desk."""
    officer, items, cursor = an_officer(**who), [], None
    while True:
        page = await desk(officer, cursor, 100)
        items += page.items
        cursor = page.next
        if cursor is None:
            return items


class TestAsk:
    async def test_goes_to_the_source_with_a_deadline(self) -> None:
        citizen = await a_citizen()

        asked = await a_request(citizen)

        assert (asked.state, asked.department, asked.answer) == ("open", "GAJ", None)
        assert asked.due_on == add_working_days(clock.today(), 15)
        assert asked.content.wanted_value == "王小虹"
        assert asked.id in [item.id for item in await on_the_desk()]
        assert asked.id not in [item.id for item in await on_the_desk(department="WJW")]

    async def test_is_sealed(self) -> None:
        asked = await a_request()

        async with transaction(TESTS):
            content = await fetch_value("SELECT content FROM correction_request WHERE id = $1", asked.id)
        assert "王小虹".encode() not in content

    @pytest.mark.parametrize(
        ("table", "column"), [("session", "client_id"), ("act", "at"), ("resident", "nothing"), ("nothing", "name")]
    )
    async def test_is_for_fields_that_a_source_answers_for(self, table: str, column: str) -> None:
        with pytest.raises(FieldNotCorrectable):
            await ask(await a_citizen(), a_wish(table, column))

    async def test_of_several_at_once_about_a_field_takes_one(self) -> None:
        citizen = await a_citizen()

        results = await asyncio.gather(*(a_request(citizen) for _ in range(4)), return_exceptions=True)
        other = await ask(citizen, a_wish(column="sex"))

        assert sum(isinstance(result, CorrectionView) for result in results) == 1
        assert sum(isinstance(result, CorrectionAskedAlready) for result in results) == 3
        assert {request.id for request in (await mine(citizen)).items} > {other.id}


class TestDecide:
    @pytest.mark.parametrize(("granted", "state"), [(True, "granted"), (False, "refused")])
    async def test_answers_and_tells(self, state: str, *, granted: bool) -> None:
        citizen, officer = await a_citizen(), an_officer()
        asked = await a_request(citizen)

        await decide(officer, asked.id, CorrectionDecision(granted, "已核实"))
        while await events.deliver_pending():
            pass

        answered = await one(citizen, asked.id)
        assert (answered.state, answered.answer) == (state, "已核实")
        assert answered.decided_at is not None
        told = [notice.title.en for notice in (await inbox.inbox(citizen, None, 5)).items]
        assert told == [
            "Your request for correction was answered",
            "Your request for correction went to its department",
        ]
        assert asked.id not in [item.id for item in await on_the_desk()]

    async def test_every_look_is_an_act_with_its_basis(self) -> None:
        citizen, officer = await a_citizen(), an_officer()
        asked = await a_request(citizen)

        seen = await look(officer, asked.id)

        async with transaction(TESTS):
            rows = await fetch_all("SELECT act, actor, basis_id FROM act WHERE citizen_id = $1 ORDER BY id", citizen.id)
        assert seen.content.what_is_wrong == "“红”应为“虹”"
        assert [row["act"] for row in rows] == [Act.DATA_CORRECTION_ASKED, Act.DATA_CORRECTION_LOOKED_AT]
        assert (rows[1]["actor"], rows[1]["basis_id"]) == (officer.principal, str(asked.id))

    async def test_two_officers_at_once_decide_it_once(self) -> None:
        asked = await a_request()

        results: list[Any] = await asyncio.gather(
            *(decide(an_officer(), asked.id, GRANTED) for _ in range(3)), return_exceptions=True
        )

        assert sum(isinstance(result, CorrectionForOfficer) for result in results) == 1
        assert sum(isinstance(result, CorrectionDecidedAlready) for result in results) == 2

    async def test_refuses_other_departments_and_who_has_no_right(self) -> None:
        asked = await a_request()
        for wrong in (an_officer(department="WJW"), an_officer(department="MZJ")):
            with pytest.raises(CorrectionNotFound):
                await look(wrong, asked.id)
        for grant in (a_grant(action="accept"), a_grant(division="370611"), a_grant(matter="x")):
            with pytest.raises(NoRight):
                await decide(an_officer(grant), asked.id, GRANTED)
        with pytest.raises(NoRight):
            await desk(an_officer(a_grant(action="accept")), None, 20)
        with pytest.raises(CorrectionNotFound):
            await look(an_officer(), uuid4())

        assert (await look(an_officer(a_grant(division="370602")), asked.id)).state == "open"

    async def test_shows_what_is_overdue_first(self) -> None:
        citizen = await a_citizen()
        late, asked = await ask(citizen, a_wish(column="sex")), await a_request(citizen)
        async with transaction(TESTS):
            await execute(
                "UPDATE correction_request SET due_on = $2 WHERE id = $1", late.id, clock.today() - timedelta(days=400)
            )

        items = await on_the_desk()

        ours = [(item.id, item.overdue) for item in items if item.id in {late.id, asked.id}]
        assert ours == [(late.id, True), (asked.id, False)]
        await withdraw(citizen, late.id)

    async def test_is_never_the_officers_own(self) -> None:
        citizen = await a_citizen()
        asked = await a_request(citizen)

        with pytest.raises(SameOfficer):
            await decide(msgspec.structs.replace(an_officer(), person_id=citizen.id), asked.id, GRANTED)


class TestWithdraw:
    async def test_takes_it_back_once(self) -> None:
        citizen = await a_citizen()
        asked = await a_request(citizen)

        first = await withdraw(citizen, asked.id)
        again = await withdraw(citizen, asked.id)

        assert first == again
        assert first.state == "withdrawn"
        with pytest.raises(CorrectionDecidedAlready):
            await decide(an_officer(), asked.id, GRANTED)
        assert (await a_request(citizen)).state == "open"

    async def test_comes_too_late_after_the_decision(self) -> None:
        citizen = await a_citizen()
        asked = await a_request(citizen)
        await decide(an_officer(), asked.id, GRANTED)

        with pytest.raises(CorrectionDecidedAlready):
            await withdraw(citizen, asked.id)


class TestOverHttp:
    async def test_from_asking_to_the_answer(self, http: httpx.AsyncClient) -> None:
        auth = await headers(await a_citizen())
        officer = (await an_enrolled_officer()).headers
        key = {"idempotency-key": "correction-1"}

        asked = await http.post("/v1/me/corrections", json=BODY, headers={**auth, **key})
        again = await http.post("/v1/me/corrections", json=BODY, headers={**auth, **key})
        path = f"/v1/officer/corrections/{asked.json()['id']}"
        listed = await http.get("/v1/officer/corrections", params={"limit": 100}, headers=officer)
        read = await http.get(path, headers=officer)
        decided = await http.post(
            f"{path}/decide", json={"granted": True, "answer": "已更正"}, headers={**officer, **key}
        )
        repeated = await http.post(
            f"{path}/decide", json={"granted": True, "answer": "已更正"}, headers={**officer, **key}
        )
        seen = await http.get(f"/v1/me/corrections/{asked.json()['id']}", headers=auth)

        assert (asked.status_code, again.json()) == (202, asked.json())
        assert (listed.status_code, read.status_code) == (200, 200)
        assert "王小虹" not in listed.text
        assert (decided.status_code, repeated.json()) == (200, decided.json())
        assert (seen.json()["state"], seen.json()["answer"]) == ("granted", "已更正")

    async def test_is_closed_to_others(self, http: httpx.AsyncClient) -> None:
        asked = await a_request()
        stranger, officer = await headers(await a_citizen()), (await an_enrolled_officer(department="WJW")).headers
        mine_path, desk_path = f"/v1/me/corrections/{asked.id}", f"/v1/officer/corrections/{asked.id}"
        answer = {"granted": True, "answer": "x"}

        assert (await http.get(mine_path, headers=stranger)).status_code == 404
        assert (await http.post(f"{mine_path}/withdraw", headers=stranger)).status_code == 404
        assert (await http.get(desk_path, headers=officer)).status_code == 404
        assert (await http.post(f"{desk_path}/decide", json=answer, headers=officer)).status_code == 404
        for path in ("/v1/me/corrections", mine_path, "/v1/officer/corrections", desk_path):
            assert (await http.get(path)).status_code == 401
        assert (await http.get(desk_path, headers=stranger)).status_code == 401
        assert UUID(str(asked.id)) == asked.id

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {**BODY, "what_is_wrong": ""},
            {**BODY, "wanted_value": "x" * 201},
            {**BODY, "note": "\x00"},
            {**BODY, "table": "Resident"},
            {**BODY, "more": 1},
        ],
    )
    async def test_refuses_a_bad_body(self, http: httpx.AsyncClient, body: dict[str, object]) -> None:
        answer = await http.post("/v1/me/corrections", json=body, headers=await headers(await a_citizen()))

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")
