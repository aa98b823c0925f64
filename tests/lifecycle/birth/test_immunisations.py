"""A child's vaccinations asked for live, remembered, and put on the agenda; against the city and over HTTP."""

from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest

from app.kernel import clock, events
from app.kernel.actors import Citizen
from app.kernel.database import execute, fetch_value, transaction
from app.privacy.purposes import SOURCE_HEALTH
from app.residents.structs import Resident
from integrations.exchange.errors import DepartmentUnavailable
from lifecycle.agenda.reading import upcoming
from lifecycle.birth.immunisations import FACT, ChildQuestion, Immunisations
from lifecycle.cases.carrying_out import OFFICE
from lifecycle.queries import remembered
from lifecycle.queries.errors import PersonUnknown
from lifecycle.queries.registry import Found
from lifecycle.rules.immunisation import DoseStatus
from tests.makers.callers import headers
from tests.makers.cases import CityPorts, Family, a_draft, a_fault, an_issued_case
from tests.makers.city import Town
from tests.makers.consents import allow
from tests.makers.people import a_citizen, a_newborn

QUERY = "/v1/matters/infant_immunization/query"


async def asked(ports: CityPorts, family: Family) -> Found:
    """The mother asks about her child."""
    return await Immunisations(ports.health).query(family.mother, ChildQuestion(family.child))


def doses(found: Found) -> dict[tuple[str, int], Any]:
    """The doses that were found, by series and number."""
    result: Any = found.result
    return {(dose.series, dose.number): dose for dose in result.doses}


class TestQuery:
    async def test_puts_what_the_hospital_gave_into_the_schedule(self, ports: CityPorts, family: Family) -> None:
        found = await asked(ports, family)

        first, second = (doses(found)[("hepatitis_b", number)] for number in (1, 2))
        assert (first.status, first.done_on) == (DoseStatus.DONE, family.born_on)
        assert second.status is DoseStatus.FUTURE
        assert "卫生健康" in first.source.zh
        assert (found.sources[0].department, found.sources[0].live) == ("WJW", True)

    async def test_follows_what_is_given_later(self, ports: CityPorts, family: Family, town: Town) -> None:
        before = doses(await asked(ports, family))[("polio", 1)]
        recorded = await town.control(
            "POST",
            "vaccinations",
            certificate_no=family.certificate_no,
            vaccine="IPV",
            dose_no=1,
            date=clock.today().isoformat(),
        )
        after = doses(await asked(ports, family))[("polio", 1)]

        assert recorded.status_code == 201
        assert (before.status, after.status, after.done_on) == (DoseStatus.FUTURE, DoseStatus.DONE, clock.today())

    async def test_goes_on_when_the_child_has_a_number(self, ports: CityPorts, family: Family) -> None:
        before = doses(await asked(ports, family))
        await an_issued_case(family)
        after = doses(await asked(ports, family))

        assert {key: dose.status for key, dose in before.items()} == {key: dose.status for key, dose in after.items()}

    async def test_shows_what_is_remembered_while_the_department_is_away(
        self, ports: CityPorts, family: Family, town: Town
    ) -> None:
        live = await asked(ports, family)
        async with a_fault(town, party="wjw", outage=True):
            away = await asked(ports, family)

        assert doses(away).keys() == doses(live).keys()
        assert (away.sources[0].live, away.sources[0].as_of) == (False, live.sources[0].as_of)

    async def test_says_so_where_nothing_usable_is_remembered(
        self, ports: CityPorts, family: Family, town: Town
    ) -> None:
        async with a_fault(town, party="wjw", outage=True):
            with pytest.raises(DepartmentUnavailable):
                await asked(ports, family)
        await asked(ports, family)
        async with transaction(OFFICE):
            long_ago = clock.now() - FACT.usable_for - timedelta(hours=1)
            await execute("UPDATE remembered_answer SET asked_at = $2 WHERE citizen_id = $1", family.child, long_ago)
        async with a_fault(town, party="wjw", outage=True):
            with pytest.raises(DepartmentUnavailable):
                await asked(ports, family)

    async def test_keeps_one_sealed_answer_per_child(self, ports: CityPorts, family: Family) -> None:
        await asked(ports, family)
        await asked(ports, family)

        async with transaction(OFFICE):
            count = await fetch_value("SELECT count(*) FROM remembered_answer WHERE citizen_id = $1", family.child)
            answer = await fetch_value("SELECT answer FROM remembered_answer WHERE citizen_id = $1", family.child)
        assert count == 1
        assert b"HepB" not in answer

    async def test_knows_no_strangers_child(self, ports: CityPorts, family: Family) -> None:
        with pytest.raises(PersonUnknown):
            await Immunisations(ports.health).query(await a_citizen(), ChildQuestion(family.child))


async def first_codes(mother: Citizen) -> list[str]:
    """What stands on an agenda of a child's registration and doses."""
    wanted = ("birth_household_registration", "infant_immunization.")
    return [item.code for item in await upcoming(mother) if item.code.startswith(wanted)]


