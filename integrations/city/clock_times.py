"""Times of day as timetables have them, in minutes from midnight, and the instants that they mean on a day."""

from datetime import date, datetime, time, timedelta
from typing import Final

from app.kernel.clock import SHANGHAI

DAY_MINUTES: Final = 24 * 60


def minutes_of(text: str) -> int:
    """Read HH:MM as minutes from midnight."""
    hours, _, minutes = text.partition(":")
    return 60 * int(hours) + int(minutes)


def instant(day: date, minutes: int) -> datetime:
    """Give the instant so many minutes from a day's midnight in Shanghai; from 1,440 on it lies on a later day."""
    return datetime.combine(day, time(), SHANGHAI) + timedelta(minutes=minutes)


def minute_of_day(at: datetime) -> int:
    """Give the minutes from midnight of an instant in Shanghai."""
    here = at.astimezone(SHANGHAI)
    return 60 * here.hour + here.minute


def slot(at: datetime, minutes: int) -> str:
    """Name the span of so many minutes that an instant lies in, for what is drawn anew in each."""
    return f"{at.astimezone(SHANGHAI).date()}:{minute_of_day(at) // minutes}"
