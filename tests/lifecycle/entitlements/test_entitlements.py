"""Entitlements over HTTP: whose, of which matter, and how quickly."""

import time
from datetime import date
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.kernel import clock
from lifecycle.entitlements import reading
from lifecycle.entitlements.judging import judge_all
from lifecycle.rules.facts import decode, encode
from tests.makers.callers import headers
from tests.makers.facts import a_person
from tests.makers.people import a_citizen, a_guardian_of, a_resident, an_id_number

pytestmark = pytest.mark.usefixtures("app")
MINE = "/v1/me/entitlements"
OLD_AGE = "/v1/matters/social_welfare_info/eligibility"


def born(age: int, days: int = 0) -> date:
    today = clock.today()
    return date.fromordinal(today.replace(year=today.year - age).toordinal() + days)


async def listed(http: httpx.AsyncClient, who: dict[str, str], **query: str | int) -> list[dict[str, Any]]:
    answer = await http.get(MINE, headers=who, params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


class TestList:
    async def test_answers_each_rule_with_facts_and_law(self, http: httpx.AsyncClient) -> None:
        day = born(85)
        citizen = await a_citizen(birth_date=day, id_number=an_id_number(day))

        found = {one["code"]: one for one in await listed(http, await headers(citizen))}

        old = found["old_age_allowance"]
        assert (old["answer"], old["amount"], old["without_application"]) == (
            "yes",
            {"fen": 10_000, "per": "month"},
            True,
        )
        assert {one["kind"] for one in old["facts"]} >= {"birth_date", "division"}
        assert all(one["source"] and one["as_of"] for one in old["facts"])
        assert any(one["illustrative"] for one in old["parameters"])
        assert "三十三" in old["law"]["zh"]
        assert found["minimum_living_allowance"]["answer"] == "unknown"
        needs = {one["kind"]: one for one in found["minimum_living_allowance"]["needs"]}
        assert needs["household_income_fen"]["asked_by"] == "social_assistance_info"
        assert needs["household_income_fen"]["declarable"]

    async def test_changes_with_what_is_declared(self, http: httpx.AsyncClient) -> None:
        who = await headers(await a_citizen())
        for kind, value in {"household_income_fen": 0, "household_persons": 1, "residence_area": "rural"}.items():
            await http.put(f"/v1/me/facts/{kind}", headers=who, json={"value": value})

        found = {one["code"]: one for one in await listed(http, who, answer="yes")}

        assert found["minimum_living_allowance"]["amount"]["fen"] == 90_000
        assert {one["answer"] for one in found.values()} == {"yes"}

    async def test_goes_page_by_page_and_shows_each_once(self, http: httpx.AsyncClient) -> None:
        who, seen, cursor = await headers(await a_citizen()), [], None
        while True:
            query = {"limit": 4} | ({"cursor": cursor} if cursor else {})
            answer = (await http.get(MINE, headers=who, params=query)).json()
            seen += [one["code"] for one in answer["items"]]
            cursor = answer["next"]
            if cursor is None:
                break

        assert seen == [one["code"] for one in await listed(http, who)]
        assert len(seen) == len(set(seen)) >= 20

    async def test_may_be_of_one_stage(self, http: httpx.AsyncClient) -> None:
        found = await listed(http, await headers(await a_citizen()), stage="education")

        assert {one["stage"] for one in found} == {"education"}
        assert await listed(http, await headers(await a_citizen()), stage="tax") == []

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ({"answer": "perhaps"}, "parameter_wrong"),
            ({"person_id": "x"}, "parameter_wrong"),
            ({"person_id": str(uuid4())}, "person_not_yours"),
            ({"cursor": "%%%"}, "cursor_wrong"),
            ({"limit": "0"}, "parameter_wrong"),
        ],
    )
    async def test_refuses_what_is_wrong(self, http: httpx.AsyncClient, query: dict[str, str], code: str) -> None:
        answer = await http.get(MINE, headers=await headers(await a_citizen()), params=query)

        assert answer.json()["code"] == code

    async def test_is_for_who_is_signed_in_with_a_proved_name(self, http: httpx.AsyncClient) -> None:
        for address in (MINE, OLD_AGE):
            assert (await http.get(address)).status_code == 401
            low = await http.get(address, headers=await headers(await a_citizen(1)))
            assert low.json()["code"] == "assurance_too_low"


class TestEligibility:
    async def test_answers_by_the_same_rules(self, http: httpx.AsyncClient) -> None:
        day = born(79)
        who = await headers(await a_citizen(birth_date=day, id_number=an_id_number(day)))

        found = (await http.get(OLD_AGE, headers=who)).json()

        assert [one["code"] for one in found["answers"]] == [
            "old_age_allowance",
            "disability_living_subsidy",
            "disability_care_subsidy",
        ]
        assert found["answers"] == [
            one for one in await listed(http, who) if one["matter_code"] == "social_welfare_info"
        ]
        assert found["answers"][0]["answer"] == "yes_from"
        assert "示例" in found["disclaimer"]["zh"]

    async def test_of_a_matter_without_preconditions_says_that_it_is_open(self, http: httpx.AsyncClient) -> None:
        found = (
            await http.get("/v1/matters/vegetable_price_query/eligibility", headers=await headers(await a_citizen()))
        ).json()

        assert [(one["answer"], one["facts"]) for one in found["answers"]] == [("yes", [])]
        assert found["who"]["zh"]

    async def test_of_a_ward_is_the_guardians(self, http: httpx.AsyncClient) -> None:
        child = await a_resident(birth_date=clock.today())
        address, query = "/v1/matters/childcare_subsidy/eligibility", {"person_id": str(child)}

        found = (await http.get(address, headers=await headers(await a_guardian_of(child)), params=query)).json()
        refused = await http.get(address, headers=await headers(await a_citizen()), params=query)

        assert [one["answer"] for one in found["answers"]] == ["yes"]
        assert refused.json()["code"] == "person_not_yours"

    async def test_of_no_matter_is_refused(self, http: httpx.AsyncClient) -> None:
        answer = await http.get("/v1/matters/no_such/eligibility", headers=await headers(await a_citizen()))

        assert answer.json()["code"] == "matter_unknown"


class TestSpeed:
    def test_all_rules_answer_within_five_milliseconds(self) -> None:
        stored, today = encode(a_person(born(50))), clock.today()
        best = min(_seconds(stored, today) for _ in range(20))

        assert best < 0.005


def _seconds(stored: bytes, today: date) -> float:
    begun = time.perf_counter()
    [reading.view(one) for one in judge_all(decode(stored), today)]
    return time.perf_counter() - begun