class TestAgenda:
    async def test_lists_registration_and_doses_of_a_newborn(self, ports: CityPorts, family: Family) -> None:
        await allow(family.child, SOURCE_HEALTH)
        codes = await first_codes(family.mother)

        assert codes[0] == "birth_household_registration"
        assert "infant_immunization.hepatitis_b.2" in codes
        assert "infant_immunization.hepatitis_b.1" not in codes

    async def test_moves_on_with_the_case(self, family: Family) -> None:
        await allow(family.child, SOURCE_HEALTH)
        draft = await a_draft(family)
        opened = [item for item in await upcoming(family.mother) if item.code == "birth_household_registration"]
        await an_issued_case(family)
        done = await upcoming(family.mother)

        assert [(item.standing, item.case_id) for item in opened] == [("in_progress", draft.id)]
        assert "birth_household_registration" not in [item.code for item in done]
        assert {item.subject_name for item in done} == {f"{family.mother_name[0]}安然"}

    async def test_asks_and_shows_nothing_without_a_consent(self, ports: CityPorts, family: Family) -> None:
        await asked(ports, family)

        assert await first_codes(family.mother) == ["birth_household_registration"]

    async def test_forgets_what_came_under_a_consent_that_was_withdrawn(self, family: Family) -> None:
        await allow(family.child, SOURCE_HEALTH)
        before = await first_codes(family.mother)
        await allow(family.child, SOURCE_HEALTH, given=False)

        at_once = await first_codes(family.mother)
        while await events.deliver_pending():
            pass

        assert len(before) > len(at_once) == 1
        assert await remembered.recall(family.mother, family.child, FACT) is None

    async def test_keeps_nothing_that_comes_after_the_withdrawal(
        self, ports: CityPorts, family: Family, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await allow(family.child, SOURCE_HEALTH)
        answer = Immunisations._doses

        async def slowly(asks: Immunisations, citizen: Citizen, child: Resident) -> Any:
            said = await answer(asks, citizen, child)
            await allow(family.child, SOURCE_HEALTH, given=False)
            return said

        monkeypatch.setattr(Immunisations, "_doses", slowly)
        await upcoming(family.mother)

        assert await remembered.recall(family.mother, family.child, FACT) is None

    async def test_stays_whole_while_a_department_is_away(self, ports: CityPorts, family: Family, town: Town) -> None:
        await allow(family.child, SOURCE_HEALTH)
        async with a_fault(town, party="wjw", outage=True):
            assert await first_codes(family.mother) == ["birth_household_registration"]

    async def test_hides_no_child_because_of_one_whom_nobody_knows(self, ports: CityPorts, family: Family) -> None:
        unknown = await a_newborn()
        for child in (unknown, family.child):
            await allow(child, SOURCE_HEALTH)
        both = msgspec.structs.replace(family.mother, wards=(unknown, family.child))

        items = await upcoming(both)

        assert {item.subject_id for item in items} == {unknown, family.child}
        assert {item.subject_id for item in items if item.matter_code == "infant_immunization"} == {family.child}

    async def test_is_empty_without_children(self, ports: CityPorts) -> None:
        assert await upcoming(await a_citizen()) == []


class TestOverHttp:
    async def test_answers_with_sources_and_the_programme(self, http: httpx.AsyncClient, family: Family) -> None:
        answer = await http.post(QUERY, json={"child_id": str(family.child)}, headers=await headers(family.mother))

        said = answer.json()
        assert answer.status_code == 200
        assert (said["sources"][0]["department"], said["sources"][0]["standing"]) == ("WJW", "live")
        assert said["result"]["child_id"] == str(family.child)
        assert {dose["status"] for dose in said["result"]["doses"]} >= {"done", "future"}

    async def test_is_closed_to_others(self, http: httpx.AsyncClient, family: Family) -> None:
        body, stranger = {"child_id": str(family.child)}, await headers(await a_citizen())

        assert (await http.post(QUERY, json=body)).status_code == 401
        assert (await http.get("/v1/me/agenda")).status_code == 401
        assert (await http.post(QUERY, json=body, headers=stranger)).json()["code"] == "person_unknown"
        assert (await http.post(QUERY, json=body, headers=await headers(await a_citizen(1)))).status_code == 403

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            (b"{", 400),
            (b"{}", 422),
            (b'{"child_id": "x"}', 422),
            (b'{"child_id": null}', 422),
            (b'{"child": 1}', 422),
            (b"[]", 422),
        ],
    )
    async def test_refuses_malformed_questions(
        self, http: httpx.AsyncClient, family: Family, body: bytes, status: int
    ) -> None:
        sent = await headers(family.mother) | {"content-type": "application/json"}
        answer = await http.post(QUERY, content=body, headers=sent)

        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")

    async def test_knows_only_matters_that_can_be_queried(self, http: httpx.AsyncClient, family: Family) -> None:
        sent = await headers(family.mother)
        codes = [
            (await http.post(f"/v1/matters/{code}/query", json={}, headers=sent)).json()["code"]
            for code in ("newborn_medical_insurance", "no_such_matter")
        ]

        assert codes == ["query_unknown", "matter_unknown"]

    async def test_shows_the_agenda(self, http: httpx.AsyncClient, family: Family) -> None:
        await allow(family.child, SOURCE_HEALTH)
        answer = await http.get("/v1/me/agenda", headers=await headers(family.mother))

        assert answer.status_code == 200
        assert {item["matter_code"] for item in answer.json()["items"]} >= {
            "birth_household_registration",
            "infant_immunization",
        }
