"""Requests for correction of a child's data: asked by a guardian who lives with it, until it decides itself."""

import asyncio
from uuid import UUID

import httpx
import msgspec
import pytest

from app.audit.acts import Act
from app.kernel import clock, events
from app.kernel.actors import CustodyElsewhere, SameOfficer, System
from app.kernel.database import fetch_all, transaction
from app.notices import inbox
from app.privacy.corrections import ask, decide, look, mine, one, withdraw
from app.privacy.errors import CorrectionAskedAlready, CorrectionNotFound, DecidesThemselves, NotYoursToDecide
from app.privacy.structs import CorrectionDecision, NewCorrection
from tests.makers.callers import headers
from tests.makers.people import a_citizen, a_guardian_of, a_resident, an_officer

pytestmark = pytest.mark.usefixtures("app")
TESTS = System("tests")
GRANTED = CorrectionDecision(granted=True, answer="已更正")
BODY = {"table": "resident", "column": "name", "what_is_wrong": "错字", "wanted_value": "王小虹"}


def for_the(child: UUID, column: str = "name") -> NewCorrection:
    return NewCorrection("resident", column, "“红”应为“虹”", "王小虹", person_id=child)


class TestForAWard:
    async def test_a_guardian_asks_and_is_told_of_the_answer(self) -> None:
        child = await a_resident(birth_date=clock.today())
        guardian = await a_guardian_of(child)

        asked = await ask(guardian, for_the(child))
        await decide(an_officer(), asked.id, GRANTED)
        while await events.deliver_pending():
            pass

        answered = await one(guardian, asked.id)
        assert (asked.person_id, answered.state, answered.answer) == (child, "granted", "已更正")
        assert [request.id for request in (await mine(guardian, child)).items] == [asked.id]
        assert (await mine(guardian)).items == []
        assert len((await inbox.inbox(guardian, None, 5)).items) == 2
        async with transaction(TESTS):
            rows = await fetch_all("SELECT act, actor FROM act WHERE citizen_id = $1 ORDER BY id", child)
        assert (rows[0]["act"], rows[0]["actor"]) == (Act.DATA_CORRECTION_ASKED, guardian.principal)
        assert Act.WARD_LOOKED_AT in {row["act"] for row in rows}

    async def test_is_named_to_the_officer(self) -> None:
        child = await a_resident(birth_date=clock.today())

        asked = await ask(await a_guardian_of(child), for_the(child))

        assert (await look(an_officer(), asked.id)).person_id == child

    async def test_is_not_decided_by_the_guardian_as_an_officer(self) -> None:
        child = await a_resident(birth_date=clock.today())
        guardian = await a_guardian_of(child)
        asked = await ask(guardian, for_the(child))

        with pytest.raises(SameOfficer):
            await decide(msgspec.structs.replace(an_officer(), person_id=guardian.id), asked.id, GRANTED)

    async def test_is_open_once_whichever_guardian_asks(self) -> None:
        child = await a_resident(birth_date=clock.today())
        mother, father = await a_guardian_of(child), await a_guardian_of(child)

        results = await asyncio.gather(
            *(ask(guardian, for_the(child)) for guardian in (mother, father)), return_exceptions=True
        )

        assert sum(isinstance(result, CorrectionAskedAlready) for result in results) == 1
        (request,) = (await mine(father, child)).items
        assert (await withdraw(mother, request.id)).state == "withdrawn"
        assert (await withdraw(father, request.id)).state == "withdrawn"

    async def test_is_not_for_a_guardian_who_lives_apart(self) -> None:
        child = await a_resident(birth_date=clock.today())
        mother, father = await a_guardian_of(child), await a_guardian_of(child)
        apart = msgspec.structs.replace(father, apart=(child,))
        asked = await ask(mother, for_the(child))

        with pytest.raises(CustodyElsewhere):
            await ask(apart, for_the(child, "sex"))
        with pytest.raises(CustodyElsewhere):
            await withdraw(apart, asked.id)
        assert (await one(apart, asked.id)).id == asked.id

    async def test_is_the_wards_own_from_fourteen_on(self) -> None:
        today = clock.today()
        child = await a_resident(birth_date=today.replace(year=today.year - 14, day=1))
        guardian = await a_guardian_of(child)

        with pytest.raises(DecidesThemselves):
            await ask(guardian, for_the(child))
        with pytest.raises(DecidesThemselves):
            await mine(guardian, child)

    async def test_is_not_for_a_stranger_or_a_former_guardian(self) -> None:
        child = await a_resident(birth_date=clock.today())
        guardian, stranger = await a_guardian_of(child), await a_citizen()
        asked = await ask(guardian, for_the(child))
        former = msgspec.structs.replace(guardian, wards=())

        for other in (stranger, former):
            with pytest.raises(NotYoursToDecide):
                await ask(other, for_the(child, "sex"))
            with pytest.raises(NotYoursToDecide):
                await mine(other, child)
            with pytest.raises(CorrectionNotFound):
                await one(other, asked.id)
            with pytest.raises(CorrectionNotFound):
                await withdraw(other, asked.id)

    async def test_over_http_needs_a_person_of_the_right_shape(self, http: httpx.AsyncClient) -> None:
        child = await a_resident(birth_date=clock.today())
        who = await headers(await a_guardian_of(child))

        asked = await http.post("/v1/me/corrections", headers=who, json=BODY | {"person_id": str(child)})
        wrong = await http.post("/v1/me/corrections", headers=who, json=BODY | {"person_id": "x"})
        listed = await http.get("/v1/me/corrections", headers=who, params={"person_id": "x"})

        assert (asked.status_code, asked.json()["person_id"]) == (202, str(child))
        assert wrong.json()["code"] == "body_wrong"
        assert listed.json()["code"] == "parameter_wrong"
