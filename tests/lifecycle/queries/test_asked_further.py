"""Questions with further parts, and about who has no number yet, over HTTP against the city."""

from datetime import timedelta

import httpx

from app.kernel import clock
from integrations.city.people import Person, age_on
from tests.lifecycle.queries.test_every_query import ask
from tests.makers.callers import signed_in
from tests.makers.cases import CityPorts
from tests.makers.city import Town
from tests.makers.city_people import a_citizen_of, the_same_city
from tests.makers.people import a_citizen, a_guardian_of, a_resident

YOUNG = range(24, 30)


def a_couple() -> tuple[Person, Person]:
    """A young couple of the city, who are nobody's example elsewhere."""
    people = the_same_city().population.people
    wife = next(
        person
        for person in reversed(people.values())
        if person.sex == "female" and age_on(person.birth_date, clock.today()) in YOUNG and person.spouse in people
    )
    return wife, people[wife.spouse or ""]


class TestNewborn:
    async def test_certificate_is_shown_to_both_parents_before_it_has_a_number(
        self, http: httpx.AsyncClient, registers: CityPorts, large_town: Town
    ) -> None:
        wife, husband = a_couple()
        born = (await large_town.control("POST", "births", mother_id_number=wife.id_number)).json()

        shown = [
            (await ask(http, "birth_medical_certificate", await signed_in(await a_citizen_of(parent)))).json()
            for parent in (wife, husband)
        ]

        for answer in shown:
            newest = answer["result"]["certificates"][0]
            assert (newest["certificate_no"], newest["child"]) == (born["certificate_no"], None)
            assert (newest["mother"], newest["father"]) == (wife.name, husband.name)


class TestWards:
    async def test_are_asked_about_by_guardians_unless_it_is_told_to_themselves_alone(
        self, http: httpx.AsyncClient, registers: CityPorts
    ) -> None:
        people = the_same_city().population.people.values()
        child = next(one for one in reversed(people) if age_on(one.birth_date, clock.today()) in range(3, 12))
        ward = await a_resident(name=child.name, id_number=child.id_number, birth_date=child.birth_date)
        guardian = await signed_in(await a_guardian_of(ward))

        record = await ask(http, "health_record_query", guardian, person_id=str(ward))
        checks = await ask(http, "antenatal_exam", guardian, person_id=str(ward))

        assert record.status_code == 200, record.text
        assert child.id_number not in record.text
        assert (checks.status_code, checks.json()["code"]) == (404, "person_unknown")


class TestParts:
    async def test_a_medicine_finds_pharmacies_that_have_it(
        self, http: httpx.AsyncClient, registers: CityPorts
    ) -> None:
        sent = await signed_in(await a_citizen(2))

        everywhere = (await ask(http, "pharmacy_query", sent)).json()["result"]["found"]
        somewhere = (await ask(http, "pharmacy_query", sent, medicine="布洛芬")).json()["result"]["found"]
        nowhere = (await ask(http, "pharmacy_query", sent, medicine="仙丹")).json()["result"]

        assert 0 < somewhere < everywhere
        assert (nowhere["found"], nowhere["items"]) == (0, [])

    async def test_a_day_that_cannot_be_booked_is_refused_by_the_platform(
        self, http: httpx.AsyncClient, registers: CityPorts
    ) -> None:
        sent = await signed_in(await a_citizen(2))
        day = clock.today() + timedelta(days=3)

        open_day = await ask(http, "appointment_registration", sent, day=day.isoformat(), department="儿科")
        closed = await ask(http, "appointment_registration", sent, day=(day + timedelta(days=30)).isoformat())

        assert {one["day"] for one in open_day.json()["result"]["items"]} == {day.isoformat()}
        assert (closed.status_code, closed.json()["code"]) == (422, "department_refused")

    async def test_a_year_without_settlements_is_an_empty_list(
        self, http: httpx.AsyncClient, registers: CityPorts
    ) -> None:
        sent = await signed_in(await a_citizen_of(a_couple()[1]))

        answer = await ask(http, "medical_insurance_reimbursement", sent, year=2010)
        wrong = await ask(http, "medical_insurance_reimbursement", sent, year=1899)

        assert answer.json()["result"]["settlements"] == []
        assert answer.json()["result"]["left_fen"] == answer.json()["result"]["limit_fen"]
        assert (wrong.status_code, wrong.json()["code"]) == (422, "body_wrong")
