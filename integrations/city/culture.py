"""The Culture and Tourism Bureau (WLJ): who pays how much at the sandbox city's sights and venues.

Age is that of today, being a pupil or student that of the schools' register; a kindergarten makes nobody a student.
"""

from typing import Final

import msgspec

from app.kernel import clock
from integrations.city.figures import figure, number
from integrations.city.people import Person, age_on
from integrations.city.population import Population
from integrations.city.registers import Service, listed, of_person
from integrations.city.schools import schooling
from integrations.city.world import City
from integrations.departments.culture import CultureEntries, Entry, Status, VenueKind
from integrations.departments.districts import DistrictCode

_WHOLE: Final = 100


class _SeniorAges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From which ages entry is reduced, and free where it is so."""

    reduced_from: int
    free_from: int


_AGES: Final = figure("culture.senior_ages", _SeniorAges)
_CHILD: Final = number("culture.free_until_age")


class Percents(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What part of the price is paid by whom."""

    child: int = _WHOLE
    student: int = _WHOLE
    senior_60: int = _WHOLE
    senior_65: int = _WHOLE
    veteran: int = _WHOLE


class Venue(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A sight or venue."""

    name: str
    kind: VenueKind
    division_code: DistrictCode
    price_fen: int
    booked: bool
    year_ticket_fen: int | None = None
    loans: int | None = None
    percent: Percents = Percents()


class Venues(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every sight and venue."""

    venues: tuple[Venue, ...]


def venues() -> tuple[Venue, ...]:
    """Read the venues."""
    read: Venues = listed("venues", Venues)
    return read.venues


def culture_entries(city: City, person: Person) -> CultureEntries | None:
    """Tell somebody's statuses and prices; nothing of who has died."""
    if not person.alive:
        return None
    statuses = statuses_of(city.population, person)
    return CultureEntries(statuses, tuple(_entry(venue, statuses) for venue in venues()))


def statuses_of(population: Population, person: Person) -> tuple[Status, ...]:
    """Give what somebody can be verified to be; being a veteran is in no register here."""
    told = schooling(population, person).enrolment
    learns: tuple[Status, ...] = ("student",) if told is not None and told.stage != "kindergarten" else ()
    return (*_by_age(age_on(person.birth_date, clock.today())), *learns)


def _by_age(age: int) -> tuple[Status, ...]:
    if age <= _CHILD:
        return ("child",)
    if age < _AGES.reduced_from:
        return ()
    return ("senior_65",) if age >= _AGES.free_from else ("senior_60",)


def _entry(venue: Venue, statuses: tuple[Status, ...]) -> Entry:
    """Give the lowest price that any of the statuses brings."""
    best = min(statuses, key=lambda status: getattr(venue.percent, status), default=None)
    percent = _WHOLE if best is None else getattr(venue.percent, best)
    return Entry(
        venue=venue.name,
        kind=venue.kind,
        division_code=venue.division_code,
        price_fen=venue.price_fen,
        your_price_fen=venue.price_fen * percent // _WHOLE,
        by=best if percent < _WHOLE else None,
        veteran_price_fen=venue.price_fen * venue.percent.veteran // _WHOLE,
        year_ticket_fen=venue.year_ticket_fen,
        booked_ahead=venue.booked,
        loans=venue.loans,
    )


SERVICES: Final[dict[str, Service]] = {"culture_entries": of_person(culture_entries)}
