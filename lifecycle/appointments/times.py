"""Which slots a venue's hours make, and which of them can be booked by now. Pure."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import msgspec

from app.kernel.clock import SHANGHAI
from integrations.departments.booking import Hours, Venue


class Time(msgspec.Struct, frozen=True):
    """A slot to be: when, for how many, and by which of the venue's hours."""

    starts_at: datetime
    ends_at: datetime
    places: int
    of: Hours


def released(venue: Venue, now: datetime) -> Iterator[date]:
    """The days that can be booked by now: today and those after it, the last one from its hour of release on."""
    here = now.astimezone(SHANGHAI)
    days = venue.days_ahead if here.time() >= _clock_time(venue.releases_at) else venue.days_ahead - 1
    for ahead in range(days + 1):
        day = here.date() + timedelta(days=ahead)
        if day not in venue.closed_on:
            yield day


def times(venue: Venue, day: date) -> list[Time]:
    """A day's slots in order; where hours of one code overlap, the later named add theirs, and those of one beginning count once."""
    offered = [hours for hours in reversed(venue.hours) if not hours.cancelled]
    by_start = {(one.starts_at, hours.code): one for hours in offered for one in _times(hours, day)}
    return sorted(by_start.values(), key=lambda one: (one.starts_at, one.of.code or ""))


def _times(hours: Hours, day: date) -> Iterator[Time]:
    if day != hours.on and day.isoweekday() not in hours.weekdays:
        return
    length, closes = timedelta(minutes=hours.minutes), _at(day, hours.closes)
    starts = _at(day, hours.opens)
    while starts + length <= closes:
        yield Time(starts, starts + length, hours.places, hours)
        starts += length


def _at(day: date, clock_time: str) -> datetime:
    return datetime.combine(day, _clock_time(clock_time), SHANGHAI)


def _clock_time(text: str) -> time:
    return time.fromisoformat(text)
