"""The police party (GAJ) on where somebody is registered, and on residence permits.

Everybody of the drawn city is registered where they live; a permit is what those have who live here with a document of elsewhere.
"""

from datetime import date
from typing import Final

from integrations.city import elsewhere
from integrations.city.birth_papers import registered_on
from integrations.city.people import ADULT, Person, age_on
from integrations.city.population import REFERENCE
from integrations.city.registers import Service, of_person
from integrations.city.world import City
from integrations.departments.household_pages import HouseholdPage, ResidencePermit

_GRANDCHILD: Final = frozenset({"41", "42"})
_PERMIT_SINCE, _PERMIT_UNTIL = date(2026, 3, 2), date(2031, 3, 1)


def household_page(city: City, person: Person) -> HouseholdPage | None:
    """Tell somebody's page; of adults the day isn't told, since they may have moved."""
    home = city.population.household_of(person)
    if home is None or not person.alive:
        return None
    is_child = age_on(person.birth_date, REFERENCE) < ADULT
    return HouseholdPage(
        household_no=home.household_no,
        kind=home.kind,
        address=home.address,
        division_code=home.division_code,  # type: ignore[arg-type]
        registered_on=registered_on(city, person) if is_child else None,
        grandchild_of_head=person.relation_code in _GRANDCHILD,
        twins=twins(city, person),
    )


def twins(city: City, person: Person) -> tuple[str, ...]:
    """Give who was born of the same mother on the same day."""
    siblings = city.population.children(person.mother) if person.mother else []
    return tuple(
        one.id_number
        for one in siblings
        if one.birth_date == person.birth_date and one.id_number != person.id_number and one.alive
    )


def residence_permit(_: City, person: Person) -> ResidencePermit | None:
    """Tell the permit of who lives here with a document of elsewhere."""
    if person.id_number not in elsewhere.PEOPLE:
        return None
    return ResidencePermit(
        permit_no=f"{person.id_number[:6]}{person.id_number[8:17]}",
        address="山东省烟台市芝罘区向阳街道云帆路8号",
        since=_PERMIT_SINCE,
        valid_until=_PERMIT_UNTIL,
    )


SERVICES: Final[dict[str, Service]] = {
    "household_page": of_person(household_page),
    "residence_permit": of_person(residence_permit),
}
