"""What the dead left: their homes (ZRZY) and their kin (GAJ), told to whom law calls as heirs (民法典 art. 1127, 1128)."""

from collections.abc import Iterable
from datetime import date
from hashlib import sha256

from app.kernel import clock
from integrations.city.civil import married_on
from integrations.city.errors import CityPersonUnknown
from integrations.city.homes import Owner, Title
from integrations.city.orders import done_between
from integrations.city.people import ADULT, Person, age_on
from integrations.city.property_titles import seizure_now
from integrations.city.registers import Service, of_person
from integrations.city.title_register import titles_now
from integrations.city.world import City
from integrations.departments.estates import CoOwner, Deceased, EstateHome, EstateKin, Estates, Kin, Kinship

MARRY, PART = "register_marriage", "register_divorce"
Related = list[tuple[Person, Kinship, str | None]]
"""Somebody's kin: who, how, and by the number of which parent."""


def ref(dead: str, other: str | None = None) -> str:
    """Name somebody in the affairs of one dead person, without a number of anybody."""
    return "K" + sha256(f"{dead}:{other or dead}".encode()).hexdigest()[:20].upper()


def estates(city: City, person: Person) -> Estates | None:
    """Tell the homes in the names of the dead from whom somebody may inherit; who has none isn't told of."""
    homes = tuple(_home(city, dead, title) for dead in dead_kin(city, person) for title in titles_now(city, dead))
    return Estates(homes) if homes else None


def estate_kin(city: City, person: Person) -> EstateKin | None:
    """Tell the dead from whom somebody may inherit, and who else may."""
    dead = dead_kin(city, person)
    return EstateKin(tuple(_deceased(city, one, person) for one in dead)) if dead else None


def dead_kin(city: City, person: Person) -> list[Person]:
    """The dead whose kin, as law calls them, somebody is; nobody dead inherits."""
    if not person.alive:
        return []
    people = city.population
    parents = _parents(city, person)
    spouses = [one.ordered["partner_id_number"] for one in done_between(city, (MARRY,), person.id_number)]
    spouses += [one.id_number for one in done_between(city, (MARRY,), person.id_number)]
    children = people.children(person.id_number)
    near: list[Person] = [
        *_known(city, [person.spouse or "", *spouses]),
        *parents,
        *children,
        *(grandchild for child in children for grandchild in people.children(child.id_number)),
        *(grandparent for parent in parents for grandparent in _parents(city, parent)),
        *(sibling for parent in parents for sibling in people.children(parent.id_number)),
        *(
            sibling
            for parent in parents
            for above in _parents(city, parent)
            for sibling in people.children(above.id_number)
        ),
    ]
    found = {one.id_number: one for one in near if one.died_on is not None and one.id_number != person.id_number}
    return [
        one for one in found.values() if any(other.id_number == person.id_number for other, _, _ in kin_of(city, one))
    ]


def kin_of(city: City, dead: Person) -> Related:
    """The kin of somebody dead: the first order, with the descendants of children who died; the second where the first is empty."""
    first: Related = [
        *((one, "spouse", None) for one in _spouse(city, dead)),
        *((one, "parent", None) for one in _parents(city, dead)),
        *_with_descendants(city, dead, [(one, "child", None) for one in city.population.children(dead.id_number)]),
    ]
    if any(not _died_first(one, dead) for one, _, _ in first):
        return first
    return [*first, *_second_order(city, dead)]


def _second_order(city: City, dead: Person) -> Related:
    parents = _parents(city, dead)
    siblings = {one.id_number: one for parent in parents for one in city.population.children(parent.id_number)}
    siblings.pop(dead.id_number, None)
    found: Related = [(one, "sibling", None) for one in siblings.values()]
    for one in siblings.values():
        if _died_first(one, dead):
            children = city.population.children(one.id_number)
            found += [(child, "nephew_or_niece", one.id_number) for child in children]
    return found + [(one, "grandparent", None) for parent in parents for one in _parents(city, parent)]


