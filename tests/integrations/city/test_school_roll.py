"""The education party's school roll: who learns where, and whom it admits, to a school with places, twins together."""

from pathlib import Path

import msgspec
import pytest

from integrations.city.household_pages import household_page
from integrations.city.outcomes import QuestionRefused
from integrations.city.people import Person
from integrations.city.school_roll import SERVICES, ToAdmit, admit_pupil, places_left, school_roll, school_with
from integrations.city.school_year import plan
from integrations.city.schools import entry_year, grade_of, school_of
from integrations.city.world import City, CityOptions
from tests.makers.city_questions import asked

FULL = "2370602003"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    folder = tmp_path_factory.mktemp("roll")
    return City(CityOptions(Path(folder), "http://127.0.0.1:9", "http://127.0.0.1:9", 370600, 4_000))


def children(city: City, grade: int) -> list[Person]:
    """Children of a grade who go to a school with places."""
    population = city.population
    found = (one for one in population.people.values() if one.alive and population.household_of(one))
    return [one for one in found if grade_of(one.birth_date) == grade and not one.demo]


def wanted(city: City, child: Person, **changes: object) -> ToAdmit:
    code = school_of(city.population, child, "primary")[1]
    parts = {
        "case_number": f"C{child.id_number}",
        "id_number": child.id_number,
        "school_code": code,
        "stage": "primary",
    }
    return msgspec.convert(parts | changes, ToAdmit)


def refusal(city: City, child: Person, **changes: object) -> str:
    with pytest.raises(QuestionRefused) as refused:
        admit_pupil(city, child, wanted(city, child, **changes))
    return refused.value.reason


class TestAdmit:
    def test_gives_a_place_that_the_roll_tells_and_that_nobody_else_gets(self, city: City) -> None:
        child = next(one for one in children(city, 0) if school_of(city.population, one, "primary")[1] != FULL)
        school = school_with(wanted(city, child).school_code)
        assert school is not None
        before = places_left(city, school, plan().year)

        answered = SERVICES["admit_pupil"](city, asked(**msgspec.to_builtins(wanted(city, child))))

        told = school_roll(city, child)
        assert answered.status == "ok"
        assert told is not None
        assert told.admitted is not None
        assert (told.admitted.school, told.admitted.starts_on) == (school.school, plan().starts_on)
        assert places_left(city, school, plan().year) == before - 1
        assert refusal(city, child, case_number="another") == "already_admitted"

    def test_refuses_what_the_roll_contradicts(self, city: City) -> None:
        child, pupil, fifth = children(city, 0)[1], children(city, 3)[0], children(city, 5)[0]
        baby = next(one for one in children(city, -3) if entry_year(one.birth_date) == plan().year + 3)
        junior = school_of(city.population, fifth, "junior")[1]

        assert refusal(city, child, school_code=FULL) == "quota_full"
        assert refusal(city, child, school_code="2999999001") == "school_unknown"
        assert refusal(city, child, school_code=junior) == "school_of_another_stage"
        assert refusal(city, pupil) == "already_enrolled"
        assert refusal(city, fifth, stage="junior", school_code=junior) == "too_young"
        assert refusal(city, baby) == "too_young"

    def test_takes_who_finishes_primary_school_into_junior_school(self, city: City) -> None:
        sixth = next(
            one for one in children(city, 6) if school_of(city.population, one, "junior")[1] not in plan().full
        )
        junior = school_of(city.population, sixth, "junior")[1]

        told = admit_pupil(city, sixth, wanted(city, sixth, stage="junior", school_code=junior))

        assert (told.stage, told.entry_year, told.school.code) == ("junior", plan().year, junior)


class TestTwins:
    def test_are_of_one_mother_and_day_and_go_to_one_school(self, city: City) -> None:
        child = next(
            one for one in children(city, 0)[2:] if one.mother and school_of(city.population, one, "primary")[1] != FULL
        )
        number = city.population.new_number(child.division_code, "female", child.birth_date)
        twin = city.population.put(msgspec.structs.replace(child, id_number=number, sex="female", name="于安宁"))

        page = told(city, child)
        assert (page.has_twin, page.numbers) == (True, (number,))
        order = msgspec.to_builtins(wanted(city, child, together_with=number))
        assert SERVICES["admit_pupil"](city, asked(**order)).status == "ok"
        other = "2370613001"
        assert refusal(city, twin, together_with=child.id_number, school_code=other) == "twin_at_another_school"
        same = admit_pupil(city, twin, wanted(city, twin, together_with=child.id_number))
        assert same.school.code == wanted(city, child).school_code


class Twins(msgspec.Struct, frozen=True):
    has_twin: bool
    numbers: tuple[str, ...]


def told(city: City, child: Person) -> Twins:
    page = household_page(city, child)
    assert page is not None
    return Twins(bool(page.twins), page.twins)
