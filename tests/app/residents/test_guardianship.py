"""Custody and guardianship as civil affairs tells of them: who looks, who acts, and from when on no longer."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.kernel import clock
from app.kernel.database import fetch_all, transaction
from app.kernel.errors import Refusal
from app.kernel.events import deliver_pending
from app.residents.directory import find_by_id_number
from app.residents.errors import EventTooEarly, PersonDiffers
from app.residents.families import (
    acting_guardians_of,
    comes_of_age,
    guardians_of,
    has_full_capacity,
    kin_of,
    relate_child,
    wards_of,
)
from app.residents.people import RESIDENTS
from integrations.exchange.errors import PushFromAnother
from tests.makers.callers import headers
from tests.makers.people import a_citizen, a_guardian_of, a_newborn, a_resident, an_id_number
from tests.makers.pushes import a_custody, a_death, a_guardianship, a_push, named, take

DAY = clock.today()
pytestmark = pytest.mark.usefixtures("app")


async def code_for(http: httpx.AsyncClient, citizen: Any, child: UUID, path: str = "/v1/cases") -> str:
    answer = await http.get(path, headers=await headers(citizen) | {"Fuhai-Acting-For": str(child)})
    return str(answer.json()["code"]) if answer.status_code >= 400 else "ok"


class TestCustody:
    async def test_leaves_both_parents_guardians_and_one_who_acts(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn()
        mother, father = await a_guardian_of(child), await a_guardian_of(child)

        await take(await a_custody(child, mother.id))

        assert set(await guardians_of(child)) == {mother.id, father.id}
        assert await acting_guardians_of(child) == (mother.id,)
        assert [kin.relation for kin in await kin_of(father.id)] == ["guardian_of", "parent_of"]
        assert await code_for(http, mother, child) == "ok"
        assert await code_for(http, father, child) == "power_lacks_scope"
        assert await code_for(http, father, child, "/v1/me/timeline") == "ok"

    async def test_keeps_who_lives_apart_from_applying(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn()
        mother, father = await a_guardian_of(child), await a_guardian_of(child)
        body = {"matter_code": "birth_household_registration", "subject_id": str(child)}
        await take(await a_custody(child, mother.id))

        refused = await http.post("/v1/cases", json=body, headers=await headers(father))

        assert (refused.status_code, refused.json()["code"]) == (403, "custody_elsewhere")

    async def test_may_be_both_parents_or_change_again(self) -> None:
        child = await a_newborn()
        mother, father = await a_guardian_of(child), await a_guardian_of(child)

        for custodians in ((mother.id,), (father.id,), (mother.id, father.id)):
            await take(await a_custody(child, *custodians))
            assert set(await acting_guardians_of(child)) == set(custodians)

    async def test_isnt_undone_by_a_household_page(self) -> None:
        child = await a_newborn()
        mother, father = await a_guardian_of(child), await a_guardian_of(child)
        await take(await a_custody(child, mother.id))

        await relate_child(father.id, child, clock.today(), source="police:household")

        assert await acting_guardians_of(child) == (mother.id,)

    async def test_makes_a_grandmother_guardian_until_the_child_is_grown(self) -> None:
        child = await a_newborn()
        await a_guardian_of(child)
        grandmother = await a_resident()

        await take(await a_custody(child, grandmother))

        (guardianship,) = (kin for kin in await kin_of(grandmother) if kin.relation == "guardian_of")
        assert (guardianship.until, guardianship.custody) == (comes_of_age(clock.today()), True)

    @pytest.mark.parametrize("ending", ["died", "revoked"])
    async def test_falls_to_the_other_parent_when_who_had_it_is_gone(
        self, http: httpx.AsyncClient, ending: str
    ) -> None:
        child = await a_newborn()
        mother, father = await a_guardian_of(child), await a_guardian_of(child)
        await take(await a_custody(child, mother.id))

        await take(await a_death(mother.id) if ending == "died" else await a_guardianship("revoked", child, mother.id))

        assert await acting_guardians_of(child) == (father.id,)
        assert await code_for(http, father, child) == "ok"

    async def test_of_a_child_who_isnt_known_is_nothing_to_us(self) -> None:
        mother, number = await a_citizen(), an_id_number(clock.today() - timedelta(days=900))

        await take(await a_custody(mother.id, mother.id, child={"id_number": number}))

        assert await find_by_id_number(number) is None
        assert await wards_of(mother.id) == ()

    async def test_is_told_to_both_guardians_once(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn(name="王晨")
        mother, father = await a_guardian_of(child), await a_guardian_of(child)
        push = await a_custody(child, mother.id)
        await asyncio.gather(*(take(push) for _ in range(3)))

        await deliver_pending()

        for person in (mother, father):
            items = (await http.get("/v1/inbox", headers=await headers(person))).json()["items"]
            assert [one["title"]["zh"] for one in items] == ["王晨的直接抚养关系已变更"]


class TestGuardians:
    async def test_lose_a_revoked_guardianship_at_the_next_request(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn()
        father, mother = await a_guardian_of(child), await a_guardian_of(child)
        told = await headers(father)
        assert (await http.get(f"/v1/me/timeline?person_id={child}", headers=told)).status_code == 200

        await take(await a_guardianship("revoked", child, father.id))

        assert (await http.get(f"/v1/me/timeline?person_id={child}", headers=told)).status_code == 404
        assert await code_for(http, father, child) == "guardianship_ended"
        assert await guardians_of(child) == (mother.id,)
        assert [kin.relation for kin in await kin_of(father.id)] == ["parent_of"]

    async def test_arent_brought_back_by_a_household_page(self) -> None:
        child = await a_newborn()
        father = await a_guardian_of(child)
        await take(await a_guardianship("revoked", child, father.id))

        await relate_child(father.id, child, clock.today(), source="police:household")
        assert await guardians_of(child) == ()

        await take(await a_guardianship("appointed", child, father.id))
        assert await guardians_of(child) == (father.id,)

    async def test_are_appointed_for_a_child_until_it_is_grown(self, http: httpx.AsyncClient) -> None:
        child, aunt = await a_newborn(name="王晨"), await a_citizen()

        await take(await a_guardianship("appointed", child, aunt.id))
        await deliver_pending()

        assert await wards_of(aunt.id) == (child,)
        assert [kin.until for kin in await kin_of(aunt.id)] == [comes_of_age(clock.today())]
        items = (await http.get("/v1/inbox", headers=await headers(aunt))).json()["items"]
        assert [one["title"]["zh"] for one in items] == ["您已成为王晨的监护人"]

    async def test_of_an_adult_stay_until_it_is_decided_otherwise(self) -> None:
        ward, daughter = await a_citizen(), await a_citizen()
        assert await has_full_capacity(ward.id)

        await take(await a_guardianship("appointed", ward.id, daughter.id))

        assert [kin.until for kin in await kin_of(daughter.id)] == [None]
        assert not await has_full_capacity(ward.id)
        await take(await a_guardianship("revoked", ward.id, daughter.id))
        assert await has_full_capacity(ward.id)

    async def test_of_somebody_unknown_make_them_known_by_number(self) -> None:
        aunt, number = await a_citizen(), an_id_number(clock.today() - timedelta(days=3000))

        await take(await a_guardianship("appointed", aunt.id, aunt.id, ward={"id_number": number}))

        ward = await find_by_id_number(number)
        assert ward is not None
        assert await wards_of(aunt.id) == (ward,)

    async def test_give_way_to_who_adopts(self) -> None:
        child = await a_newborn()
        mother, father = await a_guardian_of(child), await a_guardian_of(child)
        one, other = await a_citizen(), await a_citizen()

        await take(await a_guardianship("adopted", child, one.id, other.id))

        assert set(await guardians_of(child)) == {one.id, other.id}
        for parent in (one, other):
            assert [kin.relation for kin in await kin_of(parent.id)] == ["guardian_of", "parent_of"]
        for parent in (mother, father):
            assert await kin_of(parent.id) == []

    async def test_flag_a_child_to_whom_none_is_left(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn(name="王晨")
        father = await a_guardian_of(child)

        await take(await a_guardianship("revoked", child, father.id))
        await deliver_pending()

        items = (await http.get("/v1/inbox", headers=await headers(father))).json()["items"]
        assert {one["title"]["zh"] for one in items} == {"您对王晨的监护关系已终止", "王晨目前没有监护人"}

    async def test_change_once_of_two_decisions_at_once(self) -> None:
        child, aunt = await a_newborn(), await a_citizen()
        pushes = [await a_guardianship("appointed", child, aunt.id) for _ in range(3)]

        await asyncio.gather(*(take(push) for push in pushes))

        assert len(await kin_of(child)) == 1


class TestRefusals:
    async def test_other_departments_decide_nothing(self) -> None:
        child, aunt = await a_newborn(), await a_citizen()
        decision = await a_guardianship("appointed", child, aunt.id)

        for department in ("GAJ", "WJW"):
            with pytest.raises(PushFromAnother):
                await take(a_push("guardianship_changed", decision.body, department))

        assert await guardians_of(child) == ()

    async def test_nothing_is_taken_before_its_day_or_under_another_name(self) -> None:
        child, aunt = await a_newborn(), await a_citizen(name="王小红")
        tomorrow = clock.today() + timedelta(days=1)
        misnamed = [{**await named(aunt.id), "name": "王大红"}]

        for push, refusal in (
            (await a_custody(child, aunt.id, effective_on=tomorrow), EventTooEarly),
            (await a_guardianship("appointed", child, aunt.id, effective_on=tomorrow), EventTooEarly),
            (await a_custody(child, custodians=misnamed), PersonDiffers),
            (await a_guardianship("appointed", child, guardians=misnamed), PersonDiffers),
        ):
            with pytest.raises(refusal):
                await take(push)
        assert await guardians_of(child) == ()

    @pytest.mark.parametrize(
        "changes",
        [
            {"change": "sold"},
            {"ward": {}},
            {"ward": {"id_number": "1"}},
            {"guardians": []},
            {"guardians": [{"name": "王小红"}]},
            {"effective_on": "2026-13-01"},
        ],
    )
    async def test_nothing_is_written_of_what_cannot_be(self, changes: dict[str, Any]) -> None:
        child, aunt = await a_newborn(), await a_citizen()

        with pytest.raises(Refusal):
            await take(await a_guardianship("appointed", child, aunt.id, **changes))
        assert await guardians_of(child) == ()


class TestLate:
    """Decisions are told again until they arrive, so an older one may come after a newer one."""

    async def test_custody_of_who_is_of_age_changes_nothing(self, http: httpx.AsyncClient) -> None:
        young, mother = await a_citizen(birth_date=DAY - timedelta(days=18 * 366)), await a_citizen()

        await take(await a_custody(young.id, mother.id, effective_on=DAY - timedelta(days=40)))

        assert await has_full_capacity(young.id)
        assert await kin_of(young.id) == []
        assert await code_for(http, mother, young.id) == "power_unknown"

    async def test_a_guardian_of_a_minor_isnt_one_of_the_adult(self) -> None:
        young, aunt = await a_citizen(birth_date=DAY - timedelta(days=18 * 366)), await a_citizen()

        await take(await a_guardianship("appointed", young.id, aunt.id, effective_on=DAY - timedelta(days=400)))

        assert await has_full_capacity(young.id)
        assert await wards_of(aunt.id) == ()

    async def test_an_older_appointment_brings_no_revoked_guardian_back(self) -> None:
        child, aunt = await a_newborn(), await a_citizen()
        await take(await a_guardianship("revoked", child, (await a_guardian_of(child)).id))
        appointed = await a_guardianship("appointed", child, aunt.id, effective_on=DAY - timedelta(days=60))
        again = await a_guardianship("appointed", child, aunt.id, effective_on=DAY - timedelta(days=60))
        await take(appointed)
        await take(await a_guardianship("revoked", child, aunt.id, effective_on=DAY - timedelta(days=1)))

        await take(again)
        await take(await a_custody(child, aunt.id, effective_on=DAY - timedelta(days=60)))

        assert await wards_of(aunt.id) == ()

    async def test_an_older_revocation_ends_no_newer_appointment(self) -> None:
        child, aunt = await a_newborn(), await a_citizen()
        await take(await a_guardianship("appointed", child, aunt.id, effective_on=DAY - timedelta(days=1)))

        await take(await a_guardianship("revoked", child, aunt.id, effective_on=DAY - timedelta(days=60)))

        assert await wards_of(aunt.id) == (child,)

    async def test_an_older_adoption_ends_no_newer_one(self) -> None:
        child, newer, older = await a_newborn(), await a_citizen(), await a_citizen()
        await take(await a_guardianship("adopted", child, newer.id, effective_on=DAY - timedelta(days=1)))

        await take(await a_guardianship("adopted", child, older.id, effective_on=DAY - timedelta(days=60)))

        assert await guardians_of(child) == (newer.id,)
        assert [kin.relation for kin in await kin_of(child)] == ["child_of", "ward_of"]

    async def test_an_older_custody_changes_nothing_and_nobody_is_told(self) -> None:
        child = await a_newborn()
        mother, father = await a_guardian_of(child), await a_guardian_of(child)
        await take(await a_custody(child, father.id, effective_on=DAY - timedelta(days=1)))
        before = await told_of(child)

        await take(await a_custody(child, mother.id, effective_on=DAY - timedelta(days=300)))

        assert await acting_guardians_of(child) == (father.id,)
        assert await told_of(child) == before

    async def test_custody_of_who_died_leaves_the_other_parent_acting(self) -> None:
        child = await a_newborn()
        mother, father = await a_guardian_of(child), await a_guardian_of(child)
        push = await a_custody(child, mother.id, effective_on=DAY - timedelta(days=1))
        await take(await a_death(mother.id))

        await take(push)

        assert await guardians_of(child) == await acting_guardians_of(child) == (father.id,)


async def told_of(child: UUID) -> list[str]:
    async with transaction(RESIDENTS):
        rows = await fetch_all("SELECT kind FROM outbox WHERE citizen_id = $1 ORDER BY id", child)
    return [row["kind"] for row in rows]
