"""Children's papers: told to child, mother and father, never numbered alike, registered within a month."""

from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from app.kernel import clock
from integrations.city.birth_papers import CERTIFIED_SINCE, birth_papers, register_pages
from integrations.city.births import BirthRecord, deliver
from integrations.city.days import months_after
from integrations.city.departments import SERVICES
from integrations.city.people import age_on
from integrations.city.world import City, CityOptions
from integrations.departments.birth_papers import BirthPaper
from tests.makers.city import FATHER, MOTHER
from tests.makers.city_people import a_town_of_registers

CITY = a_town_of_registers()
EVERYBODY = list(CITY.population.people.values())


@pytest.fixture
def city(prepared: Path) -> City:
    """A city of its own, in which children may be born."""
    return City(CityOptions(prepared, "http://127.0.0.1:9", "http://127.0.0.1:9", people=60))


def papers(city: City, number: str) -> list[BirthPaper]:
    told = birth_papers(city, city.person(number))
    return [] if told is None else list(told.certificates)


def register(city: City, birth: BirthRecord, name: str) -> str:
    """Let the police register a child with its mother, and give its number."""
    asked = {
        "case_number": "YT2026112901000001",
        "certificate_no": birth.certificate_no,
        "child": {"name": name, "sex": birth.sex, "born_at": birth.born_at, "ethnicity_code": "01"},
        "follow_id_number": MOTHER,
        "household_no": city.person(MOTHER).household_no,
    }
    said = SERVICES["gaj"]["register_birth"](city, msgspec.Raw(msgspec.json.encode(asked)))
    assert said.status == "ok"
    number: str = msgspec.json.decode(bytes(said.body))["id_number"]  # type: ignore[call-overload]
    return number


class TestCertificates:
    def test_of_drawn_children_are_numbered_once_each(self) -> None:
        told = {paper for person in EVERYBODY for paper in papers(CITY, person.id_number)}

        assert len(told) > 200
        assert len({paper.certificate_no for paper in told}) == len(told)
        assert not any(paper.certificate_no.startswith("Y") for paper in told)
        assert all(paper.born_at.date() >= CERTIFIED_SINCE for paper in told)

    def test_agree_with_the_register_of_people(self) -> None:
        for child in EVERYBODY:
            mother = CITY.population.people.get(child.mother or "")
            own = [one for one in papers(CITY, child.id_number) if one.born_at.date() == child.birth_date]
            if own and mother is not None:
                assert (own[0].child, own[0].sex, own[0].mother) == (child.name, child.sex, mother.name)
                assert own[0] in papers(CITY, mother.id_number)

    def test_of_a_newborn_are_told_to_both_parents_before_it_has_a_number(self, city: City) -> None:
        birth = deliver(city, MOTHER, "female")

        hers, his = papers(city, MOTHER), papers(city, FATHER)

        assert hers == his
        assert (hers[0].certificate_no, hers[0].child, hers[0].weight_g) == (birth.certificate_no, None, birth.weight_g)

    def test_name_the_child_once_it_is_registered_and_keep_their_number(self, city: City) -> None:
        birth = deliver(city, MOTHER, "male")
        number = register(city, birth, "孙安然")

        assert [(one.certificate_no, one.child) for one in papers(city, MOTHER)] == [(birth.certificate_no, "孙安然")]
        assert papers(city, number) == papers(city, FATHER)

    def test_of_somebody_without_children_born_before_there_were_any_are_unknown(self) -> None:
        person = next(
            one for one in EVERYBODY if one.birth_date < CERTIFIED_SINCE and not CITY.population.children(one.id_number)
        )

        assert birth_papers(CITY, person) is None


class TestPages:
    def test_are_of_minors_alone_and_made_within_a_month_of_birth(self) -> None:
        shown = 0
        for person in EVERYBODY:
            told = register_pages(CITY, person)
            for page in told.children if told else ():
                shown += 1
                assert age_on(page.birth_date, clock.today()) < 18
                assert page.birth_date <= page.registered_on <= months_after(page.birth_date, 1)
                assert "*" * 8 in page.masked_number
        assert shown > 300

    def test_of_a_child_born_since_say_the_day_on_which_the_police_registered_it(self, city: City) -> None:
        number = register(city, deliver(city, MOTHER, "female"), "孙乐怡")

        told = register_pages(city, city.person(MOTHER))
        own = register_pages(city, city.person(number))

        assert told == own
        assert told is not None
        assert (told.children[0].name, told.children[0].registered_on) == ("孙乐怡", clock.today())
        assert told.children[0].head == city.person(FATHER).name
        assert number not in str(told)

    def test_of_a_child_of_another_household_are_told_of_the_child_alone(self) -> None:
        people = CITY.population.people
        child = next(
            one
            for one in EVERYBODY
            if age_on(one.birth_date, clock.today()) < 17
            and one.father in people
            and people[one.father].household_no != one.household_no
        )
        his, own = register_pages(CITY, people[child.father or ""]), register_pages(CITY, child)

        assert own is not None
        assert own.children[0].name == child.name
        assert his is None or own.children[0] not in his.children

    def test_of_an_adult_without_children_under_age_are_unknown(self) -> None:
        grown = date(clock.today().year - 19, 1, 1) - timedelta(days=1)
        person = next(
            one for one in EVERYBODY if one.birth_date < grown and not CITY.population.children(one.id_number)
        )

        assert register_pages(CITY, person) is None
