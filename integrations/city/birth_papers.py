"""The papers of children: birth certificates of the health party (WJW), and pages of the police's register (GAJ)."""

from datetime import date, datetime, time, timedelta
from typing import Final

import msgspec

from app.kernel import clock
from integrations.city.births import HOSPITAL, BirthRecord, birth_of, births_of
from integrations.city.people import ADULT, HEAD, RELATIONS, Person, age_on
from integrations.city.population import REFERENCE, Population
from integrations.city.registers import Service, of_person
from integrations.city.towns import TOWNS
from integrations.city.world import City
from integrations.departments.birth_papers import BirthPaper, BirthPapers, RegisterPage, RegisterPages

CERTIFIED_SINCE: Final = date(1996, 1, 1)
"""From when on children are born with a certificate of the national form."""
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTU"
"""First letters of the drawn children's certificates, ten children of a household each; Y is for those born since."""
_PLACES: Final = 10
_REGISTERED_FROM_DAY, _REGISTERED_DAYS = 3, 25
"""Within a month (户口登记条例, art. 7)."""
_REGISTERED: Final = "SELECT answer FROM registration WHERE id_number = ?"


def birth_papers(city: City, person: Person) -> BirthPapers | None:
    """Tell every certificate that names somebody; of who is in none nothing is known."""
    named = (person, *city.population.children(person.id_number))
    drawn = [paper for child in named if (paper := _drawn(city, child)) is not None]
    own = birth_of(city, person.id_number)
    since = [_delivered(city, birth) for birth in (*births_of(city, person.id_number), *([own] if own else []))]
    papers = sorted((*drawn, *since), key=lambda paper: (paper.born_at, paper.certificate_no), reverse=True)
    return BirthPapers(tuple(papers)) if papers else None


def certificate_no(population: Population, child: Person) -> str | None:
    """Number the certificate of a drawn child: by the mother's household and the child's place among those born into it."""
    mother = population.people.get(child.mother or "")
    household = None if mother is None else population.household_of(mother)
    if household is None:
        return None
    women = [woman for woman in population.registered(household.household_no) if woman.sex == "female"]
    born = {(one.birth_date, one.id_number) for woman in women for one in population.children(woman.id_number)}
    place = sorted(born).index((child.birth_date, child.id_number))
    return f"{_LETTERS[place // _PLACES]}37{household.serial:06d}{place % _PLACES}"


def _drawn(city: City, child: Person) -> BirthPaper | None:
    """The certificate of a child of the drawn city; those born since have one of the store."""
    number = certificate_no(city.population, child)
    if number is None or not CERTIFIED_SINCE <= child.birth_date <= REFERENCE:
        return None
    people, dice = city.population.people, city.population.dice("birth", child.id_number)
    hour, minute = dice.randrange(24), dice.randrange(60)
    mother = people[child.mother or ""]
    return BirthPaper(
        certificate_no=number,
        child=child.name,
        sex=child.sex,
        born_at=datetime.combine(child.birth_date, time(hour, minute), clock.SHANGHAI),
        weight_g=dice.randrange(2600, 4100, 10),
        length_mm=dice.randrange(470, 540, 5),
        hospital=dice.choice((HOSPITAL, f"{mother.division}福海人民医院")),
        mother=mother.name,
        father=people[child.father].name if child.father in people else None,
    )


def _delivered(city: City, birth: BirthRecord) -> BirthPaper:
    people = city.population.people
    return BirthPaper(
        certificate_no=birth.certificate_no,
        child=people[birth.id_number].name if birth.id_number in people else None,
        sex=birth.sex,
        born_at=birth.born_at,
        weight_g=birth.weight_g,
        length_mm=birth.length_mm,
        hospital=birth.hospital,
        mother=city.person(birth.mother).name,
        father=city.person(birth.father).name if birth.father else None,
    )


def register_pages(city: City, person: Person) -> RegisterPages | None:
    """Tell the pages of somebody's children under age in their own household, or of somebody under age; of others nothing is told.

    Where a child of another household lives is told to whom the portal lets ask about the child itself.
    """
    today = clock.today()
    named = (
        person,
        *(one for one in city.population.children(person.id_number) if one.household_no == person.household_no),
    )
    young = [child for child in named if child.alive and age_on(child.birth_date, today) < ADULT]
    pages = [_page(city, child) for child in young if city.population.household_of(child) is not None]
    return RegisterPages(tuple(sorted(pages, key=lambda page: page.birth_date, reverse=True))) if pages else None


def _page(city: City, child: Person) -> RegisterPage:
    household = city.population.households[child.household_no]
    members = city.population.members(child.household_no)
    town = dict(TOWNS[household.division_code])[household.town_code]
    return RegisterPage(
        name=child.name,
        sex=child.sex,
        birth_date=child.birth_date,
        masked_number=f"{child.id_number[:6]}{'*' * 8}{child.id_number[14:]}",
        household_no=household.household_no,
        head=next((one.name for one in members if one.relation_code == HEAD), None),
        relation=RELATIONS[child.relation_code],
        address=household.address,
        station=f"{child.division}{town}派出所",
        registered_on=registered_on(city, child),
    )


def registered_on(city: City, child: Person) -> date:
    """Give the day on which a birth was registered: as the police answered, or within a month of a drawn child's birth."""
    row = city.store.one(_REGISTERED, child.id_number)
    if row is not None:
        return msgspec.convert(msgspec.json.decode(row["answer"])["registered_on"], date)
    dice = city.population.dice("registered", child.id_number)
    late = timedelta(days=_REGISTERED_FROM_DAY + dice.randrange(_REGISTERED_DAYS))
    return min(child.birth_date + late, max(child.birth_date, REFERENCE))


HEALTH_SERVICES: Final[dict[str, Service]] = {"birth_certificates": of_person(birth_papers)}
POLICE_SERVICES: Final[dict[str, Service]] = {"birth_registrations": of_person(register_pages)}
