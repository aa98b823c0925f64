"""People of a running city for whom its registers have something to tell."""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

import msgspec

from app.kernel import clock
from app.kernel.actors import Citizen
from integrations.city.departments import SERVICES
from integrations.city.people import ADULT, Person, age_on
from integrations.city.registers import Service
from integrations.city.world import City, CityOptions
from tests.makers.people import a_citizen, nobody_has

PEOPLE = 20_000
SEED = 370600
OTHERS_FROM = 30


@cache
def the_same_city() -> City:
    """A city of its own, drawn like the running one, to see in it who stands in which register."""
    return City(
        CityOptions(Path(mkdtemp(prefix="fuhai-same-city-")), "http://127.0.0.1:9", "http://127.0.0.1:9", SEED, PEOPLE)
    )


@cache
def a_town_of_registers() -> City:
    """A city with some of everybody, for tests that go over all of them."""
    folder = Path(mkdtemp(prefix="fuhai-registers-"))
    return City(CityOptions(folder, "http://127.0.0.1:9", "http://127.0.0.1:9", SEED, people=6_000))


@cache
def the_same_small_city() -> City:
    """The same of the city of sixty that tests run if they say nothing else."""
    folder = Path(mkdtemp(prefix="fuhai-small-city-"))
    return City(CityOptions(folder, "http://127.0.0.1:9", "http://127.0.0.1:9", people=60))


async def an_adult_of_the_small_city(fits: Callable[[City, Person], object]) -> Citizen:
    """An adult of that city who fits, with a new account: whoever had their number in an earlier test has it no longer."""
    city = the_same_small_city()
    adults = (one for one in city.population.people.values() if age_on(one.birth_date, clock.today()) >= ADULT)
    found = next(one for one in adults if one.alive and fits(city, one))
    await nobody_has(found.id_number)
    return await a_citizen_of(found)


_given: Final[set[str]] = set()
"""Numbers of whom tests of this run were given, and of their families: an account of theirs holds what those tests did."""
_asked_of: Final[set[str]] = set()
"""Numbers of those of whom registers are only asked, by any number of tests."""


def somebody_in(department: str, service: str, asked: dict[str, object]) -> Person:
    """The first of the city of whom a register tells something; the demo's families, first of all, are other tests'."""
    city, serve = the_same_city(), SERVICES[department.lower()][service]
    found = next(one for one in _others(city) if one.id_number not in _given and _tells(city, serve, one, asked))
    _asked_of.add(found.id_number)
    return found


def somebody_new(fits: Callable[[City, Person], object]) -> Person:
    """Somebody of the city who fits and whose family is no other test's of this run; applications change what registers say of them."""
    city = the_same_city()
    found = next(one for one in _others(city) if is_free(one) and fits(city, one))
    give(found)
    return found


def is_free(person: Person) -> bool:
    """Whether no test was given anybody of somebody's family, and none asks about them."""
    return _family(person).isdisjoint(_given | _asked_of)


def give(person: Person) -> None:
    """Let somebody and their family be one test's only."""
    _given.update(_family(person))


def _others(city: City) -> Iterator[Person]:
    return (one for one in islice(city.population.people.values(), OTHERS_FROM, None) if one.alive)


def _family(person: Person) -> set[str]:
    """Whose accounts an application of somebody's may use: theirs, their spouse's, their parents'."""
    return {one for one in (person.id_number, person.spouse, person.mother, person.father) if one is not None}


def _tells(city: City, serve: Service, person: Person, asked: dict[str, object]) -> bool:
    return serve(city, msgspec.Raw(msgspec.json.encode({"id_number": person.id_number, **asked}))).status == "ok"


async def a_citizen_of(person: Person, level: int = 2) -> Citizen:
    """Somebody of the city, with an account and a proved name."""
    return await a_citizen(level, name=person.name, id_number=person.id_number)
