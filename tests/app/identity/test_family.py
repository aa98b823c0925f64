"""The family as its member sees it: ties with their source, and who may act for whom."""

from datetime import timedelta

import httpx
import pytest

from app.identity.family import family
from app.kernel import clock
from app.kernel.actors import Scope
from app.residents.families import comes_of_age, relate
from tests.makers.callers import headers
from tests.makers.delegations import a_delegation, a_power, in_days
from tests.makers.people import a_citizen, a_guardian_of, a_newborn
from tests.makers.pushes import a_custody, take

pytestmark = pytest.mark.usefixtures("app")


class TestRelatives:
    async def test_show_a_ward_in_full_and_nobody_elses_family(self) -> None:
        child = await a_newborn(name="王晨")
        guardian = await a_guardian_of(child)

        (item,) = (await family(guardian)).items

        assert (item.name, item.may_act_for, item.birth_date) == ("王晨", True, clock.today())
        assert set(item.relations) == {"child", "ward"}
        assert set(item.scopes) == set(Scope)
        assert (await family(await a_citizen())).items == []

    async def test_say_since_when_until_when_and_who_says_so(self) -> None:
        child = await a_newborn()
        guardian = await a_guardian_of(child)

        (item,) = (await family(guardian)).items

        ward = next(tie for tie in item.ties if tie.relation == "ward")
        assert (ward.source, ward.since, ward.custody) == ("test:maker", clock.today(), None)
        assert ward.until == comes_of_age(clock.today())

    async def test_say_who_has_custody(self) -> None:
        child = await a_newborn()
        mother, father = await a_guardian_of(child), await a_guardian_of(child)
        await take(await a_custody(child, mother.id))

        for parent, custody in ((mother, True), (father, False)):
            (item,) = (await family(parent)).items
            assert [tie.custody for tie in item.ties if tie.relation == "ward"] == [custody]
            assert (item.may_act_for, Scope.CASES in item.scopes) == (custody, custody)
            assert item.id == child

    async def test_leave_a_minor_of_14_what_is_their_own(self) -> None:
        child = await a_newborn(birth_date=clock.today() - timedelta(days=15 * 366))
        guardian = await a_guardian_of(child)

        (item,) = (await family(guardian)).items

        assert set(Scope) - set(item.scopes) == {Scope.NOTICES_READ, Scope.DISK_READ}

    async def test_show_nothing_but_the_name_of_a_spouse_who_gave_a_power(self) -> None:
        one, spouse = await a_citizen(), await a_citizen(name="李大明")
        await relate(one.id, "spouse_of", spouse.id, source="test")
        assert [item.may_act_for for item in (await family(one)).items] == [False]

        await a_power(spouse, one, Scope.CASES, Scope.CARD_READ)

        (item,) = (await family(one)).items
        assert (item.name, item.birth_date, item.id_number_masked) == ("李大明", None, None)
        assert (item.may_act_for, item.scopes) == (True, [Scope.CARD_READ, Scope.CASES])

    async def test_count_no_power_before_its_first_day(self) -> None:
        one, spouse = await a_citizen(), await a_citizen()
        await relate(one.id, "spouse_of", spouse.id, source="test")

        await a_power(spouse, one, Scope.CASES, valid_from=in_days(1), valid_to=in_days(2))

        assert [(item.may_act_for, item.scopes) for item in (await family(one)).items] == [(False, [])]


class TestPowers:
    async def test_stand_beside_the_family_while_they_are_live(self, http: httpx.AsyncClient) -> None:
        one, friend = await a_citizen(), await a_citizen()
        given, received = await a_power(one, friend), await a_delegation(friend, one)

        told = (await http.get("/v1/me/family", headers=await headers(one))).json()

        assert [power["id"] for power in told["powers_given"]] == [str(given.id)]
        assert [(power["id"], power["state"]) for power in told["powers_received"]] == [(str(received.id), "offered")]

    async def test_are_seen_by_nobody_else(self, http: httpx.AsyncClient) -> None:
        await a_power(await a_citizen(), await a_citizen())

        told = (await http.get("/v1/me/family", headers=await headers(await a_citizen()))).json()
        nobody = await http.get("/v1/me/family")

        assert told == {"items": [], "powers_given": [], "powers_received": []}
        assert nobody.status_code == 401
