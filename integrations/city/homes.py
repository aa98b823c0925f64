"""Homes: who owns which (不动产登记), on what mortgage, and who rents from whom by a filed lease (住房租赁合同备案).

A renting household's landlord is the household before it, if that one owns its own home; otherwise the housing company (公租房).

Nothing here follows a death: a home stays in the name of who died until their heirs are registered (民法典, art. 230, 232).
"""

from datetime import date
from typing import Final, Literal

import msgspec

from integrations.city.chance import percent
from integrations.city.days import birthday, months_after, months_between
from integrations.city.employment import work
from integrations.city.people import ADULT, HEAD, Household, Person, age_on
from integrations.city.population import REFERENCE, Population
from integrations.city.towns import is_rural

Share = Literal["sole", "joint", "by_shares"]
LoanKind = Literal["housing_fund", "commercial"]
OWNING_PERCENT: Final = 84
UNSETTLED_PERCENT: Final = 60
HOUSING_COMPANY: Final = "烟台福海住房保障有限公司"
_UNIFIED_SINCE: Final = 2016
"""The year from which titles are 不动产权证书, all of one form (不动产登记暂行条例, in force since 2015-03-01)."""
_MORTGAGE_UP_TO_AGE: Final = 55
_DISTRICTS: Final = frozenset({"370602", "370611", "370612", "370613", "370614", "370671", "370676"})


class Owner(msgspec.Struct, frozen=True, omit_defaults=True):
    """An owner: alone (单独所有), jointly with husband or wife (共同共有), or since a change by a part; `died_on`, if nobody inherited yet."""

    id_number: str
    name: str
    share: Share
    died_on: date | None = None
    part: str | None = None


class Mortgage(msgspec.Struct, frozen=True):
    """A loan on a home, repaid in equal parts of the principal (等额本金)."""

    kind: LoanKind
    since: date
    months: int
    principal_fen: int
    left_fen: int


class Title(msgspec.Struct, frozen=True):
    """A registered home; `area_dm2` is the floor area in hundredths of a square metre."""

    title_no: str
    address: str
    area_dm2: int
    registered_on: date
    owners: tuple[Owner, ...]
    mortgage: Mortgage | None


class Lease(msgspec.Struct, frozen=True):
    """A lease, filed with the housing authority."""

    filing_no: str
    landlord: str
    landlord_id_number: str | None
    title_no: str | None
    since: date
    until: date
    rent_fen: int


class Home(msgspec.Struct, frozen=True):
    """What a household lives in: exactly one of its own title and a lease; and what it lets to others."""

    title: Title | None
    lease: Lease | None
    lets: tuple[Title, ...]


def home_of(population: Population, household: Household) -> Home | None:
    """Tell a family's home; collective households, and those in which nobody is left, have none."""
    if household.kind != "family" or not _adults(population, household):
        return None
    title = own_title(population, household)
    lease = None if title else _lease(population, household)
    return Home(title, lease, _lets(population, household) if title else ())


def own_title(population: Population, household: Household) -> Title | None:
    """Give the title of a household that owns its home."""
    adults = _adults(population, household)
    if household.kind != "family" or not adults or not owns(population, household):
        return None
    return _title(population, household, adults)


def title_at(population: Population, serial: int) -> Title | None:
    """Give the title of the home in which the household with a serial lives, as it was drawn: its own, or its landlord's."""
    if not 1 <= serial <= len(population.in_order):
        return None
    household = population.households[population.in_order[serial - 1]]
    if household.kind != "family":
        return None
    return own_title(population, household) or _landlord(population, household)


def area_dm2(population: Population, household: Household) -> int:
    """Give the floor area of a household's home, owned or rented."""
    dice = population.dice("area", household.household_no)
    return dice.randrange(4_500, 15_000 if is_rural(household.town_code) else 14_000)


def titles_of(population: Population, person: Person) -> tuple[Title, ...]:
    """Give every title that names somebody as an owner: the own home, and the one that is let."""
    household = population.household_of(person)
    home = home_of(population, household) if household else None
    if home is None or home.title is None:
        return ()
    titles = (home.title, *home.lets)
    return tuple(title for title in titles if any(owner.id_number == person.id_number for owner in title.owners))


def owns(population: Population, household: Household) -> bool:
    """Villagers own their houses, and most others their flats."""
    return is_rural(household.town_code) or percent(population.dice("tenure", household.household_no), OWNING_PERCENT)


def _adults(population: Population, household: Household) -> list[Person]:
    members = population.members_as_drawn(household.household_no)
    return [person for person in members if age_on(person.birth_date, REFERENCE) >= ADULT]


