"""Everything that the city's registers say about a person or a household, put together when it is asked for."""

from collections.abc import Iterator
from hashlib import sha256

import msgspec

from integrations.city.bills import Account, accounts_of
from integrations.city.civil import Civil, civil
from integrations.city.employment import Work, work
from integrations.city.homes import Home, Title, home_of, titles_of
from integrations.city.immunisations import Dose, history
from integrations.city.medical import Medical, medical
from integrations.city.people import ADULT, Household, Person, age_on
from integrations.city.population import REFERENCE, Population
from integrations.city.schools import Schooling, schooling
from integrations.city.vehicles import Licence, Vehicle, licence_of, vehicles_of


class Dossier(msgspec.Struct, frozen=True):
    """Somebody, and what each register says of them on the reference day."""

    person: Person
    guardians: tuple[str, ...]
    children: tuple[str, ...]
    schooling: Schooling
    work: Work | None
    titles: tuple[Title, ...]
    licence: Licence | None
    vehicles: tuple[Vehicle, ...]
    medical: Medical | None
    doses: tuple[Dose, ...]
    civil: Civil | None


class HouseholdDossier(msgspec.Struct, frozen=True):
    """A household, who lives in it, its home and its bills."""

    household: Household
    members: tuple[str, ...]
    home: Home | None
    accounts: tuple[Account, ...]


def dossier(population: Population, person: Person) -> Dossier:
    """Put together what is known of somebody."""
    return Dossier(
        person=person,
        guardians=guardians(population, person),
        children=tuple(child.id_number for child in population.children(person.id_number)),
        schooling=schooling(population, person),
        work=work(population, person),
        titles=titles_of(population, person),
        licence=licence_of(population, person),
        vehicles=vehicles_of(population, person),
        medical=medical(population, person),
        doses=tuple(history(person)),
        civil=civil(population, person),
    )


def household_dossier(population: Population, household: Household) -> HouseholdDossier:
    """Put together what is known of a household."""
    return HouseholdDossier(
        household=household,
        members=tuple(person.id_number for person in population.members(household.household_no)),
        home=home_of(population, household),
        accounts=accounts_of(population, household),
    )


def guardians(population: Population, person: Person) -> tuple[str, ...]:
    """Name a minor's guardians (监护人): the parents who live, otherwise who was appointed (Civil Code, art. 27)."""
    if age_on(person.birth_date, REFERENCE) >= ADULT:
        return ()
    parents = [population.people[number] for number in (person.father, person.mother) if number in population.people]
    living = tuple(parent.id_number for parent in parents if parent.alive)
    return living or ((person.guardian,) if person.guardian else ())


def whole(population: Population) -> Iterator[Dossier | HouseholdDossier]:
    """Put together everything, households first, in the order in which they were drawn."""
    for number in population.in_order:
        yield household_dossier(population, population.households[number])
    for person in population.people.values():
        yield dossier(population, person)


def digest(population: Population) -> str:
    """Give the SHA-256 of the whole city as canonical JSON, one person or household a line: the same on every machine."""
    summed, encoder = sha256(), msgspec.json.Encoder(order="sorted")
    for told in whole(population):
        summed.update(encoder.encode(told) + b"\n")
    return summed.hexdigest()
