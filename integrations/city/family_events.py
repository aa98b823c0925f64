"""Deaths, custody and guardianship in the city: what the police and civil affairs decide, and tell the portal."""

import uuid
from datetime import date

import msgspec

from app.kernel import clock
from integrations.city import post
from integrations.city.births import find_birth
from integrations.city.errors import CityBirthUnknown, CityPersonUnknown
from integrations.city.people import Person
from integrations.city.world import City
from integrations.departments.civil_affairs import (
    CUSTODY_CHANGED,
    GUARDIANSHIP_CHANGED,
    CustodyDecision,
    GuardianNamed,
    Guardians,
    GuardianshipChange,
    GuardianshipDecision,
    WardNamed,
)
from integrations.departments.police import PERSON_DIED, Death


def register_death(city: City, id_number: str, died_on: date | None) -> Death:
    """Register a death (today's, if no day is said), and queue `person_died`. Refuses `CityPersonUnknown` also the dead."""
    person = city.person(id_number)
    if not person.alive:
        raise CityPersonUnknown
    told = Death(_reference("GA"), person.name, person.id_number, died_on or clock.today())
    with city.store.together():
        city.store.write("INSERT INTO death VALUES (?, ?)", person.id_number, told.died_on.isoformat())
        _send(city, PERSON_DIED, person.id_number, told)
    city.population.bury(person, told.died_on)
    return told


def award_custody(city: City, ward: WardNamed, custodians: tuple[str, ...]) -> CustodyDecision:
    """Decide with whom a child lives, and queue `custody_changed`. Refuses `CityPersonUnknown`, `CityBirthUnknown`."""
    told = CustodyDecision(_reference("MZ"), clock.today(), _known(city, ward), _named(city, custodians))
    _send(city, CUSTODY_CHANGED, told.reference, told)
    return told


def change_guardians(
    city: City, change: GuardianshipChange, ward: WardNamed, guardians: tuple[str, ...]
) -> GuardianshipDecision:
    """Decide about somebody's guardians, and queue `guardianship_changed`. Refuses `CityPersonUnknown`, `CityBirthUnknown`."""
    told = GuardianshipDecision(_reference("MZ"), clock.today(), change, _known(city, ward), _named(city, guardians))
    _send(city, GUARDIANSHIP_CHANGED, told.reference, told)
    return told


def bury(city: City) -> None:
    """Let those who died before a restart stay dead."""
    for row in city.store.all("SELECT id_number, died_on FROM death"):
        person = city.population.people.get(row["id_number"])
        if person is not None:
            city.population.bury(person, date.fromisoformat(row["died_on"]))


def _known(city: City, ward: WardNamed) -> WardNamed:
    if ward.birth_certificate_no is not None and find_birth(city, ward.birth_certificate_no) is None:
        raise CityBirthUnknown
    return ward if ward.id_number is None else WardNamed(id_number=city.person(ward.id_number).id_number)


def _named(city: City, numbers: tuple[str, ...]) -> Guardians:
    people: list[Person] = [city.person(number) for number in numbers]
    return tuple(GuardianNamed(person.name, person.id_number) for person in people)


def _reference(prefix: str) -> str:
    return f"{prefix}-{uuid.uuid4().hex[:12]}"


def _send(city: City, kind: post.EventKind, subject: str, told: msgspec.Struct) -> None:
    post.send(city, post.Item(str(uuid.uuid4()), kind, subject, msgspec.json.encode(told)))
