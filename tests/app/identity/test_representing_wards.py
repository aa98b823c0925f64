"""`Fuhai-Acting-For` of guardians, and what both sides of a power are told."""

from datetime import date

import httpx
import pytest

from app.identity import delegations
from app.identity.powers import State
from app.kernel import clock
from app.kernel.events import deliver_pending
from app.residents.families import relate
from tests.makers.callers import headers, signed_in
from tests.makers.delegations import a_delegation, a_power
from tests.makers.people import a_citizen, a_guardian_of, a_newborn, the_resident
from tests.makers.representing import LICENCES, READ, acted_for, acting, code_of

pytestmark = pytest.mark.usefixtures("app")


class TestGuardian:
    async def test_acts_for_a_ward_with_every_scope(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn()
        guardian = await a_guardian_of(child)
        told = await acting(guardian, child)

        for path in (path for paths in READ.values() for path in paths):
            assert await code_of(http, path, told) in {"ok", "card_not_opened"}, path
        assert set(await acted_for(child)) == {(f"citizen:{guardian.id}", "guardianship", str(guardian.id))}

    async def test_leaves_a_minor_of_14_what_is_their_own(self, http: httpx.AsyncClient) -> None:
        today = clock.today()
        for years, expected in ((13, "ok"), (14, "power_lacks_scope")):
            child = await a_newborn(birth_date=_years_ago(today, years))
            told = await acting(await a_guardian_of(child), child)

            assert await code_of(http, "/v1/inbox", told) == expected
            assert await code_of(http, "/v1/disk", told) == expected
            assert await code_of(http, "/v1/cases", told) == "ok"

    async def test_is_refused_by_name_once_the_ward_is_of_age(self, http: httpx.AsyncClient) -> None:
        today = clock.today()
        child = await a_newborn(birth_date=_years_ago(today, 18))
        parent, stranger = await a_citizen(), await a_citizen()
        await relate(parent.id, "guardian_of", child, source="test", until=today)

        assert await code_of(http, "/v1/cases", await acting(parent, child)) == "guardianship_ended"
        assert await code_of(http, "/v1/cases", await acting(stranger, child)) == "power_unknown"
        body = {"matter_code": "birth_household_registration", "subject_id": str(child)}
        for caller, code in ((parent, "guardianship_ended"), (stranger, "subject_unknown")):
            answer = await http.post("/v1/cases", json=body, headers=await headers(caller))
            assert answer.json()["code"] == code

    async def test_may_be_given_a_power_by_the_grown_child(self, http: httpx.AsyncClient) -> None:
        today = clock.today()
        grown, parent = await a_citizen(), await a_citizen()
        await relate(parent.id, "guardian_of", grown.id, source="test", until=today)
        await a_power(grown, parent)

        assert await code_of(http, LICENCES, await acting(parent, grown)) == "ok"


class TestNotices:
    async def test_reach_both_sides_of_a_power(self, http: httpx.AsyncClient) -> None:
        giver, delegate = await a_citizen(name="王小红"), await a_citizen(name="李大明")
        power = await a_power(giver, delegate)
        await delegations.revoke(giver, power.id)

        await deliver_pending()

        titles = {}
        for person in (giver, delegate):
            items = (await http.get("/v1/inbox", headers=await headers(person))).json()["items"]
            titles[person.id] = [one["title"]["zh"] for one in items]
        assert titles[giver.id] == ["李大明的代办授权已终止", "李大明已接受您的代办授权"]
        assert titles[delegate.id] == ["为王小红代办的授权已终止", "王小红请您代为办事"]

    async def test_say_that_an_offer_was_declined(self, http: httpx.AsyncClient) -> None:
        giver, delegate = await a_citizen(), await a_citizen(name="李大明")
        offered = await a_delegation(giver, delegate)
        await delegations.answer(delegate, offered.id, State.DECLINED)

        await deliver_pending()

        items = (await http.get("/v1/inbox", auth=await signed_in(giver))).json()["items"]
        assert [one["title"]["zh"] for one in items] == ["李大明谢绝了您的代办授权"]
        assert (await the_resident(giver.id)).name is not None


def _years_ago(day: date, years: int) -> date:
    return (
        date(day.year - years, day.month, day.day) if (day.month, day.day) != (2, 29) else date(day.year - years, 3, 1)
    )
