"""Questions of education whose parts matter: marks with a consent, wards, and addresses."""

from typing import Any

import httpx

from integrations.city.people import Person
from integrations.city.schools import schooling
from tests.makers.callers import headers
from tests.makers.cases import CityPorts
from tests.makers.city_people import the_same_city
from tests.makers.people import a_citizen, a_guardian_of, a_resident


def the_last_pupil(stage: str) -> Person:
    """Somebody whom no other test takes: those take the first."""
    population = the_same_city().population
    pupils = (
        person
        for person in reversed(population.people.values())
        if person.alive and (enrolled := schooling(population, person).enrolment) and enrolled.stage == stage
    )
    return next(pupils)


async def ask(http: httpx.AsyncClient, matter: str, sent: dict[str, str], **body: Any) -> httpx.Response:
    return await http.post(f"/v1/matters/{matter}/query", json=body, headers=sent)


class TestMarks:
    async def test_of_a_ward_are_shown_with_the_guardians_consent_alone(
        self, http: httpx.AsyncClient, registers: CityPorts
    ) -> None:
        pupil = the_last_pupil("junior")
        child = await a_resident(name=pupil.name, id_number=pupil.id_number, birth_date=pupil.birth_date)
        sent = await headers(await a_guardian_of(child))

        without = await ask(http, "score_analysis_report", sent, person_id=str(child))
        shown = await ask(http, "score_analysis_report", sent, person_id=str(child), consent="given")

        assert (without.status_code, shown.status_code) == (422, 200)
        assert shown.json()["result"]["exams"]
        assert pupil.id_number not in shown.text

    async def test_of_a_strangers_child_are_never_shown(self, http: httpx.AsyncClient, registers: CityPorts) -> None:
        child = await a_resident()
        sent = await headers(await a_citizen(2))

        answer = await ask(http, "score_analysis_report", sent, person_id=str(child), consent="given")

        assert (answer.status_code, answer.json()["code"]) == (404, "person_unknown")


class TestDistricts:
    async def test_are_found_by_an_address_and_searched_by_a_schools_name(
        self, http: httpx.AsyncClient, registers: CityPorts
    ) -> None:
        sent = await headers(await a_citizen(2))

        by_address = await ask(http, "school_district_lookup", sent, address="烟台市开发区福莱山街道望潮路1号")
        by_name = await ask(http, "school_district_lookup", sent, text="福莱山街道初级中学")
        outside = await ask(http, "school_district_lookup", sent, address="济南市历下区解放路1号")

        assert by_address.json()["result"]["items"] == by_name.json()["result"]["items"]
        assert [one["primary_code"] for one in by_address.json()["result"]["items"]] == ["2370676001"]
        assert (outside.status_code, outside.json()["result"]["found"]) == (200, 0)

    async def test_of_a_division_that_there_isnt_are_refused(
        self, http: httpx.AsyncClient, registers: CityPorts
    ) -> None:
        sent = await headers(await a_citizen(2))

        answer = await ask(http, "school_district_lookup", sent, division_code="370102")

        assert answer.status_code == 422
