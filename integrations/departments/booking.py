"""When departments can be visited by appointment: the venues of each matter, with their hours and places."""

from datetime import date, timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from app.kernel.structs import Code, Line, Slug
from integrations.departments.registers import Register

ClockTime = Annotated[
    str, Meta(pattern=r"\A([01][0-9]|2[0-3]):[0-5][0-9]\Z", description="A time of the day in Yantai, hh:mm.")
]
Weekday = Annotated[int, Meta(ge=1, le=7, description="1 Monday … 7 Sunday (ISO 8601).")]
Fen = Annotated[int, Meta(ge=0, le=1_000_000, description="Fen, a whole number.")]
OnePer = Literal["matter", "specialty_and_day"]
MOST_VENUES = 500


class Payee(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is paid at a venue, where that isn't its department itself: a hospital, a notary's office."""

    code: Code
    name: Line


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hours of some weekdays, or of one day (`on`), cut into slots of so many minutes with so many places each.

    Several things that can be booked at the same time have a `code` each, such as a doctor's half day (号源); what is told by
    a code and isn't any more, or is told as `cancelled` (停诊), is withdrawn, and who booked it gets their money back.
    """

    weekdays: Annotated[tuple[Weekday, ...], Meta(max_length=7)]
    opens: ClockTime
    closes: ClockTime
    minutes: Annotated[int, Meta(ge=5, le=480)]
    places: Annotated[int, Meta(ge=1, le=5_000)]
    on: date | None = None
    code: Code | None = None
    specialty: Line | None = None
    doctor: Line | None = None
    title: Line | None = None
    fee_fen: Fen | None = None
    cancelled: bool = False

    def __post_init__(self) -> None:
        """Refuse hours that end before they begin, that are of no day or of two kinds of days, and a cancellation of nothing named."""
        if self.closes <= self.opens:
            raise ValueError("closes: later than opens")
        if bool(self.weekdays) == (self.on is not None):
            raise ValueError("on: a day, or weekdays")
        if self.cancelled and self.code is None:
            raise ValueError("cancelled: what has a code")


class Venue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where one matter is done by appointment. A new day can be booked `days_ahead` days before, from `releases_at` on.

    `fee_fen` is what the whole booking costs, unless its hours say otherwise; it is given back to who cancels until
    `refund_until_hours` before the beginning. One person may have one booking to come for the matter, or one for each specialty and day.
    """

    code: Code
    matter: Slug
    name: Line
    division_code: Code
    address: Line
    phone: Line
    hours: Annotated[tuple[Hours, ...], Meta(min_length=1, max_length=1_000)]
    days_ahead: Annotated[int, Meta(ge=0, le=90)]
    releases_at: ClockTime
    closed_on: Annotated[tuple[date, ...], Meta(max_length=366)] = ()
    bring: Line | None = None
    fee_fen: Fen = 0
    payee: Payee | None = None
    refund_until_hours: Annotated[int, Meta(ge=0, le=720)] | None = None
    one_per: OnePer = "matter"


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
