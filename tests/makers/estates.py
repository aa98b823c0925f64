"""Estates and titles of the running city: who inherits, what the tax service and the registry answer, and what is told afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from integrations.city.departments import SERVICES
from integrations.city.estates import dead_kin, estates, ref
from integrations.city.homes import own_title
from integrations.city.people import Person
from integrations.city.property_titles import seizure, titles
from integrations.city.title_changes import CERTIFY
from integrations.city.title_register import CHANGE
from integrations.city.world import City
from integrations.departments.estates import DeedTaxCertified, EstateHome, TitleChanged
from integrations.departments.marriages import CoupleRegistered
from integrations.departments.property_titles import RegisteredTitle
from tests.lifecycle.applications.samples_of_housing import may_inherit_a_home
from tests.lifecycle.applications.samples_of_marriage import is_single_man
from tests.makers.city_people import somebody_new, the_same_city

CITY = the_same_city()
PEOPLE = CITY.population.people
_numbers = iter(range(1, 1000))


@contextmanager
def as_drawn() -> Iterator[None]:
    """The city is as it was drawn again afterwards."""
    drawn = dict(PEOPLE)
    yield
    CITY.store.write("DELETE FROM carried_out")
    PEOPLE.update(drawn)
    CITY.population._died_since.clear()


def case_number() -> str:
    """A number that no case has had."""
    return f"YT2026112905{next(_numbers):06d}"


def told(department: str, service: str, person: Person, **parts: object) -> bytes:
    """What a service of the city answers about a person."""
    body = {"id_number": person.id_number, **parts}
    outcome = SERVICES[department][service](CITY, msgspec.Raw(msgspec.json.encode(body)))
    assert isinstance(outcome.body, dict)
    return bytes(outcome.body["told"])


def certified(number: str, person: Person, **parts: object) -> DeedTaxCertified:
    """The certificate of deed tax."""
    return msgspec.json.decode(told("swj", CERTIFY, person, case_number=number, **parts), type=DeedTaxCertified)


def changed(number: str, person: Person, **parts: object) -> TitleChanged:
    """What the registry says of a change."""
    return msgspec.json.decode(told("zrzy", CHANGE, person, case_number=number, **parts), type=TitleChanged)


def an_heir() -> tuple[Person, EstateHome]:
    """Somebody new who may inherit, and the home."""
    heir = somebody_new(may_inherit_a_home)
    known = estates(CITY, heir)
    assert known is not None
    return heir, known.homes[0]


def to_the_spouse(home: EstateHome, heir: Person) -> dict[str, object]:
    """What the registry is told where all goes to the spouse who asks."""
    dead = next(one for one in dead_kin(CITY, heir) if ref(one.id_number) == home.deceased)
    named = ref(dead.id_number, heir.id_number)
    return {
        "title_no": home.title_no,
        "reason": "inheritance",
        "deceased": home.deceased,
        "owners": [{"ref": named, "part": "1/1"}],
    }


def inherited(heir: Person, home: EstateHome, **changes: object) -> TitleChanged:
    """What the registry says once a home was inherited, with what is told otherwise."""
    number, parts = case_number(), to_the_spouse(home, heir) | changes
    tax = certified(
        number,
        heir,
        title_no=parts["title_no"],
        reason=parts["reason"],
        deceased=parts["deceased"],
        acquirers=[one["ref"] for one in parts["owners"]],  # type: ignore[attr-defined]
    )
    return changed(number, heir, tax_certificate_no=tax.certificate_no, **parts)


def an_owner(**traits: object) -> Person:
    """Somebody who owns their home alone or jointly, as the traits say."""

    def fits(city: City, person: Person) -> bool:
        household = city.population.household_of(person)
        title = own_title(city.population, household) if household else None
        if title is None or person.id_number not in {owner.id_number for owner in title.owners}:
            return False
        if seizure(city.population, title) or any(owner.died_on for owner in title.owners):
            return False
        found = {
            "owners": len(title.owners),
            "first": title.owners[0].id_number == person.id_number,
            "mortgaged": title.mortgage is not None,
            "children": len(city.population.children(person.id_number)),
        }
        return all(found[name] == value for name, value in traits.items())

    return somebody_new(fits)


def title_of(person: Person) -> str:
    """The number of the first title of somebody."""
    found = titles(CITY, person)
    assert found is not None
    return found.titles[0].title_no


def told_titles(person: Person) -> tuple[RegisteredTitle, ...]:
    """Every title of somebody, as the register tells it."""
    found = titles(CITY, person)
    return found.titles if found else ()


def a_single_owner() -> Person:
    """A man who isn't married and owns his home alone, without a mortgage."""

    def fits(city: City, person: Person) -> bool:
        household = city.population.household_of(person)
        title = own_title(city.population, household) if household else None
        return (
            title is not None
            and [one.id_number for one in title.owners] == [person.id_number]
            and (title.mortgage, seizure(city.population, title)) == (None, None)
            and is_single_man(city, person)
        )

    return somebody_new(fits)


def coupled(service: str, one: Person, other: Person, **parts: object) -> str:
    """The certificate of a marriage or a divorce that was registered just now."""
    body = {"partner_name": other.name, "partner_id_number": other.id_number, "registry_code": "370602"}
    said = told("mzj", service, one, case_number=case_number(), **body, **parts)
    return msgspec.json.decode(said, type=CoupleRegistered).certificate_no
