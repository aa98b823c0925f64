"""Business days: each begins where the one before ends, at the cut-off, in Shanghai. Pure."""

from datetime import date, datetime, time, timedelta

from app.kernel import clock
from app.settlement.limits import limit_on

ONE_DAY = timedelta(days=1)


def ends_at(day: date) -> datetime:
    """The instant at which a business day ends; it isn't part of it."""
    midnight = datetime.combine(day, time(), clock.SHANGHAI)
    return midnight + timedelta(minutes=limit_on(day, "cut_off_minutes"))


def begins_at(day: date) -> datetime:
    """The instant with which a business day begins."""
    return ends_at(day - ONE_DAY)


def day_of(instant: datetime) -> date:
    """The business day of an instant."""
    day = clock.local(instant).date()
    return day if instant < ends_at(day) else day + ONE_DAY


def last_over(instant: datetime) -> date:
    """The last business day that can be settled at an instant: it is over, and its time of grace too."""
    day = clock.local(instant).date()
    while instant < ends_at(day) + timedelta(minutes=limit_on(day, "grace_minutes")):
        day -= ONE_DAY
    return day
