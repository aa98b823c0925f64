"""One step with many cases: each by itself, and a repeat harmless."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.kernel.ids import new_person_id
from lifecycle.cases import decisions, reading
from lifecycle.cases.structs import CaseRef
from tests.makers.callers import EnrolledOfficer, an_enrolled_officer
from tests.makers.cases import a_family, a_submitted_case, the_case
from tests.makers.city import Town
from tests.makers.people import a_grant

pytestmark = pytest.mark.usefixtures("ports")


async def bulk(
    http: httpx.AsyncClient, officer: EnrolledOfficer, step: str, case_ids: list[UUID], key: str = "bulk-key-1"
) -> httpx.Response:
    body = {"step": step, "case_ids": [str(one) for one in case_ids]}
    return await http.post("/v1/officer/desk/bulk", json=body, headers={**officer.headers, "Idempotency-Key": key})


async def some_cases(town: Town, count: int) -> list[CaseRef]:
    return [await a_submitted_case(await a_family(town)) for _ in range(count)]


class TestBulk:
    async def test_does_each_and_says_why_one_isnt_done(self, http: httpx.AsyncClient, town: Town) -> None:
        officer, other = await an_enrolled_officer(), (await an_enrolled_officer()).officer
        mine, taken, third = await some_cases(town, 3)
        await decisions.claim(other, taken.id)
        nowhere = new_person_id()

        answer = await bulk(http, officer, "claim", [mine.id, taken.id, nowhere, third.id])

        assert answer.status_code == 200, answer.text
        items = answer.json()["items"]
        assert [one["case_id"] for one in items] == [str(one) for one in (mine.id, taken.id, nowhere, third.id)]
        assert [(one["done"], one["code"]) for one in items] == [
            (True, None),
            (False, "case_claimed_by_another"),
            (False, "case_not_found"),
            (True, None),
        ]
        assert items[1]["title"]["zh"] == "该办件已由其他工作人员领取。"
        assert (await the_case(third.id)).officer_id == officer.officer.id

    async def test_takes_each_step_that_needs_no_words(self, http: httpx.AsyncClient, town: Town) -> None:
        officer, (case,) = await an_enrolled_officer(), await some_cases(town, 1)

        states = []
        for place, step in enumerate(("claim", "accept", "review", "resume", "release")):
            (item,) = (await bulk(http, officer, step, [case.id], f"each-step-{place}")).json()["items"]
            states.append(item["state"] or item["code"])

        assert states == ["submitted", "accepted", "reviewing", "step_not_allowed", "reviewing"]

    async def test_answers_a_repeat_as_before_and_tries_again_what_was_refused(
        self, http: httpx.AsyncClient, town: Town
    ) -> None:
        officer, other = await an_enrolled_officer(), (await an_enrolled_officer()).officer
        done, held = await some_cases(town, 2)
        await decisions.claim(other, held.id)
        first = (await bulk(http, officer, "claim", [done.id, held.id])).json()["items"]
        await decisions.release(officer.officer, done.id)
        await decisions.release(other, held.id)

        second = (await bulk(http, officer, "claim", [done.id, held.id])).json()["items"]

        assert second[0] == first[0]
        assert (await the_case(done.id)).officer_id is None, "what was done isn't done again"
        assert (second[1]["done"], second[1]["state"]) == (True, "submitted")

    async def test_refuses_a_key_that_came_with_other_cases(self, http: httpx.AsyncClient, town: Town) -> None:
        officer, (one, other) = await an_enrolled_officer(), await some_cases(town, 2)
        await bulk(http, officer, "claim", [one.id])

        answer = await bulk(http, officer, "claim", [other.id])

        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
        assert (await the_case(other.id)).officer_id is None

    async def test_does_a_case_once_that_is_named_twice(self, http: httpx.AsyncClient, town: Town) -> None:
        officer, (case,) = await an_enrolled_officer(), await some_cases(town, 1)

        answer = await bulk(http, officer, "claim", [case.id, case.id])

        assert len(answer.json()["items"]) == 1

    async def test_of_two_officers_at_once_each_case_goes_to_one(self, http: httpx.AsyncClient, town: Town) -> None:
        officers, cases = [await an_enrolled_officer() for _ in range(2)], await some_cases(town, 4)
        ids = [one.id for one in cases]

        answers = await asyncio.gather(
            bulk(http, officers[0], "claim", ids), bulk(http, officers[1], "claim", ids[::-1])
        )

        done = [item["case_id"] for one in answers for item in one.json()["items"] if item["done"]]
        assert sorted(done) == sorted(str(one) for one in ids)

    async def test_gives_nobody_more_than_they_may(self, http: httpx.AsyncClient, town: Town) -> None:
        (case,) = await some_cases(town, 1)
        elsewhere = await an_enrolled_officer(a_grant("handle", "*", "370681"))
        stranger = await an_enrolled_officer(department="WJW")

        codes = [
            (await bulk(http, one, "claim", [case.id])).json()["items"][0]["code"] for one in (elsewhere, stranger)
        ]

        assert codes == ["no_right", "case_not_found"]

    async def test_stands_in_the_history_of_each(self, http: httpx.AsyncClient, town: Town) -> None:
        officer, family = await an_enrolled_officer(), await a_family(town)
        case = await a_submitted_case(family)

        await bulk(http, officer, "claim", [case.id])

        assert [one.what for one in (await reading.events(family.mother, case.id)).items][-1] == "claim"

    async def test_needs_a_key(self, http: httpx.AsyncClient) -> None:
        officer = await an_enrolled_officer()
        body = {"step": "claim", "case_ids": [str(new_person_id())]}

        answer = await http.post("/v1/officer/desk/bulk", json=body, headers=officer.headers)

        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"step": "claim", "case_ids": []},
            {"step": "approve", "case_ids": [str(new_person_id())]},
            {"step": "claim", "case_ids": ["1"]},
            {"step": "claim", "case_ids": [str(new_person_id()) for _ in range(101)]},
        ],
    )
    async def test_is_well_formed(self, http: httpx.AsyncClient, body: dict[str, Any]) -> None:
        officer = await an_enrolled_officer()

        answer = await http.post(
            "/v1/officer/desk/bulk", json=body, headers={**officer.headers, "Idempotency-Key": "bulk-malformed"}
        )

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")
