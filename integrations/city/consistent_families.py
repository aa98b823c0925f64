"""What has to hold of kin and households: ages, sexes, marriages, guardians, heads."""

from collections.abc import Callable, Iterator
from typing import Final

from app.kernel.identity_numbers import parse
from integrations.city.days import birthday
from integrations.city.divisions import BY_CODE
from integrations.city.dossiers import Dossier, HouseholdDossier
from integrations.city.people import ADULT, HEAD, RELATIONS, Person, age_on
from integrations.city.population import PHONE_FROM_AGE, REFERENCE, Population

PARENTS_OLDER_BY: Final = range(15, 56)
MARRIED_FROM: Final = {"male": 22, "female": 20}
CHILDREN_OF_HEAD: Final = ("2", "3")
MOST_MEMBERS: Final = 200


def number(_: Population, told: Dossier) -> Iterator[str]:
    """The identity number is valid, and says the birth date, the sex, and where the person was first registered."""
    person = told.person
    read = parse(person.id_number, max(REFERENCE, person.birth_date))
    if (read.birth_date, read.sex.value) != (person.birth_date, person.sex):
        yield "number and birth date or sex differ"
    if read.region != BY_CODE[person.division_code].id_region(person.birth_date):
        yield "number of another division"


def parents(population: Population, told: Dossier) -> Iterator[str]:
    """Parents are a man and a woman, fifteen to fifty-five years older; a mother lived when her child was born."""
    person = told.person
    for parent_no, sex in ((person.father, "male"), (person.mother, "female")):
        parent = population.people.get(parent_no or "")
        if parent is None:
            if parent_no is not None:
                yield "parent unknown"
            continue
        if parent.sex != sex:
            yield f"parent isn't {sex}"
        if age_on(parent.birth_date, person.birth_date) not in PARENTS_OLDER_BY:
            yield f"{sex} parent of {age_on(parent.birth_date, person.birth_date)}"
        if parent.died_on is not None and parent.died_on < person.birth_date:
            yield "born after a parent's death"


def spouses(population: Population, told: Dossier) -> Iterator[str]:
    """Spouses name each other, are of different sex, and no kin; nobody is both married and divorced here."""
    person = told.person
    if person.spouse is not None and person.former_spouse is not None:
        yield "married and divorced"
    other = population.people.get(person.spouse or person.former_spouse or "")
    if other is None:
        return
    if person.id_number not in {other.spouse, other.former_spouse}:
        yield "spouse names somebody else"
    if other.sex == person.sex:
        yield "spouse of the same sex"
    if {other.father, other.mother} & {person.father, person.mother} - {None} or person.id_number in {
        other.father,
        other.mother,
    }:
        yield "married to kin"


def marriage(population: Population, told: Dossier) -> Iterator[str]:
    """Marriages were made at legal age and in both lives; both certificates agree, and a divorce came later."""
    person, known = told.person, told.civil
    if known is None or known.marriage is None:
        if known is not None and known.marital_code != "10":
            yield "no marriage certificate"
        return
    day = known.marriage.registered_on
    if not birthday(person.birth_date, MARRIED_FROM[person.sex]) <= day <= REFERENCE:
        yield f"married on {day}"
    other = population.people[known.marriage.other_id_number]
    if other.died_on is not None and other.died_on < day:
        yield "married to the dead"
    if known.divorce is not None and not day < known.divorce.registered_on <= REFERENCE:
        yield "divorced before the marriage"
    if (known.divorce is not None) != (known.marital_code == "40"):
        yield "marital status and certificates differ"


def guardian(population: Population, told: Dossier) -> Iterator[str]:
    """Every minor has a grown-up guardian who lives; only orphans have one who was appointed."""
    person = told.person
    minor = age_on(person.birth_date, REFERENCE) < ADULT
    if minor and person.alive and not told.guardians:
        yield "no guardian"
    for one in (population.people[number_] for number_ in told.guardians):
        if not one.alive or age_on(one.birth_date, REFERENCE) < ADULT:
            yield "guardian dead or a minor"
    if person.guardian is not None and any(not _is_dead(population, one) for one in (person.father, person.mother)):
        yield "a guardian besides parents"


def phone(_: Population, told: Dossier) -> Iterator[str]:
    """From twelve on everybody has a phone, of a range that nobody was given."""
    person = told.person
    due = age_on(person.birth_date, REFERENCE) >= PHONE_FROM_AGE
    if (person.phone is not None) != due:
        yield "phone and age differ"
    if person.phone is not None and not person.phone.startswith(("1990535", "154")):
        yield "phone of another range"


def death(_: Population, told: Dossier) -> Iterator[str]:
    """Who died has a day of death; who lives, none; registers know no work of the dead; what they own isn't inherited yet."""
    person = told.person
    if person.alive != (person.died_on is None):
        yield "dead or alive"
    if person.died_on is not None and not person.birth_date <= person.died_on <= REFERENCE:
        yield f"died on {person.died_on}"
    if not person.alive and (told.work or told.vehicles or told.licence):
        yield "the dead work or drive"


def head(population: Population, told: HouseholdDossier) -> Iterator[str]:
    """A household has exactly one head, grown up and alive, as many members as a register tells, and relations with a name."""
    members = [population.people[number_] for number_ in told.members]
    heads = [person for person in members if person.relation_code == HEAD]
    if len(heads) != 1:
        yield f"{len(heads)} heads"
    if any(age_on(one.birth_date, REFERENCE) < ADULT for one in heads):
        yield "head is a minor"
    if len(members) > MOST_MEMBERS:
        yield f"{len(members)} members"
    if any(person.relation_code not in RELATIONS for person in members):
        yield "relation without a name"


def relations(population: Population, told: HouseholdDossier) -> Iterator[str]:
    """Relations to the head are what kinship says, as far as the register of kin can tell."""
    members = [population.people[number_] for number_ in told.members]
    top = next((person for person in members if person.relation_code == HEAD), None)
    for person in members if top is not None and told.household.kind == "family" else ():
        if not _fits(person, top):
            yield f"{person.id_number} is no {RELATIONS[person.relation_code]}"


def place(_: Population, told: HouseholdDossier) -> Iterator[str]:
    """A household stands in a town of its division, and its address names both."""
    home, division = told.household, BY_CODE[told.household.division_code]
    town = dict(division.streets).get(home.town_code)
    if home.household_no[:6] != division.code or town is None or f"{division.name}{town}" not in home.address:
        yield "address elsewhere"
    if (home.kind == "collective") != (home.unit is not None):
        yield "collective without a unit"


def _fits(person: Person, top: Person | None) -> bool:
    if top is None or person is top:
        return True
    code = person.relation_code
    if code.startswith("1"):
        return person.spouse == top.id_number
    if code.startswith(CHILDREN_OF_HEAD) and code != "38":
        return top.id_number in {person.father, person.mother}
    if code in {"51", "52"}:
        return person.id_number in {top.father, top.mother}
    return code in {"41", "42", "55", "56", "73", "77"}


def _is_dead(population: Population, id_number: str | None) -> bool:
    person = population.people.get(id_number or "")
    return person is not None and not person.alive


PERSON_RULES: Final[dict[str, Callable[[Population, Dossier], Iterator[str]]]] = {
    "number": number,
    "parents": parents,
    "spouses": spouses,
    "marriage": marriage,
    "guardian": guardian,
    "phone": phone,
    "death": death,
}
HOUSEHOLD_RULES: Final[dict[str, Callable[[Population, HouseholdDossier], Iterator[str]]]] = {
    "head": head,
    "relations": relations,
    "place": place,
}
