"""Households: the family is fetched, so that nobody types it in."""

from datetime import date, timedelta

import httpx
import pytest

from app.identity.events import RealNameProved
from app.identity.households import (
    JOB,
    FetchHousehold,
    fetch_household,
    on_consent_given,
    on_real_name_proved,
    relatives,
)
from app.identity.real_name import asking_about
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import execute, fetch_all, fetch_value, transaction
from app.kernel.ids import new_person_id
from app.privacy.consents import choose
from app.privacy.events import ConsentGiven
from app.privacy.purposes import SOURCE_HEALTH, SOURCE_POLICE
from app.privacy.structs import ConsentChoice, ConsentChoices
from app.residents.directory import find_by_id_number
from app.residents.families import kin_of, wards_of
from app.residents.people import RESIDENTS
from integrations.departments.police import Household
from integrations.exchange.structs import Answered, Asking
from tests.makers.callers import signed_in
from tests.makers.consents import allow
from tests.makers.outside import PoliceRegister
from tests.makers.people import a_citizen, an_id_number, the_resident

pytestmark = pytest.mark.usefixtures("app")

BABY, GROWN = clock.today() - timedelta(days=400), date(1999, 1, 1)


async def a_family(own_relation: str = "02", *, named: bool = False) -> tuple[PoliceRegister, Citizen, dict[str, str]]:
    """A citizen with a spouse, a small child, a grown one, a son-in-law, and a mother under one roof.

    The register may name the citizen as the small child's mother.
    """
    citizen = await a_citizen(2, id_number=an_id_number(date(1975, 5, 5)))
    own = (await the_resident(citizen.id)).id_number or ""
    numbers = {
        "spouse": an_id_number(date(1976, 6, 6)),
        "baby": an_id_number(BABY),
        "grown": an_id_number(GROWN),
        "in_law": an_id_number(clock.today().replace(year=clock.today().year - 17, day=1)),
        "mother": an_id_number(date(1950, 1, 1)),
    }
    await allow(citizen.id, SOURCE_POLICE)
    police = PoliceRegister()
    spouse_relation = "12" if own_relation == "02" else "02"
    police.live_together(
        ("王小红", own, own_relation),
        ("李大明", numbers["spouse"], spouse_relation),
        ("李晨", numbers["baby"], "31"),
        ("李大", numbers["grown"], "22"),
        ("赵三", numbers["in_law"], "28"),
        ("王奶奶", numbers["mother"], "52"),
        parents={numbers["baby"]: (None, own)} if named else None,
    )
    return police, citizen, numbers


