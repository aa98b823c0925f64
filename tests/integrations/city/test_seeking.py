"""The developers' face finds people by what they are, page by page, and tells everything about one of them."""

from pathlib import Path
from typing import Any, get_args

import pytest

from integrations.city.drawing import draw
from integrations.city.elsewhere import PEOPLE as ELSEWHERE
from integrations.city.occupations import Occupation
from integrations.city.people import age_on
from integrations.city.population import REFERENCE
from integrations.city.seeking import LOOKED_AT, Sought, Status, is_kind, seek
from tests.makers.city import MOTHER, STRANGER, Town

CITY = draw(370600, 1_500)


async def found(town: Town, **asked: object) -> list[dict[str, Any]]:
    response = await town.http.get("/control/people", params={name: str(said) for name, said in asked.items()})
    assert response.status_code == 200, response.text
    items: list[dict[str, Any]] = response.json()["items"]
    return items


class TestSeek:
    def test_finds_people_of_an_age(self) -> None:
        people = seek(CITY, Sought(limit=1_000, age_from=30, age_to=31)).people

        assert people
        assert {age_on(person.birth_date, REFERENCE) for person in people} <= {29, 30, 31}

    def test_finds_people_of_a_division_by_code_and_name(self) -> None:
        by_code = seek(CITY, Sought(limit=1_000, division="370602")).people

        assert by_code == seek(CITY, Sought(limit=1_000, division="芝罘区")).people
        assert {person.division for person in by_code} == {"芝罘区"}

    def test_finds_who_lives_together(self) -> None:
        people = seek(CITY, Sought(household="370613003000002")).people

        assert {person.name for person in people} == {"宋秀英", "栾海涛", "孔雨桐", "栾建国", "栾㐂"}

    @pytest.mark.parametrize("kind", [*get_args(Occupation), *get_args(Status)])
    def test_finds_people_of_every_kind(self, kind: Any) -> None:
        people = seek(CITY, Sought(limit=5, kind=kind)).people

        assert people
        assert all(is_kind(CITY, person, kind) and person.alive == (kind != "dead") for person in people)

    def test_finds_everybody_once_page_by_page(self) -> None:
        sought, pages = Sought(limit=100, sex="female"), []
        while True:
            page = seek(CITY, sought)
            pages += [person.id_number for person in page.people]
            if page.next_offset is None:
                break
            sought = Sought(limit=100, sex="female", offset=page.next_offset)

        assert pages == [person.id_number for person in CITY.people.values() if person.sex == "female"]

    def test_looks_at_no_more_people_than_a_request_may(self) -> None:
        city = draw(370600, LOOKED_AT + 100)

        first = seek(city, Sought(household="nowhere"))
        rest = seek(city, Sought(household="nowhere", offset=LOOKED_AT))

        assert (first.people, first.next_offset) == ([], LOOKED_AT)
        assert (rest.people, rest.next_offset) == ([], None)

    def test_is_explained_on_the_citys_page(self) -> None:
        page = (Path(__file__).parents[3] / "docs" / "city.md").read_text(encoding="utf-8")

        assert all(
            f"`{name}`" in page for name in (*get_args(Occupation), *get_args(Status), *Sought.__struct_fields__)
        )

    def test_ends_behind_the_last_person(self) -> None:
        assert seek(CITY, Sought(offset=1_000_000)).people == []
        assert seek(CITY, Sought(offset=1_000_000)).next_offset is None


class TestPeople:
    async def test_are_found_by_kind_over_the_developers_face(self, town: Town) -> None:
        people = await found(town, kind="student", age_from=19, age_to=19)

        assert people[0]["name"] == "宋佳宁"

    async def test_go_on_where_the_last_page_ended(self, town: Town) -> None:
        first = (await town.http.get("/control/people?limit=2")).json()
        second = await found(town, limit=2, offset=first["next_offset"])

        assert [person["name"] for person in second] == ["宋秀英", "宋佳宁"]

    @pytest.mark.parametrize(
        "query", ["kind=hero", "age_from=-1", "age_from=x", "offset=-1", "surprise=1", "sex=other"]
    )
    async def test_are_not_sought_by_what_nobody_knows(self, town: Town, query: str) -> None:
        response = await town.http.get(f"/control/people?{query}")

        assert (response.status_code, response.json()["code"]) == (400, "city_query_malformed")


class TestPerson:
    async def test_is_told_with_everything_that_the_registers_say(self, town: Town) -> None:
        told = (await town.http.get(f"/control/people/{MOTHER}")).json()

        assert (told["as_of"], told["person"]["name"]) == ("2026-11-01", "于晓彤")
        assert told["work"]["occupation"] == "employee"
        assert told["civil"]["marital_code"] == "20"
        assert told["medical"]["insured_as"] == "employee_active"
        assert told["household"]["household"]["household_no"] == "370602001000001"
        assert MOTHER in told["household"]["members"]
        assert {account["utility"] for account in told["household"]["accounts"]} == {
            "water",
            "electricity",
            "gas",
            "heating",
        }

    async def test_has_the_doses_that_were_recorded_since(self, town: Town) -> None:
        await town.control("POST", "vaccinations", id_number=MOTHER, vaccine="HepA-I", dose_no=8, date="2026-11-22")

        told = (await town.http.get(f"/control/people/{MOTHER}")).json()

        assert {"day": "2026-11-22", "vaccine": "HepA-I", "dose_no": 8} in told["doses"]

    async def test_with_a_document_of_elsewhere_has_no_household(self, town: Town) -> None:
        told = (await town.http.get(f"/control/people/{next(iter(ELSEWHERE))}")).json()

        assert (told["household"], told["work"]) == (None, None)

    async def test_who_is_a_stranger_is_unknown(self, town: Town) -> None:
        assert (await town.http.get(f"/control/people/{STRANGER}")).status_code == 404
