"""When the city's departments can be visited by appointment: a venue of each matter in each division, from a list of patterns."""

from functools import partial
from typing import Final, Literal

import msgspec

from integrations.city.divisions import DIVISIONS, Division
from integrations.city.registers import Service, listed, of_everybody
from integrations.city.world import City
from integrations.departments.booking import Calendars, Hours, Venue

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
    hours: tuple[Hours, ...]


class Patterns(msgspec.Struct, frozen=True):
    """Every pattern of the city."""

    patterns: tuple[Pattern, ...]


def patterns() -> tuple[Pattern, ...]:
    """Every matter's pattern."""
    every: Patterns = listed("booking_calendars", Patterns)
    return every.patterns


def calendars(_city: City, department: str) -> Calendars:
    """Tell a department's venues."""
    own = [pattern for pattern in patterns() if pattern.department == department]
    return Calendars(tuple(_venue(pattern, division) for pattern in own for division in _divisions(pattern)))


def services(department: str) -> dict[str, Service]:
    """The service of a department (its code) of which something can be booked."""
    return {SERVICE: of_everybody(partial(calendars, department=department))}


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
    )
