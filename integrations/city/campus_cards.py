"""The Education Bureau (JYJ) on campus cards: a school year's ledger of each pupil and student at a school that takes part.

The ledger begins empty with the school year, and is topped up before it would not do for the day; so it is never below zero.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from app.kernel import clock
from app.kernel.calendar import is_working_day
from integrations.city.chance import chance, percent
from integrations.city.people import Person
from integrations.city.population import Population
from integrations.city.registers import AboutPerson, Service, listed, of_person_asked
from integrations.city.schools import Enrolment, Stage, schooling
from integrations.city.world import City
from integrations.departments.campus_cards import CampusCard, CampusEntry, CampusKind

TAKES_PART_PERCENT: Final = 75
TOP_UP_FEN: Final = 30_000
ENOUGH_FEN: Final = 8_000
"""Below this, the card is topped up in the morning; a day costs less at the most."""
_ONE_DAY: Final = timedelta(days=1)
_TOP_UP_AT: Final = time(6, 40)
_TWO_WEEKS: Final = 14


class AboutCampusCard(AboutPerson, frozen=True, forbid_unknown_fields=True):
    """What was bought in so many days up to today?"""

    days: Annotated[int, Meta(ge=1, le=92)] = _TWO_WEEKS


class Purchase(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is bought on a school day at an hour, by so many of a hundred at some stages."""

    kind: CampusKind
    place: str
    stages: tuple[Stage, ...]
    hour: int
    least_fen: int
    most_fen: int
    percent: int


class Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A term of the school year, both days included."""

    starts_on: date
    ends_on: date


class Campus(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is bought, and in which terms."""

    purchases: tuple[Purchase, ...]
    terms: tuple[Term, ...]


def campus() -> Campus:
    """Read what is bought, and when."""
    read: Campus = listed("campus_purchases", Campus)
    return read


def takes_part(seed: int, school_code: str) -> bool:
    """Say whether a school takes cards."""
    return percent(chance(seed, "campus_cards", school_code), TAKES_PART_PERCENT)


def campus_card(city: City, person: Person, asked: AboutCampusCard) -> CampusCard | None:
    """Tell the balance and the record; kindergartens take no cards, and of schools that take no part nothing is known."""
    enrolment = schooling(city.population, person).enrolment
    if enrolment is None or enrolment.stage == "kindergarten":
        return None
    if not takes_part(city.options.seed, enrolment.school_code):
        return None
    now = clock.now()
    ledger = [entry for entry in ledger_of(city.population, person, enrolment, now.date()) if entry.at <= now]
    since = now.date() - _ONE_DAY * (asked.days - 1)
    shown = tuple(entry for entry in reversed(ledger) if entry.at.date() >= since)
    return CampusCard(
        school=enrolment.school,
        balance_fen=ledger[-1].balance_fen if ledger else 0,
        spent_fen=sum(entry.amount_fen for entry in shown if entry.kind != "top_up"),
        entries=shown,
    )


def ledger_of(population: Population, person: Person, enrolment: Enrolment, until: date) -> Iterator[CampusEntry]:
    """Give every entry of the school year up to the end of a day."""
    balance = 0
    for day in _school_days(until):
        if balance < ENOUGH_FEN:
            balance += TOP_UP_FEN
            yield CampusEntry(_instant(day, _TOP_UP_AT), "top_up", "手机充值", TOP_UP_FEN, balance)
        for at, bought, amount in _bought(population, person, enrolment, day):
            balance -= amount
            yield CampusEntry(at, bought.kind, bought.place, amount, balance)


def _school_days(until: date) -> Iterator[date]:
    for term in campus().terms:
        for place in range((min(until, term.ends_on) - term.starts_on).days + 1):
            day = term.starts_on + _ONE_DAY * place
            if is_working_day(day):
                yield day


def _bought(
    population: Population, person: Person, enrolment: Enrolment, day: date
) -> Iterator[tuple[datetime, Purchase, int]]:
    dice = population.dice("campus_purchase", f"{person.id_number}:{day.isoformat()}")
    for one in campus().purchases:
        if enrolment.stage in one.stages and percent(dice, one.percent):
            at = time(one.hour, dice.randrange(60), dice.randrange(60))
            yield _instant(day, at), one, dice.randrange(one.least_fen, one.most_fen + 1)


def _instant(day: date, at: time) -> datetime:
    return datetime.combine(day, at, clock.SHANGHAI)


SERVICES: Final[dict[str, Service]] = {"campus_card": of_person_asked(AboutCampusCard, campus_card)}