class TestFetchHousehold:
    @pytest.mark.parametrize(("own_relation", "named"), [("02", False), ("02", True), ("12", True)])
    async def test_makes_spouse_and_small_children_residents(self, own_relation: str, *, named: bool) -> None:
        police, citizen, numbers = await a_family(own_relation, named=named)

        await fetch_household(police, FetchHousehold(citizen.id))

        spouse, baby = await find_by_id_number(numbers["spouse"]), await find_by_id_number(numbers["baby"])
        assert spouse is not None
        assert baby is not None
        assert {(kin.id, kin.relation) for kin in await kin_of(citizen.id)} == {
            (spouse, "spouse_of"),
            (baby, "parent_of"),
            (baby, "guardian_of"),
        }
        assert await wards_of(citizen.id) == (baby,)
        assert {(kin.id, kin.relation) for kin in await kin_of(baby)} == {
            (citizen.id, "child_of"),
            (citizen.id, "ward_of"),
        }

    async def test_makes_no_guardian_of_the_heads_spouse_by_a_code_alone(self) -> None:
        police, citizen, numbers = await a_family("12")

        await fetch_household(police, FetchHousehold(citizen.id))

        assert [kin.relation for kin in await kin_of(citizen.id)] == ["spouse_of"]
        assert await find_by_id_number(numbers["baby"]) is None

    @pytest.mark.parametrize("relation", ["27", "29", "37", "39"])
    async def test_makes_no_guardian_of_a_step_parent(self, relation: str) -> None:
        citizen, number = await a_citizen(2, id_number=an_id_number(date(1975, 5, 5))), an_id_number(BABY)
        own, police = (await the_resident(citizen.id)).id_number or "", PoliceRegister()
        police.live_together(("王小红", own, "02"), ("李晨", number, relation))

        await fetch_household(police, FetchHousehold(citizen.id))

        assert await kin_of(citizen.id) == []

    async def test_believes_named_parents_more_than_a_code(self) -> None:
        citizen, number = await a_citizen(2, id_number=an_id_number(date(1975, 5, 5))), an_id_number(BABY)
        own, police = (await the_resident(citizen.id)).id_number or "", PoliceRegister()
        another = an_id_number(date(1980, 1, 1))
        police.live_together(("王小红", own, "02"), ("李晨", number, "31"), parents={number: (None, another)})

        await fetch_household(police, FetchHousehold(citizen.id))

        assert await kin_of(citizen.id) == []

    async def test_asks_nobody_without_a_consent(self) -> None:
        police, citizen, _ = await a_family()
        await allow(citizen.id, SOURCE_POLICE, given=False)

        await fetch_household(police, FetchHousehold(citizen.id))

        assert police.asked == []
        assert await kin_of(citizen.id) == []

    async def test_drops_what_comes_after_it_was_withdrawn(self, monkeypatch: pytest.MonkeyPatch) -> None:
        police, citizen, numbers = await a_family()
        answer = police.household

        async def slowly(asking: Asking, id_number: str) -> Answered[Household]:
            said = await answer(asking, id_number)
            await allow(citizen.id, SOURCE_POLICE, given=False)
            return said

        monkeypatch.setattr(police, "household", slowly)
        await fetch_household(police, FetchHousehold(citizen.id))

        assert await kin_of(citizen.id) == []
        assert await find_by_id_number(numbers["spouse"]) is None

    async def test_is_fetched_once_the_consent_comes(self) -> None:
        citizen = await a_citizen()
        for purpose in (SOURCE_HEALTH, SOURCE_POLICE):
            await choose(citizen, ConsentChoices((ConsentChoice(purpose.code, True),)), None)
        async with transaction(RESIDENTS):
            rows = await fetch_all("SELECT subject_id FROM outbox WHERE citizen_id = $1 ORDER BY id", citizen.id)

            for row in rows:
                await on_consent_given(ConsentGiven(citizen_id=citizen.id, subject_id=row["subject_id"]))

            waiting = await fetch_value("SELECT count(*) FROM pgqueuer WHERE dedupe_key = $1", f"{JOB}:{citizen.id}")
            await execute("DELETE FROM pgqueuer WHERE dedupe_key = $1", f"{JOB}:{citizen.id}")
        assert waiting == 1

    async def test_learns_of_nobody_else(self) -> None:
        police, citizen, numbers = await a_family()

        await fetch_household(police, FetchHousehold(citizen.id))

        for who in ("grown", "in_law", "mother"):
            assert await find_by_id_number(numbers[who]) is None

    async def test_changes_nothing_when_repeated(self) -> None:
        police, citizen, _ = await a_family()
        await fetch_household(police, FetchHousehold(citizen.id))
        before = await kin_of(citizen.id)

        await fetch_household(police, FetchHousehold(citizen.id))

        assert await kin_of(citizen.id) == before

    async def test_does_nothing_where_no_household_is_known(self) -> None:
        citizen = await a_citizen(2)

        await fetch_household(PoliceRegister(), FetchHousehold(citizen.id))
        await fetch_household(PoliceRegister(), FetchHousehold((await a_citizen(1)).id))

        assert await kin_of(citizen.id) == []

    async def test_is_shown_to_the_citizen_with_only_the_wards_in_full(self, http: httpx.AsyncClient) -> None:
        police, citizen, _ = await a_family()
        await fetch_household(police, FetchHousehold(citizen.id))

        items = (await http.get("/v1/me/family", auth=await signed_in(citizen))).json()["items"]

        by_name = {item["name"]: item for item in items}
        assert set(by_name) == {"李大明", "李晨"}
        assert (by_name["李晨"]["may_act_for"], by_name["李晨"]["relations"]) == (True, ["ward", "child"])
        assert (by_name["李大明"]["birth_date"], by_name["李大明"]["id_number_masked"]) == (None, None)
        assert by_name["李大明"]["relations"] == ["spouse"]


class TestRelatives:
    async def test_are_a_grown_daughters_own_children_in_her_parents_house(self) -> None:
        daughter, baby = an_id_number(date(1995, 5, 5)), an_id_number(BABY)
        police = PoliceRegister()
        police.live_together(
            ("王爷爷", an_id_number(date(1960, 1, 1)), "02"),
            ("王小红", daughter, "31"),
            ("王晨", baby, "41"),
            parents={baby: (None, daughter)},
        )
        household = (await police.household(asking_about(new_person_id(), "household"), daughter)).body

        found = relatives(household, daughter, clock.today())

        assert [(member.id_number, relation) for member, relation in found] == [(baby, "child")]

    async def test_are_none_for_somebody_who_only_lives_there(self) -> None:
        police, citizen, numbers = await a_family()
        household = (await police.household(asking_about(citizen.id, "household"), numbers["mother"])).body

        assert relatives(household, numbers["mother"], clock.today()) == []
        assert relatives(household, an_id_number(), clock.today()) == []


class TestOnRealNameProved:
    async def test_asks_for_one_fetch_while_it_waits(self) -> None:
        citizen = await a_citizen(2)

        for _ in range(2):
            async with transaction(RESIDENTS):
                await on_real_name_proved(RealNameProved(citizen_id=citizen.id, subject_id=citizen.id))

        async with transaction(RESIDENTS):
            waiting = await fetch_value(
                "SELECT count(*) FROM pgqueuer WHERE entrypoint = $1 AND payload::text <> '' "
                "AND convert_from(payload, 'UTF8') LIKE '%' || $2 || '%'",
                *(JOB, str(citizen.id)),
            )
        assert waiting == 1
