"""Minors of 14 to 17 with an account of their own: without a known guardian nothing binds them (民法典 art. 19)."""

from datetime import date

import httpx
import pytest

from app.card import cards
from app.identity.errors import GuardianNeeded
from app.identity.households import FetchHousehold, fetch_household
from app.identity.real_name import prove_real_name
from app.identity.structs import RealName
from app.kernel import clock
from app.kernel.actors import Citizen, Department
from app.kernel.database import transaction
from app.privacy.purposes import SOURCE_POLICE
from app.residents import deaths
from app.residents.ages import birthday
from app.residents.families import guardians_of, kin_of, relate_child
from integrations.departments.police import Death
from lifecycle.cases import drafts, forms, submission
from lifecycle.cases.structs import FormChange, NewCase, Submission
from tests.makers.callers import headers
from tests.makers.consents import allow
from tests.makers.matters import OWN_MATTER, OwnMatter
from tests.makers.outside import PoliceRegister
from tests.makers.people import a_citizen, an_id_number, the_resident

pytestmark = pytest.mark.usefixtures("app")


def born(years_ago: int) -> date:
    return birthday(clock.today(), -years_ago)


async def a_minor(age: int = 15) -> Citizen:
    return await a_citizen(2, id_number=an_id_number(born(age)), birth_date=born(age))


async def with_guardian(minor: Citizen) -> Citizen:
    parent = await a_citizen(2)
    await relate_child(parent.id, minor.id, born(15), source="test")
    return parent


@pytest.fixture
def _own_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(forms._forms, OWN_MATTER, OwnMatter(OWN_MATTER))


class TestRealName:
    async def test_of_a_minor_says_that_a_guardian_is_needed(self) -> None:
        police, number = PoliceRegister(), an_id_number(born(15))
        police.enter("王小红", number)

        me = await prove_real_name(await a_citizen(1), RealName("王小红", number), police)

        assert (me.level, me.guardian_needed) == (2, True)

    async def test_says_no_such_thing_to_adults_and_wards(self, http: httpx.AsyncClient) -> None:
        ward = await a_minor()
        await with_guardian(ward)

        for person in (await a_citizen(2), await a_minor(18), ward, await a_citizen(1)):
            assert (await http.get("/v1/me", headers=await headers(person))).json()["guardian_needed"] is False


class TestHousehold:
    @pytest.mark.parametrize("named", [False, True])
    async def test_names_the_parents_of_a_minor_as_guardians(self, *, named: bool) -> None:
        minor, police = await a_minor(), PoliceRegister()
        own, parent = (await the_resident(minor.id)).id_number or "", an_id_number(date(1980, 1, 1))
        relation = "52" if named else "02"
        police.live_together(
            ("王小红", own, "01" if named else "31"),
            ("王建军", parent, relation),
            ("王叔叔", an_id_number(date(1979, 1, 1)), "97"),
            parents={own: (parent, None)} if named else None,
        )
        await allow(minor.id, SOURCE_POLICE)

        await fetch_household(police, FetchHousehold(minor.id))
        await fetch_household(police, FetchHousehold(minor.id))

        (guardian,) = await guardians_of(minor.id)
        assert (await the_resident(guardian)).id_number == parent
        assert {kin.relation for kin in await kin_of(minor.id)} == {"child_of", "ward_of"}
        assert (await cards.open_card(minor)).balance_fen == 0

    async def test_says_nothing_of_an_adults_parents(self) -> None:
        adult, police = await a_minor(18), PoliceRegister()
        own = (await the_resident(adult.id)).id_number or ""
        police.live_together(("王小红", own, "31"), ("王建军", an_id_number(date(1980, 1, 1)), "02"))
        await allow(adult.id, SOURCE_POLICE)

        await fetch_household(police, FetchHousehold(adult.id))

        assert await kin_of(adult.id) == []


class TestCard:
    async def test_waits_for_a_guardian(self, http: httpx.AsyncClient) -> None:
        minor = await a_minor()

        refused = await http.post("/v1/card", headers=await headers(minor))
        await with_guardian(minor)
        opened = await http.post("/v1/card", headers=await headers(minor))

        assert (refused.status_code, refused.json()["code"]) == (403, "guardian_needed")
        assert refused.json()["ways"] == ["/v1/me/consents", "counter"]
        assert opened.status_code == 201

    async def test_stays_with_a_minor_who_lost_the_last_guardian(self) -> None:
        minor = await a_minor()
        parent = await with_guardian(minor)
        card = await cards.open_card(minor)

        await died(parent)

        assert await cards.open_card(minor) == card

    async def test_is_open_to_whoever_is_18_today(self) -> None:
        with pytest.raises(GuardianNeeded):
            await cards.open_card(await a_minor(17))

        assert (await cards.open_card(await a_minor(18))).balance_fen == 0


@pytest.mark.usefixtures("_own_matter")
class TestCase:
    async def test_isnt_opened_by_a_minor_alone(self, http: httpx.AsyncClient) -> None:
        minor = await a_minor()

        refused = await http.post("/v1/cases", json={"matter_code": OWN_MATTER}, headers=await headers(minor))
        await with_guardian(minor)
        opened = await http.post("/v1/cases", json={"matter_code": OWN_MATTER}, headers=await headers(minor))

        assert (refused.status_code, refused.json()["code"]) == (403, "guardian_needed")
        assert opened.status_code == 201

    async def test_isnt_submitted_once_the_last_guardian_died(self) -> None:
        minor = await a_minor()
        parent = await with_guardian(minor)
        opened = await drafts.open_case(minor, NewCase(OWN_MATTER))
        draft = await drafts.change(minor, opened.id, opened.version, FormChange({"purpose": "办理居民身份证"}))

        await died(parent)

        with pytest.raises(GuardianNeeded):
            await submission.submit(minor, draft.id, Submission(confirmation_code="123456"))


async def died(person: Citizen) -> None:
    known = await the_resident(person.id)
    police = Department("GAJ")
    async with transaction(police):
        await deaths.record(police, Death("D1", known.name or "", known.id_number or "", clock.today()))
