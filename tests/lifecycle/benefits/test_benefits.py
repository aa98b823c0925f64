"""Benefits without an application over HTTP: offered once, told once, confirmed or declined by whose they are."""

import asyncio
from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest

from app.kernel import clock
from app.kernel.actors import Acting, Citizen, PowerLacksScope
from app.kernel.database import execute, fetch_all, transaction
from app.kernel.ids import shard_of
from lifecycle.agenda import nightly
from lifecycle.agenda.bookkeeping import look_at
from lifecycle.benefits import choosing
from lifecycle.benefits.own_rights import BenefitEraser, BenefitExporter
from lifecycle.benefits.structs import Account
from lifecycle.cases.errors import CustodyElsewhere
from tests.makers.callers import headers
from tests.makers.people import a_citizen, a_guardian_of, a_newborn, a_resident, an_id_number
from tests.makers.transactions import SYSTEM

pytestmark = pytest.mark.usefixtures("app")
MINE = "/v1/me/benefits"
ACCOUNT = {"bank": "烟台银行股份有限公司", "account": "6223190000000000003"}


def born(age: int, days: int = 0) -> date:
    today = clock.today()
    return date.fromordinal(today.replace(year=today.year - age).toordinal() + days)


async def an_old_citizen(days: int = 0) -> Citizen:
    day = born(80, days)
    return await a_citizen(birth_date=day, id_number=an_id_number(day))


