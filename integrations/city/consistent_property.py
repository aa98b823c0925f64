"""What has to hold of homes, leases, mortgages, bills, licences and cars."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from integrations.city.bills import Account
from integrations.city.days import birthday
from integrations.city.dossiers import Dossier, HouseholdDossier
from integrations.city.employment import work
from integrations.city.homes import Lease, Title, own_title
from integrations.city.people import ADULT, HEAD, Person, age_on
from integrations.city.population import REFERENCE, Population
from integrations.city.tariffs import rounded_fen, tariff_of

TITLE_NO: Final = re.compile(r"鲁（20(1[6-9]|2[0-6])）..市不动产权第[0-9]{7}号")
PLATE: Final = re.compile(r"鲁F([A-HJ-NP-Z0-9]{5}|[A-K][A-HJ-NP-Z0-9][0-9]{4})")
FULL_POINTS: Final = 12


def titles(population: Population, told: Dossier) -> Iterator[str]:
    """Owners are grown up, were so when they were registered, and live (or died) in the household whose home it is or that lets it."""
    for title in told.titles:
        if not TITLE_NO.fullmatch(title.title_no):
            yield f"number {title.title_no}"
        if not birthday(told.person.birth_date, ADULT) <= title.registered_on <= REFERENCE:
            yield f"owner since {title.registered_on}"
        if title.mortgage is not None:
            yield from _mortgage(population, title)


def _mortgage(population: Population, title: Title) -> Iterator[str]:
    loan = title.mortgage
    if loan is None:
        return
    if not 0 <= loan.left_fen <= loan.principal_fen or loan.principal_fen % loan.months:
        yield "mortgage"
    works = [work(population, population.people[owner.id_number]) for owner in title.owners]
    if loan.kind == "housing_fund" and not any(one is not None and one.housing_fund is not None for one in works):
        yield "a loan of the housing fund without an account"


def driving(_: Population, told: Dossier) -> Iterator[str]:
    """Drivers are grown up, were so when they were licensed, and have fewer than twelve points; licences haven't run out."""
    licence = told.licence
    if licence is None:
        return
    if licence.first_issued_on < birthday(told.person.birth_date, ADULT) or licence.first_issued_on > REFERENCE:
        yield f"licensed on {licence.first_issued_on}"
    if licence.expires_on is not None and licence.expires_on <= REFERENCE:
        yield f"expired on {licence.expires_on}"
    if licence.points >= FULL_POINTS or licence.licence_no != told.person.id_number:
        yield "points or number of the licence"


def cars(_: Population, told: Dossier) -> Iterator[str]:
    """Owners of cars have a licence; plates have the form of Yantai's; inspections follow the registration."""
    for car in told.vehicles:
        if told.licence is None or car.registered_on < told.licence.first_issued_on:
            yield "car before licence"
        if not PLATE.fullmatch(car.plate) or car.owner != told.person.id_number:
            yield f"plate {car.plate}"
        if car.registered_on > REFERENCE or car.inspection_valid_until < car.registered_on:
            yield f"inspected until {car.inspection_valid_until}"


def home(population: Population, told: HouseholdDossier) -> Iterator[str]:
    """A family owns its home or rents it; owners are grown-up members; collective households have neither."""
    known = told.home
    if (known is None) != (told.household.kind == "collective"):
        yield "home and kind of household differ"
    if known is None:
        return
    if (known.title is None) == (known.lease is None):
        yield "neither owned nor rented, or both"
    if known.title is not None:
        yield from _owned(population, told, known.title)
    if known.lease is not None:
        yield from _rented(population, known.lease)


def _owned(population: Population, told: HouseholdDossier, title: Title) -> Iterator[str]:
    if title.address != told.household.address:
        yield "title of another address"
    owners = [population.people[owner.id_number] for owner in title.owners]
    living = [one for one in owners if one.alive]
    if any(one.id_number not in told.members or age_on(one.birth_date, REFERENCE) < ADULT for one in living):
        yield "owned by somebody else, or by a minor"
    if not any(one.relation_code == HEAD for one in owners) or {owner.share for owner in title.owners} != (
        {"sole"} if len(owners) == 1 else {"joint"}
    ):
        yield "shares"
    yield from _estate(title, owners)


def _estate(title: Title, owners: list[Person]) -> Iterator[str]:
    """Who died as an owner was one until then, and was married to the other; the register knows of it."""
    for owner, person in zip(title.owners, owners, strict=True):
        if owner.died_on != person.died_on:
            yield "death of an owner"
        if not person.alive and (
            person.died_on is None
            or title.registered_on >= person.died_on
            or any(other.spouse != person.id_number for other in owners if other is not person)
        ):
            yield "estate"


def _rented(population: Population, lease: Lease) -> Iterator[str]:
    if not lease.since <= REFERENCE < lease.until or lease.rent_fen <= 0:
        yield "lease"
    if lease.landlord_id_number is None:
        return
    landlord = population.people[lease.landlord_id_number]
    own = own_title(population, population.households[landlord.household_no])
    if not landlord.alive or landlord.name != lease.landlord or own is None or own.title_no == lease.title_no:
        yield "landlord"


def accounts(_: Population, told: HouseholdDossier) -> Iterator[str]:
    """Readings follow each other, use is their difference, and the year's bills add up to the tiers of the tariff."""
    if bool(told.accounts) != (told.household.kind == "family"):
        yield "accounts and kind of household differ"
    for account in told.accounts:
        if account.utility != "heating":
            yield from _readings(account)
            yield from _tiers(account, len(told.members))


def _readings(account: Account) -> Iterator[str]:
    for bill in account.bills:
        if bill.last_reading - bill.first_reading != bill.used or bill.used < 0:
            yield f"{account.account_no}: used {bill.used}"
    for before, after in zip(account.bills, account.bills[1:], strict=False):
        if before.last_reading != after.first_reading or before.period_end >= after.period_start:
            yield f"{account.account_no}: a gap on {after.period_start}"


def _tiers(account: Account, people: int) -> Iterator[str]:
    used = sum(bill.used for bill in account.bills)
    if rounded_fen(tariff_of(account.utility, people).charge(used)) != sum(bill.amount_fen for bill in account.bills):
        yield f"{account.account_no}: the bills don't add up"


PERSON_RULES: Final[dict[str, Callable[[Population, Dossier], Iterator[str]]]] = {
    "titles": titles,
    "driving": driving,
    "cars": cars,
}
HOUSEHOLD_RULES: Final[dict[str, Callable[[Population, HouseholdDossier], Iterator[str]]]] = {
    "home": home,
    "accounts": accounts,
}
