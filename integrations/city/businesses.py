"""The approval party (SPJ) on businesses that people run, and the market party (SCJG) on everybody's codes.

Shops of people in flexible work are numbered by household and place in it; name and code spell that number, so that a shop is
found again by either.
"""

from datetime import date
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from app.kernel import clock
from app.kernel.social_credit_codes import with_check, with_organisation_check
from app.kernel.structs import LINE
from integrations.city.chance import percent
from integrations.city.days import birthday
from integrations.city.divisions import BY_CODE, DIVISIONS
from integrations.city.employers import EMPLOYERS, Employer, employer
from integrations.city.occupations import first_day_of_work, occupation
from integrations.city.people import ADULT, Person
from integrations.city.population import REFERENCE, Population
from integrations.city.registers import Service, listed, of_everybody_asked, of_person
from integrations.city.towns import TOWNS
from integrations.city.world import City
from integrations.departments.businesses import (
    AuthorityKind,
    Organisation,
    OrganisationKind,
    Organisations,
    OwnBusiness,
    OwnBusinesses,
)

MOST_FOUND: Final = 1_000
_RUNNING_PERCENT: Final = 45
_SIGNS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WORDS: Final = "海云山星松泉金启百安新华恒宏润泰嘉永瑞信"
_NAME_LENGTH, _CODE_LENGTH = 5, 6
_PLACES: Final = 16
"""Members of a household that have a number of their own."""
_TRADES: Final = (
    ("便利店", "食品、日用百货零售"),
    ("水果店", "果蔬零售"),
    ("小吃店", "餐饮服务"),
    ("裁缝铺", "服装修补"),
    ("修理部", "家用电器修理"),
    ("货运部", "道路货物运输"),
)
_REPORT_DUE: Final = (6, 30)
"""A sole trader reports each year by then (个体工商户年度报告暂行办法 art. 3)."""
_AUTHORITIES: Final[dict[str, AuthorityKind]] = {"1": "staffing", "5": "civil_affairs", "9": "market"}
_CLASSES: Final[dict[OrganisationKind, str]] = {"association": "51", "non_enterprise": "52", "foundation": "53"}


class SocialOrganisation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A social organisation as listed; its code follows from its place in the list."""

    name: str
    kind: OrganisationKind
    division_code: str


class SocialOrganisations(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every social organisation of the city."""

    items: tuple[SocialOrganisation, ...]


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which organisations have this in their name, or this code?"""

    name_or_code: Annotated[str, Meta(min_length=2, max_length=60, pattern=LINE)]


def business_of(population: Population, person: Person) -> OwnBusiness | None:
    """Tell the shop of somebody in flexible work who runs one."""
    dice = population.dice("business", person.id_number)
    if not percent(dice, _RUNNING_PERCENT) or occupation(population, person) != "flexible":
        return None
    first = max(first_day_of_work(population, person), birthday(person.birth_date, ADULT))
    days = (REFERENCE - first).days
    household = population.households[person.household_no]
    if days <= 0:
        return None
    registered = date.fromordinal(first.toordinal() + dice.randrange(days))
    trade, scope = dice.choice(_TRADES)
    number, division = _number(population, person), BY_CODE[household.division_code]
    town = dict(TOWNS[division.code])[household.town_code]
    body = f"MB{_spelt(number, _SIGNS, _CODE_LENGTH)}"
    return OwnBusiness(
        name=f"{division.name}福海{_spelt(number, _WORDS, _NAME_LENGTH)}{trade}",
        uscc=with_check(f"92{division.code}{with_organisation_check(body)}"),
        kind="sole_trader",
        registered_on=registered,
        division_code=division.code,
        place=f"山东省烟台市{division.name}{town}",
        scope=scope,
        report_due=_report_due(registered),
    )


def own_businesses(city: City, person: Person) -> OwnBusinesses | None:
    """Tell what somebody of age runs; the register knows no children and nobody without a household here."""
    if occupation(city.population, person) is None or birthday(person.birth_date, ADULT) > REFERENCE:
        return None
    business = business_of(city.population, person)
    return OwnBusinesses((business,) if business else ())


def organisations(city: City, wanted: Wanted) -> Organisations:
    """Find organisations by a part of their name or by their whole code; people's shops by their whole name or code only."""
    text = wanted.name_or_code.strip().upper()
    known = (*_employers(city.population.seed), *_social())
    found = [one for one in known if text in one.name or text == one.uscc]
    shop = _shop(city.population, text)
    return Organisations((*((shop,) if shop else ()), *found)[:MOST_FOUND])


def _employers(seed: int) -> list[Organisation]:
    firms = (employer(seed, division.code, place) for division in DIVISIONS for place in range(EMPLOYERS))
    return [_organisation(firm) for firm in firms]


def _organisation(firm: Employer) -> Organisation:
    return Organisation(firm.name, firm.uscc, firm.kind, _AUTHORITIES[firm.uscc[0]], firm.division_code)


def _social() -> list[Organisation]:
    listing = listed("social_organisations", SocialOrganisations).items
    return [
        Organisation(
            one.name,
            with_check(f"{_CLASSES[one.kind]}{one.division_code}{with_organisation_check(f'MJ{place:06d}')}"),
            one.kind,
            "civil_affairs",
            one.division_code,
        )
        for place, one in enumerate(listing, 1)
    ]


def _shop(population: Population, text: str) -> Organisation | None:
    """Find a person's shop by reading the number in its code or name."""
    rest = text.partition("福海")[2]
    code, spelt = text[10:16], rest[:_NAME_LENGTH]
    number = _read(code, _SIGNS, _CODE_LENGTH) if text[8:10] == "MB" else _read(spelt, _WORDS, _NAME_LENGTH)
    serial, place = divmod(number or 0, _PLACES)
    if not 1 <= serial <= len(population.in_order):
        return None
    people = population.registered(population.in_order[serial - 1])
    shop = business_of(population, people[place]) if place < len(people) else None
    if shop is None or text not in {shop.name, shop.uscc}:
        return None
    return Organisation(shop.name, shop.uscc, shop.kind, "market", shop.division_code)


def _number(population: Population, person: Person) -> int:
    serial = population.households[person.household_no].serial
    people = [one.id_number for one in population.registered(person.household_no)]
    return serial * _PLACES + people.index(person.id_number)


def _spelt(number: int, signs: str, length: int) -> str:
    """Write a number with some signs as digits."""
    digits = []
    for _ in range(length):
        number, digit = divmod(number, len(signs))
        digits.append(signs[digit])
    return "".join(reversed(digits))


def _read(text: str, signs: str, length: int) -> int | None:
    """Read what `_spelt` wrote; None where it is something else."""
    if len(text) != length or not set(text) <= set(signs):
        return None
    number = 0
    for sign in text:
        number = number * len(signs) + signs.index(sign)
    return number


def _report_due(registered: date) -> date:
    """Give the next 30 June by which a report is due: the first is in the year after registration."""
    due = date(max(clock.today().year, registered.year + 1), *_REPORT_DUE)
    return due if due >= clock.today() else date(due.year + 1, *_REPORT_DUE)


OWN_SERVICES: Final[dict[str, Service]] = {"own_businesses": of_person(own_businesses)}
CODE_SERVICES: Final[dict[str, Service]] = {"organisations": of_everybody_asked(Wanted, organisations)}
