"""Declaring a life event over HTTP: by oneself and for a ward, repeated, at once, and what isn't taken."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from app.audit.acts import Act
from app.kernel import clock
from app.kernel.actors import Citizen, Scope
from app.kernel.database import execute, fetch_all, transaction
from app.kernel.events import deliver_pending
from app.kernel.ids import shard_of
from lifecycle.facts.gathering import facts_about
from lifecycle.life_events import declaring
from lifecycle.life_events.errors import LifeEventNotFound, PersonHasDied, TooManyEvents
from lifecycle.life_events.eventbook import OFFICE, find_for
from lifecycle.life_events.structs import NewLifeEvent
from lifecycle.rules.fact_kinds import EVENTS, PREGNANCY, Pregnancy
from tests.makers.callers import headers
from tests.makers.delegations import a_power
from tests.makers.life_events import (
    PREGNANT,
    a_pregnancy,
    a_standing_pregnancy,
    a_woman,
    codes_of,
    declared,
    events_of,
    notices_to,
    records_of,
)
from tests.makers.people import a_citizen, a_guardian_of, a_resident
from tests.makers.pushes import a_custody, a_death, take

pytestmark = pytest.mark.usefixtures("app")
ADDRESS = "/v1/me/life-events"


async def post(http: httpx.AsyncClient, citizen: Citizen, body: Any, **more: str) -> httpx.Response:
    return await http.post(ADDRESS, json=body, headers=await headers(citizen) | more)


async def acts_about(person: UUID) -> list[str]:
    async with transaction(OFFICE):
        rows = await fetch_all(
            "SELECT act FROM act WHERE shard = $1 AND citizen_id = $2 AND act LIKE 'life_event%' ORDER BY id",
            *(shard_of(person), person),
        )
    return [row["act"] for row in rows]


class TestOffers:
    async def test_anyone_reads_what_can_happen_and_what_follows(self, http: httpx.AsyncClient) -> None:
        items = (await http.get("/v1/life-events")).json()["items"]

        found = {one["code"]: one for one in items}
        assert found["E_CHILD_BORN"]["bundles"][0]["code"] == "birth"
        assert "birth_household_registration" in {one["code"] for one in found["E_CHILD_BORN"]["matters"]}
        assert found[PREGNANT]["details"][0] | {"title": None} == {
            "name": "last_period_on", "type": "date", "required": True, "title": None
        }  # fmt: skip
        assert [one["code"] for one in found[PREGNANT]["means"]] == ["life_events", "pregnancy"]
        assert (found["E_AGE60"]["told_by_date"], found["E_AGE60"]["declared_by"]) == (True, [])
        assert found["E_TAX_SEASON"]["for_everybody"]


class TestDeclare:
    async def test_stands_as_a_fact_a_record_and_a_notice(self, http: httpx.AsyncClient) -> None:
        woman = await a_woman()

        answer = await post(http, woman, a_pregnancy())
        await deliver_pending()

        shown = answer.json()
        assert answer.status_code == 201
        assert (shown["event"]["state"], shown["event"]["confidence"]) == ("standing", "declared")
        assert [(step["step"], step["by"]) for step in shown["steps"]] == [("declare", "citizen")]
        assert "antenatal_exam" in {one["code"] for one in shown["matters"]}
        async with transaction(OFFICE):
            facts = await facts_about(woman.id)
        last = a_pregnancy()["details"]["last_period_on"]
        assert facts.value(PREGNANCY) == Pregnancy(clock.today() - timedelta(days=60))
        assert [code for code, _ in facts.value(EVENTS) or ()] == [PREGNANT]
        assert shown["event"]["details"] == {"last_period_on": last}
        assert await records_of(woman.id) == [("life_event.stood", "怀孕")]
        assert await notices_to(woman.id) == [("life_event.next", "怀孕")]
        assert await acts_about(woman.id) == [Act.LIFE_EVENT_DECLARED]

    async def test_names_the_bundle_in_the_notice(self) -> None:
        woman = await a_woman()

        await declared(woman, "E_COUPLE")
        await deliver_pending()

        assert await notices_to(woman.id) == [("life_event.next_bundle", "准备结婚")]

    async def test_what_was_said_is_sealed(self) -> None:
        woman = await a_woman()
        await a_standing_pregnancy(woman)

        found = (await events_of(woman.id))[0]

        assert found.details is not None
        assert b"last_period" not in found.details

    async def test_a_repeat_finds_the_same(self, http: httpx.AsyncClient) -> None:
        woman = await a_woman()
        key = {"idempotency-key": uuid4().hex}

        first = await post(http, woman, a_pregnancy(), **key)
        by_key = await post(http, woman, a_pregnancy(), **key)
        by_itself = await post(http, woman, a_pregnancy())

        assert first.json() == by_key.json()
        assert first.json()["event"] == by_itself.json()["event"]
        assert await codes_of(woman.id) == [(PREGNANT, "declared", "standing")]
        assert await acts_about(woman.id) == [Act.LIFE_EVENT_DECLARED]

    async def test_of_several_at_once_one_is_written(self, http: httpx.AsyncClient) -> None:
        woman = await a_woman()

        answers = await asyncio.gather(*(post(http, woman, a_pregnancy()) for _ in range(5)))

        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.json()["event"]["id"] for answer in answers}) == 1
        assert len(await events_of(woman.id)) == 1

    async def test_of_two_days_at_once_one_pregnancy_stands(self, http: httpx.AsyncClient) -> None:
        woman, today = await a_woman(), clock.today()
        bodies = [a_pregnancy(occurred_on=(today - timedelta(days=ago)).isoformat()) for ago in (1, 2, 3)]

        answers = await asyncio.gather(*(post(http, woman, body) for body in bodies))

        assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
        assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {
            "life_event_stands_already"
        }

    async def test_refuses_other_details_of_what_stands(self, http: httpx.AsyncClient) -> None:
        woman = await a_woman()
        stands = await a_standing_pregnancy(woman)
        other = {"last_period_on": (clock.today() - timedelta(days=50)).isoformat()}

        answer = await post(http, woman, a_pregnancy(details=other))

        assert (answer.status_code, answer.json()["code"]) == (409, "life_event_said_otherwise")
        assert answer.json()["event_id"] == str(stands.event.id)

    async def test_refuses_the_anonymous_and_a_level_too_low(self, http: httpx.AsyncClient) -> None:
        low = await a_citizen(1)

        assert (await http.post(ADDRESS, json=a_pregnancy())).status_code == 401
        assert (await post(http, low, a_pregnancy())).json()["code"] == "assurance_too_low"

    async def test_refuses_who_acts_by_a_power(self, http: httpx.AsyncClient) -> None:
        woman, delegate = await a_woman(), await a_citizen(2)
        await a_power(woman, delegate, Scope.CASES)

        answer = await post(http, delegate, a_pregnancy(), **{"fuhai-acting-for": str(woman.id)})

        assert answer.json()["code"] == "not_for_others"

    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            ({"event": "E_NOTHING", "occurred_on": "2026-11-01"}, 404, "life_event_unknown"),
            ({"event": "nothing", "occurred_on": "2026-11-01"}, 422, "body_wrong"),
            ({"event": "E_ILL", "occurred_on": "yesterday"}, 422, "body_wrong"),
            ({"event": "E_ILL"}, 422, "body_wrong"),
            ({"event": "E_ILL", "occurred_on": "2026-11-01", "why": "so"}, 422, "body_wrong"),
            ({"event": "E_ILL", "occurred_on": "2026-11-01", "details": {"a": [1]}}, 422, "body_wrong"),
            ({"event": "E_ILL", "occurred_on": "2026-11-01", "details": {"a": True}}, 422, "body_wrong"),
            ({"event": "E_ILL", "occurred_on": "2026-11-01", "details": {"x\u0000": "a"}}, 422, "body_wrong"),
            ({"event": "E_AGE60", "occurred_on": "2026-11-01"}, 403, "life_event_not_declarable"),
            ({"event": "E_TAX_SEASON", "occurred_on": "2026-11-01"}, 403, "life_event_not_declarable"),
            ({"event": "E_ILL", "occurred_on": "2999-01-01"}, 422, "life_event_implausible"),
        ],
    )
    async def test_refuses_what_is_malformed_or_cannot_be(
        self, http: httpx.AsyncClient, body: Any, status: int, code: str
    ) -> None:
        woman = await a_woman()

        answer = await post(http, woman, body)

        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert await events_of(woman.id) == []

    async def test_points_at_what_cannot_be(self, http: httpx.AsyncClient) -> None:
        man = await a_citizen(2, sex="male", birth_date=clock.today().replace(year=1990, day=1))

        answer = await post(http, man, {"event": PREGNANT, "occurred_on": clock.today().isoformat()})

        assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [
            ("/event", "other_sex"),
            ("/details/last_period_on", "missing"),
        ]

    async def test_refuses_more_than_anybody_needs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        woman = await a_woman()
        monkeypatch.setattr(declaring, "limit_today", lambda _key: 1)
        await declared(woman, "E_ILL")

        with pytest.raises(TooManyEvents):
            await declared(woman, "E_CHRONIC")

    async def test_nothing_is_declared_of_the_dead(self) -> None:
        woman = await a_woman()
        await take(await a_death(woman.id))

        with pytest.raises(PersonHasDied):
            await declared(woman, "E_ILL")


class TestOfWards:
    async def test_a_guardian_declares_what_guardians_may(self, http: httpx.AsyncClient) -> None:
        child = await a_resident(name="于安然", birth_date=clock.today().replace(year=2019, day=1), sex="male")
        mother = await a_guardian_of(child)
        body = {"event": "E_EXAM_DONE", "occurred_on": clock.today().isoformat(), "person_id": str(child)}

        answer = await post(http, mother, body)
        await deliver_pending()

        assert answer.json()["event"]["person_id"] == str(child)
        assert await codes_of(child) == [("E_EXAM_DONE", "declared", "standing")]
        assert await notices_to(mother.id) == [("life_event.next", "考试结束")]
        listed = await http.get(ADDRESS, params={"person_id": str(child)}, headers=await headers(mother))
        assert [one["event"] for one in listed.json()["items"]] == ["E_EXAM_DONE"]

    async def test_refuses_what_only_the_person_declares(self, http: httpx.AsyncClient) -> None:
        child = await a_resident(birth_date=clock.today().replace(year=2012, day=1), sex="female")
        mother = await a_guardian_of(child)

        answer = await post(http, mother, a_pregnancy(person_id=str(child)))

        assert answer.json()["code"] == "life_event_not_declarable"
        assert answer.json()["declared_by"] == ["self"]

    async def test_refuses_somebody_elses_child(self, http: httpx.AsyncClient) -> None:
        child = await a_resident(birth_date=clock.today().replace(year=2012, day=1))
        body = {"event": "E_ILL", "occurred_on": clock.today().isoformat(), "person_id": str(child)}

        answer = await post(http, await a_woman(), body)

        assert answer.json()["code"] == "person_not_yours"

    async def test_refuses_a_guardian_without_custody(self, http: httpx.AsyncClient) -> None:
        child = await a_resident(birth_date=clock.today().replace(year=2019, day=1))
        mother, father = await a_guardian_of(child), await a_guardian_of(child)
        await take(await a_custody(child, mother.id))
        body = {"event": "E_ILL", "occurred_on": clock.today().isoformat(), "person_id": str(child)}

        assert (await post(http, father, body)).json()["code"] == "custody_elsewhere"
        assert (await post(http, mother, body)).status_code == 201


class TestRead:
    async def test_a_stranger_finds_nothing(self, http: httpx.AsyncClient) -> None:
        stands = await a_standing_pregnancy(await a_woman())
        stranger = await headers(await a_citizen(2))

        for method, path in (("GET", ""), ("POST", "/confirm"), ("POST", "/take-back")):
            body: dict[str, str] | None = {} if path == "/take-back" else None
            answer = await http.request(method, f"{ADDRESS}/{stands.event.id}{path}", json=body, headers=stranger)
            assert (answer.status_code, answer.json()["code"]) == (404, "life_event_not_found")

    async def test_the_anonymous_finds_nothing(self, http: httpx.AsyncClient) -> None:
        for address in (ADDRESS, f"{ADDRESS}/{uuid4()}"):
            assert (await http.get(address)).status_code == 401

    async def test_lists_in_pages_the_last_known_first(self, http: httpx.AsyncClient) -> None:
        woman = await a_woman()
        for event in ("E_ILL", "E_CHRONIC", "E_VISA"):
            await declared(woman, event)
        own = await headers(woman)

        first = (await http.get(ADDRESS, params={"limit": 2}, headers=own)).json()
        second = (await http.get(ADDRESS, params={"limit": 2, "cursor": first["next"]}, headers=own)).json()

        assert [one["event"] for one in first["items"] + second["items"]] == ["E_VISA", "E_CHRONIC", "E_ILL"]
        assert second["next"] is None

    async def test_refuses_a_cursor_and_a_person_that_are_not_ours(self, http: httpx.AsyncClient) -> None:
        own = await headers(await a_woman())

        wrong = await http.get(ADDRESS, params={"cursor": "x"}, headers=own)
        others = await http.get(ADDRESS, params={"person_id": str(uuid4())}, headers=own)

        assert [wrong.json()["code"], others.json()["code"]] == ["cursor_wrong", "person_not_yours"]

    async def test_row_security_hides_it_from_a_stranger(self) -> None:
        woman, stranger = await a_woman(), await a_citizen(2)
        stands = await a_standing_pregnancy(woman)

        async with transaction(stranger):
            with pytest.raises(LifeEventNotFound):
                await find_for(stranger, stands.event.id)
            rows = await fetch_all("SELECT * FROM life_event_step WHERE event_id = $1", stands.event.id)
        assert rows == []

    async def test_a_citizen_cannot_change_a_step(self) -> None:
        woman = await a_woman()
        stands = await a_standing_pregnancy(woman)

        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with transaction(woman):
                await execute("UPDATE life_event_step SET step = 'end' WHERE event_id = $1", stands.event.id)


class TestAnew:
    async def test_what_was_taken_back_can_be_declared_again_with_other_details(self) -> None:
        woman = await a_woman()
        stands = await a_standing_pregnancy(woman)
        await declaring.take_back(woman, stands.event.id)
        other: dict[str, str | int] = {"last_period_on": (clock.today() - timedelta(days=50)).isoformat()}

        again = await declaring.declare(woman, NewLifeEvent(PREGNANT, stands.event.occurred_on, None, other))

        assert again.event.id == stands.event.id
        assert again.event.details == other
        assert [step.step for step in again.steps] == ["declare", "take_back", "declare"]
