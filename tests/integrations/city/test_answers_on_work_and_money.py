"""Every answer about work, social security and tax has the shape that was declared, names nobody, and is the same in a city drawn again."""

from typing import Any

import msgspec
import pytest

from integrations.city.departments import SERVICES
from integrations.city.outcomes import Outcome
from integrations.city.people import Person
from integrations.city.world import City, CityOptions
from lifecycle.queries.registers import OfEverybody, OfPerson
from lifecycle.social_security.queries import QUERIES as SOCIAL_SECURITY
from lifecycle.tax.queries import QUERIES as TAX
from lifecycle.work.queries import QUERIES as WORK
from tests.lifecycle.queries.test_every_query import ASKED
from tests.makers.city_people import PEOPLE, SEED, a_town_of_registers
from tests.makers.city_questions import asked

CITY = a_town_of_registers()
QUERIES = (*WORK, *SOCIAL_SECURITY, *TAX)


@pytest.fixture(scope="module")
def drawn_again(tmp_path_factory: pytest.TempPathFactory) -> City:
    origin = "http://127.0.0.1:9"
    return City(CityOptions(tmp_path_factory.mktemp("again"), origin, origin, SEED, PEOPLE))


def answer(city: City, query: Any, person: Person | None = None) -> Outcome:
    serve = SERVICES[query.register.department.lower()][query.register.service]
    return serve(city, asked(person, **ASKED.get(query.matter, {})))


@pytest.mark.parametrize("query", [one for one in QUERIES if isinstance(one, OfPerson)], ids=lambda one: one.matter)
class TestOfPerson:
    def test_has_its_shape_and_names_no_identity_number(self, query: OfPerson[Any]) -> None:
        known = 0
        for person in list(CITY.population.people.values())[:500]:
            said = answer(CITY, query, person)
            if said.status != "ok":
                assert said.status == "not_found"
                continue
            known += 1
            told = msgspec.json.encode(said.body["told"])  # type: ignore[index]
            msgspec.json.decode(told, type=query.register.told)
            assert person.id_number not in told.decode()
        assert known

    def test_is_the_same_in_a_city_drawn_again(self, drawn_again: City, query: OfPerson[Any]) -> None:
        for number, person in list(CITY.population.people.items())[:100]:
            assert answer(CITY, query, person) == answer(drawn_again, query, drawn_again.population.people[number])


@pytest.mark.parametrize("query", [one for one in QUERIES if isinstance(one, OfEverybody)], ids=lambda one: one.matter)
class TestOfEverybody:
    def test_has_its_shape_and_is_the_same_in_a_city_drawn_again(
        self, drawn_again: City, query: OfEverybody[Any]
    ) -> None:
        said = answer(CITY, query)

        msgspec.json.decode(msgspec.json.encode(said.body), type=query.register.told)
        assert said == answer(drawn_again, query)
