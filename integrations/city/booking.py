"""When the city's departments can be visited by appointment: a venue of each matter in each division, from a list of patterns.

Hospitals and check-up centres are those of their own lists: their calendars tell the same doctors, packages and prices.
"""

from collections.abc import Iterator
from functools import partial
from typing import Final, Literal

import msgspec

from integrations.city import checkup_hours, hospital_hours
from integrations.city.divisions import DIVISIONS, Division
from integrations.city.hospital_hours import Place
from integrations.city.registers import Service, listed, of_everybody
from integrations.city.world import City
from integrations.departments.booking import Calendars, Hours, OnePer, Payee, Venue

LARGEST: Final = 4
SERVICE: Final = "booking_calendars"


class Pattern(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a matter's venues are, and whether every division has one (`all`) or the largest only (`some`)."""

    matter: str
    department: str
    name: str
    where: Literal["all", "some"]
    days_ahead: int
    releases_at: str
    bring: str
    hours: tuple[Hours, ...] = ()
    fee_fen: int = 0
    refund_until_hours: int | None = None
    one_per: OnePer = "matter"


class Patterns(msgspec.Struct, frozen=True):
    """Every pattern of the city."""

    patterns: tuple[Pattern, ...]


def patterns() -> tuple[Pattern, ...]:
    """Every matter's pattern."""
    every: Patterns = listed("booking_calendars", Patterns)
    return every.patterns


def calendars(city: City, department: str) -> Calendars:
    """Tell a department's venues."""
    own = [pattern for pattern in patterns() if pattern.department == department]
    return Calendars(tuple(venue for pattern in own for venue in _venues(city, pattern)))


def services(department: str) -> dict[str, Service]:
    """The service of a department (its code) of which something can be booked."""
    return {SERVICE: of_everybody(partial(calendars, department=department))}


def _venues(city: City, pattern: Pattern) -> Iterator[Venue]:
    if pattern.matter == hospital_hours.MATTER:
        yield from (_placed(pattern, one) for one in hospital_hours.hospitals(city.options.seed))
    elif pattern.matter == checkup_hours.MATTER:
        yield from (_placed(pattern, one) for one in checkup_hours.centres())
    else:
        yield from (_venue(pattern, division) for division in _divisions(pattern))


def _divisions(pattern: Pattern) -> list[Division]:
    by_size = sorted(DIVISIONS, key=lambda division: (-division.weight, division.code))
    return by_size if pattern.where == "all" else by_size[:LARGEST]


def _venue(pattern: Pattern, division: Division) -> Venue:
    street = division.streets[0][1]
    return Venue(
        code=f"{pattern.department}-{division.code}-{pattern.matter}"[:64],
        matter=pattern.matter,
        name=pattern.name.format(division=division.name),
        division_code=division.code,
        address=f"山东省烟台市{division.name}{street}政务路1号",
        phone="0535-6000000",
        hours=pattern.hours,
        days_ahead=pattern.days_ahead,
        releases_at=pattern.releases_at,
        bring=pattern.bring,
        fee_fen=pattern.fee_fen,
        refund_until_hours=pattern.refund_until_hours,
        one_per=pattern.one_per,
    )


def _placed(pattern: Pattern, place: Place) -> Venue:
    """A venue of a list: what is the same for all of them is the pattern's."""
    return Venue(
        code=f"{pattern.department}-{place.code}-{pattern.matter}"[:64],
        matter=pattern.matter,
        name=pattern.name.format(name=place.name),
        division_code=place.division_code,
        address=place.address,
        phone=place.phone,
        hours=place.hours,
        days_ahead=pattern.days_ahead,
        releases_at=pattern.releases_at,
        bring=pattern.bring,
        payee=Payee(place.code, place.name),
        refund_until_hours=pattern.refund_until_hours,
        one_per=pattern.one_per,
    )
