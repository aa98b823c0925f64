"""Asking why, and answering it, over HTTP."""

from uuid import UUID

import httpx
import pytest

from app.audit import queries
from app.kernel.actors import Citizen
from app.kernel.ids import new_id
from tests.makers.callers import EnrolledOfficer, an_enrolled_officer, headers
from tests.makers.people import a_citizen
from tests.makers.sealed_log import a_look_at

pytestmark = pytest.mark.usefixtures("app")


async def a_look_of(enrolled: EnrolledOfficer, citizen: Citizen) -> UUID:
    """The entry of an officer's look at a citizen's case."""
    await a_look_at(citizen.id, officer=enrolled.officer)
    return (await queries.access_log(citizen, None, 1)).items[0].id


class TestAskingAndAnswering:
    async def test_carry_a_question_there_and_the_answer_back(self, http: httpx.AsyncClient) -> None:
        enrolled, citizen = await an_enrolled_officer(), await a_citizen()
        entry = await a_look_of(enrolled, citizen)
        caller = await headers(citizen)

        asked = await http.post(f"/v1/me/access-log/{entry}/ask", headers=caller, json={"question": "为何？"})
        waiting = await http.get("/v1/officer/access-questions", headers=enrolled.headers)
        address = f"/v1/officer/access-questions/{asked.json()['id']}/answer"
        key = enrolled.headers | {"idempotency-key": "0123456789"}
        answered = await http.post(address, headers=key, json={"answer": "办件需要。"})
        repeated = await http.post(address, headers=key, json={"answer": "办件需要。"})
        listed = await http.get("/v1/me/access-log/questions", headers=caller)

        assert [one["question"] for one in waiting.json()["items"]] == ["为何？"]
        assert (answered.status_code, repeated.json()) == (200, answered.json())
        assert [one["answer"] for one in listed.json()["items"]] == ["办件需要。"]

    async def test_refuse_nobody_and_what_cant_be(self, http: httpx.AsyncClient) -> None:
        enrolled, citizen = await an_enrolled_officer(), await a_citizen()
        caller, nothing = await headers(citizen), new_id(citizen.id)
        ask, answer = f"/v1/me/access-log/{nothing}/ask", f"/v1/officer/access-questions/{nothing}/answer"

        for address, who, body, refusal in (
            (ask, {}, {}, (401, "not_signed_in")),
            (ask, caller, {}, (404, "access_log_entry_not_found")),
            (ask, caller, {"question": ""}, (422, "body_wrong")),
            (ask, caller, {"question": "字" * 501}, (422, "body_wrong")),
            (ask, caller, {"question": "a\0"}, (422, "body_wrong")),
            (answer, caller, {"answer": "x"}, (401, "token_wrong")),
            (answer, enrolled.headers, {"answer": "x"}, (404, "access_question_not_found")),
            (answer, enrolled.headers, {"answer": "字" * 1001}, (422, "body_wrong")),
            (answer, enrolled.headers, {}, (422, "body_wrong")),
        ):
            refused = await http.post(address, headers=who, json=body)
            assert (refused.status_code, refused.json()["code"]) == refusal

    async def test_take_the_longest_texts(self, http: httpx.AsyncClient) -> None:
        enrolled, citizen = await an_enrolled_officer(), await a_citizen()
        entry = await a_look_of(enrolled, citizen)

        asked = await http.post(
            f"/v1/me/access-log/{entry}/ask", headers=await headers(citizen), json={"question": "字" * 500}
        )
        answered = await http.post(
            f"/v1/officer/access-questions/{asked.json()['id']}/answer",
            headers=enrolled.headers,
            json={"answer": "字" * 1000},
        )

        assert (asked.status_code, answered.status_code) == (200, 200)
