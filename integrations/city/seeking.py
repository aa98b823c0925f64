"""Finding people of the city by what they are: the developers' face asks, page by page."""

from collections.abc import Callable
from typing import Annotated, Final, Literal, get_args

import msgspec
from msgspec import Meta

from app.kernel import clock
from integrations.city.civil import assistance_of, disability_of, marital_code
from integrations.city.homes import home_of, titles_of
from integrations.city.names import SexWord
from integrations.city.occupations import Occupation, occupation
from integrations.city.people import Person, age_on
from integrations.city.population import Population
from integrations.city.vehicles import licence_of, vehicles_of

Status = Literal[
    "married",
    "widowed",
    "divorced",
    "orphan",
    "home_owner",
    "heir",
    "tenant",
    "driver",
    "car_owner",
    "assisted",
    "disabled",
    "dead",
]
Kind = Occupation | Status
MOST_PEOPLE: Final = 1_000
LOOKED_AT: Final = 5_000
"""People whom one request looks at; a rare kind may need several."""
OCCUPATIONS: Final = get_args(Occupation)
Age = Annotated[int, Meta(ge=0, le=130)]


class Sought(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is sought; what isn't named doesn't matter. Ages are today's, kinds those of the reference day."""

    limit: int = 20
    offset: Annotated[int, Meta(ge=0)] = 0
    age_from: Age = 0
    age_to: Age = 130
    sex: SexWord | None = None
    division: str | None = None
    """Code or name."""
    household: str | None = None
    kind: Kind | None = None


class Found(msgspec.Struct, frozen=True):
    """The people of one page, and where the next one starts; without that, there are no more."""

    people: list[Person]
    next_offset: int | None


def seek(population: Population, sought: Sought) -> Found:
    """Look for people in the order in which they were drawn, up to a page of them."""
    everybody = list(population.people.values())
    most = max(1, min(sought.limit, MOST_PEOPLE))
    found: list[Person] = []
    last = min(len(everybody), sought.offset + LOOKED_AT)
    for place in range(sought.offset, last):
        if _is_sought(population, everybody[place], sought):
            found.append(everybody[place])
        if len(found) == most:
            last = place + 1
            break
    return Found(found, last if last < len(everybody) else None)


def _is_sought(population: Population, person: Person, sought: Sought) -> bool:
    """Compare what costs nothing first."""
    if sought.sex not in {None, person.sex} or sought.household not in {None, person.household_no}:
        return False
    if sought.division not in {None, person.division, person.division_code}:
        return False
    if not sought.age_from <= age_on(person.birth_date, clock.today()) <= sought.age_to:
        return False
    return sought.kind is None or is_kind(population, person, sought.kind)


def is_kind(population: Population, person: Person, kind: Kind) -> bool:
    """Say whether somebody is of a kind."""
    if kind == "dead":
        return not person.alive
    if not person.alive:
        return False
    if kind in OCCUPATIONS:
        return occupation(population, person) == kind
    return _STATUSES[kind](population, person)


def _is_tenant(population: Population, person: Person) -> bool:
    household = population.household_of(person)
    home = home_of(population, household) if household is not None else None
    return home is not None and home.lease is not None


def _is_left_with_an_estate(population: Population, person: Person) -> bool:
    """Whether somebody owns a home together with who died, so that there is something to inherit."""
    return any(owner.died_on for title in titles_of(population, person) for owner in title.owners)


def _is_assisted(population: Population, person: Person) -> bool:
    household = population.household_of(person)
    return household is not None and assistance_of(population, household) is not None


_STATUSES: Final[dict[str, Callable[[Population, Person], bool]]] = {
    "married": lambda population, person: marital_code(population, person) == "20",
    "widowed": lambda population, person: marital_code(population, person) == "30",
    "divorced": lambda population, person: marital_code(population, person) == "40",
    "orphan": lambda _, person: person.guardian is not None,
    "home_owner": lambda population, person: bool(titles_of(population, person)),
    "heir": _is_left_with_an_estate,
    "tenant": _is_tenant,
    "driver": lambda population, person: licence_of(population, person) is not None,
    "car_owner": lambda population, person: bool(vehicles_of(population, person)),
    "assisted": _is_assisted,
    "disabled": lambda population, person: disability_of(population, person) is not None,
}
