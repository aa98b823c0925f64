"""When departments can be visited by appointment: the venues of each matter, with their hours and places."""

from datetime import date, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from app.kernel.structs import Code, Line, Slug
from integrations.departments.registers import Register

ClockTime = Annotated[
    str, Meta(pattern=r"\A([01][0-9]|2[0-3]):[0-5][0-9]\Z", description="A time of the day in Yantai, hh:mm.")
]
Weekday = Annotated[int, Meta(ge=1, le=7, description="1 Monday … 7 Sunday (ISO 8601).")]
MOST_VENUES = 500


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hours of some weekdays, cut into slots of so many minutes with so many places each."""

    weekdays: Annotated[tuple[Weekday, ...], Meta(min_length=1, max_length=7)]
    opens: ClockTime
    closes: ClockTime
    minutes: Annotated[int, Meta(ge=5, le=480)]
    places: Annotated[int, Meta(ge=1, le=5_000)]

    def __post_init__(self) -> None:
        """Refuse hours that end before they begin."""
        if self.closes <= self.opens:
            raise ValueError("closes: later than opens")


class Venue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where one matter is done by appointment. A new day can be booked `days_ahead` days before, from `releases_at` on."""

    code: Code
    matter: Slug
    name: Line
    division_code: Code
    address: Line
    phone: Line
    hours: Annotated[tuple[Hours, ...], Meta(min_length=1, max_length=20)]
    days_ahead: Annotated[int, Meta(ge=0, le=90)]
    releases_at: ClockTime
    closed_on: Annotated[tuple[date, ...], Meta(max_length=366)] = ()
    bring: Line | None = None


class Calendars(msgspec.Struct, frozen=True):
    """Every venue of a department."""

    items: Annotated[tuple[Venue, ...], Meta(max_length=MOST_VENUES)]


def calendars_of(department: str) -> Register[Calendars]:
    """What a department tells of its venues."""
    return Register(
        department=department,
        service="booking_calendars",
        told=Calendars,
        fresh_for=timedelta(hours=12),
        usable_for=timedelta(days=7),
    )