def _title(population: Population, household: Household, adults: list[Person]) -> Title:
    dice = population.dice("title", household.household_no)
    owners = _owners(adults)
    grown = max(population.people[owner.id_number].birth_date.year for owner in owners) + ADULT + 1
    year = dice.randrange(min(max(_UNIFIED_SINCE, grown), REFERENCE.year), REFERENCE.year + 1)
    registered = min(date(year, 1 + dice.randrange(12), 1 + dice.randrange(28)), REFERENCE)
    title = Title(
        title_no=_title_no(household, registered.year),
        address=household.address,
        area_dm2=area_dm2(population, household),
        registered_on=registered,
        owners=owners,
        mortgage=None,
    )
    mortgaged = msgspec.structs.replace(title, mortgage=_mortgage(population, household, title))
    return msgspec.structs.replace(mortgaged, owners=_with_the_dead(population, household, mortgaged))


def _owners(adults: list[Person]) -> tuple[Owner, ...]:
    """The head owns the home; a husband and wife own it together (夫妻共同财产, Civil Code, art. 1062)."""
    head = adults[0]
    spouse = next((person for person in adults if person.id_number == head.spouse), None)
    if head.relation_code == HEAD and spouse is not None:
        return (Owner(head.id_number, head.name, "joint"), Owner(spouse.id_number, spouse.name, "joint"))
    return (Owner(head.id_number, head.name, "sole"),)


def _with_the_dead(population: Population, household: Household, title: Title) -> tuple[Owner, ...]:
    """Of some homes whose owner was widowed after they were registered, the dead spouse is an owner still: nobody inherited yet."""
    owners = tuple(_owner(population.people[one.id_number], one.share) for one in title.owners)
    spouse = population.people.get(population.people[owners[0].id_number].spouse or "")
    if len(owners) > 1 or spouse is None or spouse.alive or spouse.died_on is None:
        return owners
    grown = birthday(spouse.birth_date, ADULT) <= title.registered_on < spouse.died_on
    if not grown or not percent(population.dice("estate", household.household_no), UNSETTLED_PERCENT):
        return owners
    return (msgspec.structs.replace(owners[0], share="joint"), _owner(spouse, "joint"))


def _as_drawn(person: Person) -> Person:
    """An owner as they were when the city was drawn: all whose loans are drawn lived then, and a death changes no mortgage."""
    return msgspec.structs.replace(person, alive=True, died_on=None)


def _owner(person: Person, share: Share) -> Owner:
    return Owner(person.id_number, person.name, share, person.died_on)


def _title_no(household: Household, year: int) -> str:
    """Write a number in the form of the certificates: 鲁（2021）烟台市不动产权第0012345号."""
    place = "烟台市" if household.division_code in _DISTRICTS else household.address[6:9]
    return f"鲁（{year}）{place}不动产权第{household.serial:07d}号"


def _mortgage(population: Population, household: Household, title: Title) -> Mortgage | None:
    dice = population.dice("mortgage", household.household_no)
    owners = [population.people[owner.id_number] for owner in title.owners]
    if (
        is_rural(household.town_code)
        or age_on(owners[0].birth_date, REFERENCE) > _MORTGAGE_UP_TO_AGE
        or not percent(dice, 45)
    ):
        return None
    works = [work(population, _as_drawn(owner)) for owner in owners]
    funded = any(one is not None and one.housing_fund is not None for one in works)
    months = 12 * dice.randrange(15, 31)
    part = 100 * (dice.randrange(200_000, 800_000) // months)
    left = part * (months - months_between(title.registered_on, REFERENCE))
    return Mortgage("housing_fund" if funded else "commercial", title.registered_on, months, part * months, left)


def _lease(population: Population, household: Household) -> Lease:
    dice = population.dice("lease", household.household_no)
    since = date(REFERENCE.year, 1 + dice.randrange(10), 1)
    landlord = _landlord(population, household)
    owner = population.people[landlord.owners[0].id_number] if landlord else None
    return Lease(
        filing_no=f"鲁租备{REFERENCE.year}{household.serial:07d}",
        landlord=owner.name if owner else HOUSING_COMPANY,
        landlord_id_number=owner.id_number if owner else None,
        title_no=landlord.title_no if landlord else None,
        since=since,
        until=months_after(since, 12),
        rent_fen=area_dm2(population, household) * (6 if landlord is None else dice.randrange(9, 20)) // 1_000 * 1_000,
    )


def _landlord(population: Population, household: Household) -> Title | None:
    """Give the title of a rented home, held by the household before, if that one owns its own."""
    if household.serial <= 1:
        return None
    before = population.households[population.in_order[household.serial - 2]]
    own = own_title(population, before)
    if own is None:
        return None
    return msgspec.structs.replace(
        own,
        title_no=_title_no(household, own.registered_on.year),
        address=household.address,
        area_dm2=area_dm2(population, household),
        mortgage=None,
    )


def _lets(population: Population, household: Household) -> tuple[Title, ...]:
    """Give the title of the home next on the list, if its household rents it."""
    if household.serial >= len(population.in_order):
        return ()
    after = population.households[population.in_order[household.serial]]
    if after.kind != "family" or not _adults(population, after) or owns(population, after):
        return ()
    let = _landlord(population, after)
    return () if let is None else (let,)