async def listed(http: httpx.AsyncClient, citizen: Citizen, **query: str) -> list[dict[str, Any]]:
    answer = await http.get(MINE, headers=await headers(citizen), params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def sent(http: httpx.AsyncClient, citizen: Citizen, offer: str, step: str, body: object = None) -> httpx.Response:
    return await http.post(f"{MINE}/{offer}/{step}", headers=await headers(citizen), json=body)


async def told(citizen: UUID) -> Counter[str]:
    async with transaction(SYSTEM):
        rows = await fetch_all(
            "SELECT phrase FROM notice WHERE shard = $1 AND citizen_id = $2", shard_of(citizen), citizen
        )
    return Counter(row["phrase"] for row in rows)


async def offers_of(person: UUID) -> list[tuple[str, str]]:
    async with transaction(SYSTEM):
        rows = await fetch_all(
            "SELECT period, state FROM benefit_offer WHERE shard = $1 AND citizen_id = $2 ORDER BY id",
            *(shard_of(person), person),
        )
    return [(row["period"], row["state"]) for row in rows]


class TestOffered:
    async def test_on_the_birthday_and_not_the_day_before(self, http: httpx.AsyncClient) -> None:
        citizen = await an_old_citizen()

        (offer,) = await listed(http, citizen)

        assert (offer["code"], offer["period"], offer["state"]) == ("old_age_allowance", "80", "offered")
        assert offer["amount"] == {"fen": 10_000, "per": "month"}
        assert offer["steps"] == ["confirm", "decline"]
        assert "birth_date" in offer["rests_on"]
        assert await listed(http, await an_old_citizen(1)) == []

    async def test_and_told_once_however_often_somebody_looks(self, http: httpx.AsyncClient) -> None:
        citizen = await an_old_citizen()

        await asyncio.gather(*(look_at(citizen.id) for _ in range(5)))
        await listed(http, citizen)

        assert await offers_of(citizen.id) == [("80", "offered")]
        assert (await told(citizen.id))["benefit.offered"] == 1

    async def test_to_a_childs_guardian_once_the_child_is_registered(self, http: httpx.AsyncClient) -> None:
        child, unregistered = await a_resident(birth_date=clock.today()), await a_newborn()
        guardian = await a_guardian_of(child)

        (offer,) = await listed(http, guardian)

        assert (offer["code"], offer["subject_id"], offer["amount"]["fen"]) == (
            "childcare_subsidy",
            str(child),
            360_000,
        )
        assert (await told(guardian.id))["benefit.offered"] == 1
        assert (await told(child))["benefit.offered"] == 0
        assert await listed(http, await a_guardian_of(unregistered)) == []

    async def test_by_the_nightly_run_on_the_day_on_which_it_begins(
        self, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        citizen = await an_old_citizen(3)
        assert await listed(http, citizen) == []
        later = clock.today().toordinal() + 3
        monkeypatch.setattr(clock, "today", lambda: date.fromordinal(later))

        await nightly.look_through()

        assert await offers_of(citizen.id) == [("80", "offered")]
        assert (await told(citizen.id))["benefit.offered"] == 1

    async def test_and_withdrawn_when_the_facts_are_others(self, http: httpx.AsyncClient) -> None:
        citizen = await an_old_citizen()
        (offer,) = await listed(http, citizen)
        async with transaction(SYSTEM):
            await execute(
                "UPDATE resident SET division_code = '370102' WHERE shard = $1 AND id = $2",
                *(shard_of(citizen.id), citizen.id),
            )
        await look_at(citizen.id)

        refused = [await sent(http, citizen, offer["id"], step, body) for step, body in _STEPS]

        assert (await listed(http, citizen))[0]["state"] == "withdrawn"
        assert [one.json()["code"] for one in refused] == ["benefit_not_offered"] * 3


_STEPS: tuple[tuple[str, object], ...] = (("confirm", ACCOUNT), ("decline", None), ("reopen", None))


class TestDecline:
    async def test_holds_until_it_is_taken_back(self, http: httpx.AsyncClient) -> None:
        citizen = await an_old_citizen()
        (offer,) = await listed(http, citizen)

        for _ in range(2):
            declined = (await sent(http, citizen, offer["id"], "decline")).json()
            assert (declined["state"], declined["steps"]) == ("declined", ["confirm", "reopen"])
        await look_at(citizen.id)
        assert [one["state"] for one in await listed(http, citizen, standing="declined")] == ["declined"]
        for _ in range(2):
            assert (await sent(http, citizen, offer["id"], "reopen")).json()["state"] == "offered"
        assert await listed(http, citizen, standing="declined") == []


class TestConfirm:
    async def test_opens_the_case_filled_in_and_says_what_is_left(self, http: httpx.AsyncClient) -> None:
        citizen = await an_old_citizen()
        (offer,) = await listed(http, citizen)

        answer = await sent(http, citizen, offer["id"], "confirm", ACCOUNT)

        assert answer.status_code == 200, answer.text
        found = answer.json()
        assert (found["case_state"], found["signature"], found["benefit"]["state"]) == ("draft", "confirmed", "offered")
        case = (await http.get(f"/v1/cases/{found['case_id']}", headers=await headers(citizen))).json()
        given = {one["name"]: one["value"] for one in case["fields"]}
        assert (given["bank"], given["account"]) == (ACCOUNT["bank"], ACCOUNT["account"])
        assert case["matter_code"] == "social_welfare_info"

    async def test_several_at_once_open_one_case(self, http: httpx.AsyncClient) -> None:
        child = await a_resident(birth_date=clock.today())
        mother = await a_guardian_of(child)
        (offer,) = await listed(http, mother)

        answers = await asyncio.gather(*(sent(http, mother, offer["id"], "confirm", ACCOUNT) for _ in range(4)))

        done = [one.json() for one in answers if one.status_code == 200]
        assert done
        assert len({one["case_id"] for one in done}) == 1
        assert {one.json()["code"] for one in answers if one.status_code != 200} <= {"case_changed"}
        async with transaction(SYSTEM):
            rows = await fetch_all(
                "SELECT id FROM matter_case WHERE shard = $1 AND citizen_id = $2", shard_of(child), child
            )
        assert len(rows) == 1

    async def test_of_what_was_declined_stands_again(self, http: httpx.AsyncClient) -> None:
        citizen = await an_old_citizen()
        (offer,) = await listed(http, citizen)
        await sent(http, citizen, offer["id"], "decline")

        answer = await sent(http, citizen, offer["id"], "confirm", ACCOUNT)

        assert answer.json()["benefit"]["state"] == "offered"

    @pytest.mark.parametrize(
        "body",
        [
            None,
            {},
            {"bank": "", "account": "1"},
            ACCOUNT | {"more": 1},
            {"bank": "x" * 101, "account": "1"},
            [],
            {"bank": 1, "account": 2},
        ],
    )
    async def test_with_a_body_of_another_shape_is_refused(self, http: httpx.AsyncClient, body: object) -> None:
        citizen = await an_old_citizen()
        (offer,) = await listed(http, citizen)

        assert (await sent(http, citizen, offer["id"], "confirm", body)).status_code in {400, 422}
        assert (await listed(http, citizen))[0]["case_id"] is None

    async def test_with_an_account_that_cant_be_is_refused_by_the_form(self, http: httpx.AsyncClient) -> None:
        citizen = await an_old_citizen()
        (offer,) = await listed(http, citizen)

        refused = await sent(http, citizen, offer["id"], "confirm", ACCOUNT | {"account": "12"})

        assert (refused.status_code, refused.json()["code"]) == (422, "fields_wrong")


class TestWhose:
    async def test_is_nobodys_but_the_persons_and_their_guardians(self, http: httpx.AsyncClient) -> None:
        citizen, stranger = await an_old_citizen(), await a_citizen()
        (offer,) = await listed(http, citizen)

        for step, body in _STEPS:
            for address in (offer["id"], str(uuid4())):
                assert (await sent(http, stranger, address, step, body)).json()["code"] == "benefit_not_found"
            anonymous = await http.post(f"{MINE}/{offer['id']}/{step}", json=body)
            assert anonymous.status_code == 401
        assert (await http.get(MINE)).status_code == 401
        low = await http.get(MINE, headers=await headers(await a_citizen(1)))
        assert low.json()["code"] == "assurance_too_low"

    async def test_may_be_confirmed_by_who_holds_a_power_for_its_matter(self) -> None:
        citizen, agent = await an_old_citizen(), await a_citizen()
        (offer,) = (await choosing.listed(citizen, None, None, 20)).items

        def acting(*matters: str) -> Citizen:
            power = Acting("power", citizen.id, matters)
            return msgspec.structs.replace(agent, id=citizen.id, agent_id=agent.id, acting=power)

        able, unable = acting("social_welfare_info"), acting("childcare_subsidy")

        assert (await choosing.listed(unable, None, None, 20)).items == []
        with pytest.raises(PowerLacksScope):
            await choosing.confirm(unable, offer.id, Account(**ACCOUNT))
        found = await choosing.confirm(able, offer.id, Account(**ACCOUNT))
        assert (found.benefit.id, found.case_state) == (offer.id, "draft")

    async def test_is_not_answered_by_a_guardian_in_whose_custody_the_child_isnt(self) -> None:
        child = await a_resident(birth_date=clock.today())
        guardian = await a_guardian_of(child)
        (offer,) = (await choosing.listed(guardian, None, None, 20)).items
        apart = msgspec.structs.replace(guardian, apart=(child,))

        for answer in (choosing.decline, choosing.reopen):
            with pytest.raises(CustodyElsewhere):
                await answer(apart, offer.id)
        with pytest.raises(CustodyElsewhere):
            await choosing.confirm(apart, offer.id, Account(**ACCOUNT))

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ({"standing": "x"}, "parameter_wrong"),
            ({"cursor": "!"}, "cursor_wrong"),
            ({"limit": "0"}, "parameter_wrong"),
        ],
    )
    async def test_takes_no_query_of_another_shape(
        self, http: httpx.AsyncClient, query: dict[str, str], code: str
    ) -> None:
        answer = await http.get(MINE, headers=await headers(await a_citizen()), params=query)

        assert answer.json()["code"] == code

    async def test_takes_no_offer_of_another_shape(self, http: httpx.AsyncClient) -> None:
        assert (await sent(http, await a_citizen(), "x", "decline")).status_code == 404


class TestRights:
    async def test_is_exported_and_erased(self, http: httpx.AsyncClient) -> None:
        citizen = await an_old_citizen()
        await listed(http, citizen)

        exporter, eraser = BenefitExporter(), BenefitEraser()
        (told_of,) = (await exporter.export(citizen.id))["benefit_offer"]
        assert (told_of["benefit"], told_of["state"]) == ("old_age_allowance", "offered")
        assert await eraser.erase(citizen.id) == 1
        assert await eraser.erase(citizen.id) == 0