def relative(city: City, dead: Person, named: str) -> tuple[Person, Kinship] | None:
    """Find who is named by a reference among the kin of somebody dead."""
    return next(((one, how) for one, how, _ in kin_of(city, dead) if ref(dead.id_number, one.id_number) == named), None)


def _with_descendants(city: City, dead: Person, line: Related) -> Related:
    found = list(line)
    for one, _, _ in line:
        if _died_first(one, dead):
            below: Related = [(child, "descendant", one.id_number) for child in city.population.children(one.id_number)]
            found += _with_descendants(city, dead, below)
    return found


def _died_first(one: Person, dead: Person) -> bool:
    return one.died_on is not None and dead.died_on is not None and one.died_on <= dead.died_on


def _spouse(city: City, dead: Person) -> list[Person]:
    """Who was married to somebody when they died: as drawn, and as registered since."""
    number = dead.spouse or ""
    for one in done_between(city, (MARRY, PART), dead.id_number):
        other = one.ordered["partner_id_number"] if one.id_number == dead.id_number else one.id_number
        number = other if one.service == MARRY else ""
    return _known(city, [number])


def _married_on(city: City, dead: Person, spouse: Person) -> date:
    for one in reversed(done_between(city, (MARRY,), dead.id_number)):
        if spouse.id_number in {one.id_number, one.ordered["partner_id_number"]}:
            return one.day
    return married_on(city.population, *((dead, spouse) if dead.sex == "male" else (spouse, dead)))


def _parents(city: City, person: Person) -> list[Person]:
    return _known(city, [person.father or "", person.mother or ""])


def _known(city: City, numbers: Iterable[str]) -> list[Person]:
    found = []
    for number in numbers:
        try:
            found.append(city.person(number))
        except CityPersonUnknown:
            continue
    return found


def _deceased(city: City, dead: Person, asker: Person) -> Deceased:
    related = {one.id_number: (one, how, through) for one, how, through in reversed(kin_of(city, dead))}
    kin = tuple(_kin(city, dead, asker, *told) for told in reversed(related.values()))
    return Deceased(ref(dead.id_number), dead.name, dead.died_on or clock.today(), kin)


def _kin(  # noqa: PLR0913, PLR0917 - who, whose, and how
    city: City, dead: Person, asker: Person, one: Person, how: Kinship, through: str | None
) -> Kin:
    return Kin(
        ref=ref(dead.id_number, one.id_number),
        name=one.name,
        kinship=how,
        died_on=one.died_on,
        through=None if through is None else ref(dead.id_number, through),
        is_minor=age_on(one.birth_date, clock.today()) < ADULT,
        is_asker=one.id_number == asker.id_number,
        married_on=_married_on(city, dead, one) if how == "spouse" else None,
    )


def _home(city: City, dead: Person, title: Title) -> EstateHome:
    own = next(owner for owner in title.owners if owner.id_number == dead.id_number)
    return EstateHome(
        title_no=title.title_no,
        address=title.address,
        area_dm2=title.area_dm2,
        registered_on=title.registered_on,
        deceased=ref(dead.id_number),
        deceased_name=dead.name,
        died_on=dead.died_on or clock.today(),
        share=own.share,
        part=own.part,
        co_owners=tuple(_co_owner(dead, owner) for owner in title.owners if owner is not own),
        mortgaged=title.mortgage is not None,
        seized=seizure_now(city, title) is not None,
    )


def _co_owner(dead: Person, owner: Owner) -> CoOwner:
    return CoOwner(ref(dead.id_number, owner.id_number), owner.name, owner.part, owner.died_on)


PROPERTY_SERVICES: dict[str, Service] = {"estates": of_person(estates)}
POLICE_SERVICES: dict[str, Service] = {"estate_kin": of_person(estate_kin)}
