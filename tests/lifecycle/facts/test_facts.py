"""What is known of a person over HTTP: sources, what holds, what is missing, and what they declare themselves."""

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest

from app.kernel import clock
from app.kernel.actors import Citizen, System
from app.kernel.database import fetch_all, fetch_value, transaction
from app.kernel.ids import shard_of
from app.residents.families import end, relate, relate_child
from app.residents.marriages import marry
from integrations.departments.welfare import WELFARE_ALLOWANCES, WelfareAllowances
from lifecycle.facts.reading import fact_view, known
from lifecycle.queries.remembered import Remembered, fact_of, keep
from lifecycle.rules.fact_kinds import MARITAL_STATUS
from tests.makers.callers import headers
from tests.makers.facts import facts
from tests.makers.people import a_citizen, a_guardian_of, a_resident

pytestmark = pytest.mark.usefixtures("app")
FACTS = "/v1/me/facts"


async def declared(http: httpx.AsyncClient, who: dict[str, str], kind: str, value: Any, **more: Any) -> httpx.Response:
    return await http.put(f"{FACTS}/{kind}", headers=who, json={"value": value} | more)


async def shown(http: httpx.AsyncClient, who: dict[str, str], **query: str) -> dict[str, Any]:
    answer = await http.get(FACTS, headers=who, params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def fact(found: dict[str, Any], kind: str) -> dict[str, Any]:
    return next(one for one in found["facts"] if one["kind"] == kind)


class TestKnown:
    async def test_names_source_day_and_sureness_of_each_value(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen()

        found = fact(await shown(http, await headers(citizen)), "birth_date")

        (said,) = found["said"]
        assert (said["source"], said["confidence"], said["holds"]) == ("residents", "registered", True)
        assert said["as_of"] == clock.today().isoformat()
        assert said["source_name"]["zh"]
        assert (found["disagree"], found["disputed"], found["declarable"]) == (False, False, False)
        assert said["correct"]["body"]["table"] == "resident"

    async def test_names_what_is_missing_who_asks_for_it_and_what_it_is_for(self, http: httpx.AsyncClient) -> None:
        found = await shown(http, await headers(await a_citizen()))

        income = next(one for one in found["missing"] if one["kind"] == "household_income_fen")
        assert income["asked_by"] == "social_assistance_info"
        assert "social_assistance_info" in income["needed_for"]
        assert income["declarable"]

    async def test_one_tap_asks_the_department_that_told_a_value_to_correct_it(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen()
        who = await headers(citizen)
        answer = WelfareAllowances(())
        told = Remembered(answer, "MZJ", clock.now(), clock.now(), live=True)
        await keep(System("tests"), citizen.id, fact_of(WELFARE_ALLOWANCES, {}), told)

        (said,) = fact(await shown(http, who), "allowances")["said"]
        body = said["correct"]["body"]
        assert (said["source"], body["table"], body["department"], body["fact"]) == (
            "MZJ",
            "remembered_answer",
            "MZJ",
            "allowances",
        )
        asked = await http.post("/v1/me/corrections", headers=who, json=body)
        again = await http.post("/v1/me/corrections", headers=who, json=body)
        other = await http.post("/v1/me/corrections", headers=who, json=body | {"fact": "disability_grade"})
        strange = await http.post("/v1/me/corrections", headers=who, json=body | {"department": "NOBODY"})
        assert (asked.status_code, asked.json()["department"]) == (202, "MZJ")
        assert again.json()["code"] == "correction_asked_already"
        assert other.status_code == 202
        assert strange.json()["code"] == "field_not_correctable"

    async def test_one_tap_asks_for_a_child_below_fourteen_who_lives_with_the_guardian(
        self, http: httpx.AsyncClient
    ) -> None:
        child, today = await a_resident(birth_date=clock.today()), clock.today()
        teen = await a_resident(birth_date=today.replace(year=today.year - 14, day=1))
        guardian = await a_guardian_of(child)
        await relate_child(guardian.id, teen, clock.today(), source="test:maker")
        apart = msgspec.structs.replace(guardian, apart=(child,))
        who = await headers(guardian)

        body = fact(await shown(http, who, person_id=str(child)), "birth_date")["said"][0]["correct"]["body"]
        asked = await http.post("/v1/me/corrections", headers=who, json=body)

        assert (asked.status_code, asked.json()["person_id"]) == (202, str(child))
        assert fact(await shown(http, who, person_id=str(teen)), "birth_date")["said"][0]["correct"] is None
        assert all(one.correct is None for kind in (await known(apart, child)).facts for one in kind.said)

    def test_two_sources_that_disagree_are_both_shown_and_equals_hold_nothing(self) -> None:
        police, civil = facts({MARITAL_STATUS: "single"}, by="GAJ"), facts({MARITAL_STATUS: "married"}, by="MZJ")

        equals = fact_view(MARITAL_STATUS, police.also(*civil.said()), own=True)
        declared_too = police.also(*facts({MARITAL_STATUS: "married"}, by="declared", sure="declared").said())
        weaker = fact_view(MARITAL_STATUS, declared_too, own=True)

        assert (equals.disagree, equals.disputed) == (True, True)
        assert not any(one.holds for one in equals.said)
        bodies = [one.correct.body for one in equals.said if one.correct and one.correct.body]
        assert {body.wanted_value for body in bodies} == {"single", "married"}
        assert (weaker.disagree, weaker.disputed) == (True, False)
        assert [one.holds for one in weaker.said] == [True, False]

    async def test_of_a_ward_is_the_guardians_to_see_and_a_strangers_not(self, http: httpx.AsyncClient) -> None:
        child = await a_resident(birth_date=clock.today())
        guardian, stranger = await a_guardian_of(child), await a_citizen()

        found = await shown(http, await headers(guardian), person_id=str(child))

        assert found["subject_id"] == str(child)
        assert fact(found, "birth_date")["said"][0]["correct"]["body"]["person_id"] == str(child)
        refused = await http.get(FACTS, headers=await headers(stranger), params={"person_id": str(child)})
        assert refused.json()["code"] == "person_not_yours"

    async def test_is_for_who_is_signed_in_with_a_proved_name(self, http: httpx.AsyncClient) -> None:
        assert (await http.get(FACTS)).status_code == 401
        low = await http.get(FACTS, headers=await headers(await a_citizen(1)))
        assert low.json()["code"] == "assurance_too_low"

    async def test_takes_no_person_of_another_shape(self, http: httpx.AsyncClient) -> None:
        who = await headers(await a_citizen())
        assert (await http.get(FACTS, headers=who, params={"person_id": "x"})).json()["code"] == "parameter_wrong"


FAMILY = "/v1/me/family/facts"


async def of_family(http: httpx.AsyncClient, who: Citizen) -> list[dict[str, Any]]:
    answer = await http.get(FAMILY, headers=await headers(who))
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["people"]
    return found


async def looks_at(ward: UUID) -> int:
    async with transaction(System("tests")):
        sql = "SELECT count(*) FROM act WHERE shard = $1 AND citizen_id = $2 AND act = 'ward_looked_at'"
        counted: int = await fetch_value(sql, shard_of(ward), ward)
        return counted


class TestOfTheFamily:
    async def test_are_ones_own_first_and_each_wards(self, http: httpx.AsyncClient) -> None:
        child, other = await a_resident(birth_date=clock.today()), await a_resident(birth_date=clock.today())
        guardian = await a_guardian_of(child)
        await relate_child(guardian.id, other, clock.today(), source="test:maker")
        who = await headers(guardian)

        found = await of_family(http, guardian)

        assert found[0]["subject_id"] == str(guardian.id)
        assert {one["subject_id"] for one in found} == {str(one) for one in (guardian.id, child, other)}
        for one in found:
            assert one == await shown(http, who, person_id=one["subject_id"])
        assert fact(found[0], "birth_date")["said"][0]["correct"] is not None

    async def test_are_noted_in_each_wards_log_once_a_day(self, http: httpx.AsyncClient) -> None:
        child = await a_resident(birth_date=clock.today())
        guardian = await a_guardian_of(child)

        for _ in range(2):
            await of_family(http, guardian)

        assert await looks_at(child) == 1
        assert await looks_at(guardian.id) == 0

    async def test_are_never_a_grown_relatives(self, http: httpx.AsyncClient) -> None:
        grown_up = await a_resident(birth_date=date(1990, 1, 1))
        parent, spouse = await a_citizen(), await a_citizen()
        await relate(parent.id, "parent_of", grown_up, source="test:maker")
        await marry(parent.id, spouse.id, date(2020, 1, 1))

        assert [one["subject_id"] for one in await of_family(http, parent)] == [str(parent.id)]
        assert [one["subject_id"] for one in await of_family(http, spouse)] == [str(spouse.id)]

    async def test_end_with_the_eighteenth_birthday_and_with_the_guardianship(self, http: httpx.AsyncClient) -> None:
        eighteen = clock.today().replace(day=1)
        of_age = await a_resident(birth_date=eighteen.replace(year=eighteen.year - 18))
        former = await a_resident(birth_date=clock.today())
        guardian = await a_guardian_of(of_age)
        await relate_child(guardian.id, former, clock.today(), source="test:maker")
        assert len(await of_family(http, guardian)) == 2

        await end(guardian.id, "guardian_of", former, source="test:maker", on=clock.today())

        assert [one["subject_id"] for one in await of_family(http, guardian)] == [str(guardian.id)]

    async def test_are_for_who_is_signed_in_with_a_proved_name(self, http: httpx.AsyncClient) -> None:
        assert (await http.get(FAMILY)).status_code == 401
        low = await http.get(FAMILY, headers=await headers(await a_citizen(1)))
        assert low.json()["code"] == "assurance_too_low"


class TestDeclare:
    async def test_holds_until_it_is_taken_back(self, http: httpx.AsyncClient) -> None:
        who = await headers(await a_citizen())

        first = await declared(http, who, "household_income_fen", 180_000)
        second = await declared(http, who, "household_income_fen", 190_000)

        assert first.status_code == second.status_code == 200
        (said,) = second.json()["said"]
        assert (said["value"], said["source"], said["confidence"], said["holds"]) == (
            190_000,
            "declared",
            "declared",
            True,
        )
        assert said["correct"] == {"operation": "declareFact", "body": None}
        assert (await http.delete(f"{FACTS}/household_income_fen", headers=who)).status_code == 204
        gone = await http.delete(f"{FACTS}/household_income_fen", headers=who)
        assert gone.json()["code"] == "fact_not_declared"

    async def test_lets_the_agenda_be_stale_in_the_same_transaction(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen()
        who = await headers(citizen)
        await http.get("/v1/me/entitlements", headers=who)

        await declared(http, who, "studying", value=True)

        async with transaction(System("tests")):
            (row,) = await fetch_all(
                "SELECT stale_at FROM agenda_book WHERE shard = $1 AND id = $2", shard_of(citizen.id), citizen.id
            )
        assert row["stale_at"] is not None

    @pytest.mark.parametrize(
        ("kind", "value"),
        [
            ("household_income_fen", True),
            ("household_income_fen", "180000"),
            ("household_persons", 0),
            ("household_persons", 31),
            ("disability_grade", 5),
            ("residence_area", "moon"),
            ("diploma", "moon"),
            ("graduated_on", "1900-01-01"),
            ("studying", "yes"),
            ("residence_since", "2026-13-01"),
            ("residence_since", "1900-01-01"),
        ],
    )
    async def test_of_what_cant_be_is_refused(self, http: httpx.AsyncClient, kind: str, value: Any) -> None:
        who = await headers(await a_citizen())

        refused = await declared(http, who, kind, value)

        assert (refused.status_code, refused.json()["code"]) == (422, "fact_impossible")
        assert kind not in {one["kind"] for one in (await shown(http, who))["facts"]}

    async def test_of_a_day_to_come_or_before_birth_is_refused_and_of_today_isnt(self, http: httpx.AsyncClient) -> None:
        today = clock.today()
        citizen = await a_citizen(birth_date=today.replace(year=today.year - 30))
        who = await headers(citizen)

        assert (await declared(http, who, "unemployed_since", today.isoformat())).status_code == 200
        later = await declared(http, who, "unemployed_since", (today + timedelta(days=1)).isoformat())
        assert later.json()["code"] == "fact_impossible"

    @pytest.mark.parametrize("kind", ["birth_date", "died_on", "children", "cases", "insured", "nonsense"])
    async def test_of_what_registers_decide_is_refused(self, http: httpx.AsyncClient, kind: str) -> None:
        who = await headers(await a_citizen())

        assert (await declared(http, who, kind, 1)).json()["code"] == "fact_not_declarable"
        assert (await http.delete(f"{FACTS}/{kind}", headers=who)).json()["code"] == "fact_not_declarable"

    @pytest.mark.parametrize(
        "content",
        [
            *(
                '{"value": -1}',
                f'{{"value": {10**12 + 1}}}',
                '{"value": NaN}',
                '{"value": 1, "more": 2}',
                "[]",
                "{}",
                '{"value": 1',
                "",
            ),
            *('{"value": 1.5}', '{"value": null}', '{"value": [1]}', '{"value": "\\u0000"}', f'{{"value": {10**30}}}'),
        ],
    )
    async def test_of_another_shape_is_refused(self, http: httpx.AsyncClient, content: str) -> None:
        sent = await headers(await a_citizen()) | {"content-type": "application/json"}

        refused = await http.put(f"{FACTS}/wage_fen", headers=sent, content=content)

        assert refused.status_code in {400, 422}

    async def test_a_worker_kind_must_fit_the_sex(self, http: httpx.AsyncClient) -> None:
        who = await headers(await a_citizen(sex="female"))

        assert (await declared(http, who, "worker_kind", "man")).json()["code"] == "fact_impossible"
        assert (await declared(http, who, "worker_kind", "woman_cadre")).status_code == 200

    async def test_for_a_ward_is_the_guardians_and_a_strangers_not(self, http: httpx.AsyncClient) -> None:
        child = await a_resident(birth_date=clock.today())
        guardian, stranger = await a_guardian_of(child), await a_citizen()

        kept = await declared(http, await headers(guardian), "studying", value=False, person_id=str(child))
        refused = await declared(http, await headers(stranger), "studying", value=False, person_id=str(child))
        nobody = await declared(http, await headers(stranger), "studying", value=False, person_id=str(uuid4()))

        assert kept.status_code == 200
        assert {one.json()["code"] for one in (refused, nobody)} == {"person_not_yours"}
        gone = await http.delete(f"{FACTS}/studying", headers=await headers(stranger), params={"person_id": str(child)})
        assert gone.json()["code"] == "person_not_yours"

    async def test_a_repeat_with_one_key_is_answered_as_before(self, http: httpx.AsyncClient) -> None:
        who = await headers(await a_citizen()) | {"idempotency-key": uuid4().hex}

        answers = [await declared(http, who, "wage_fen", 500_000) for _ in range(2)]
        other = await declared(http, who, "wage_fen", 600_000)

        assert answers[0].json() == answers[1].json()
        assert other.json()["code"] == "idempotency_key_reused"

    async def test_several_at_once_leave_one(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen()
        who = await headers(citizen)

        answers = await asyncio.gather(*(declared(http, who, "wage_fen", at) for at in range(8)))

        assert {answer.status_code for answer in answers} == {200}
        async with transaction(System("tests")):
            rows = await fetch_all(
                "SELECT id FROM declared_fact WHERE shard = $1 AND citizen_id = $2", shard_of(citizen.id), citizen.id
            )
        assert len(rows) == 1

    async def test_nobody_signed_in_declares_nothing(self, http: httpx.AsyncClient) -> None:
        assert (await declared(http, {}, "wage_fen", 1)).status_code == 401
        assert (await http.delete(f"{FACTS}/wage_fen")).status_code == 401
