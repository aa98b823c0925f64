"""Months and birthdays, counted as the law counts them."""

from calendar import monthrange
from datetime import date, timedelta


def months_after(day: date, months: int) -> date:
    """Add months; where the day doesn't exist, the month's last one (Civil Code, art. 202)."""
    year, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + year, month + 1)[1]
    return date(day.year + year, month + 1, min(day.day, last))


def years_after(day: date, years: int) -> date:
    """Add years to the start of a term; 29 February becomes 28 February."""
    return months_after(day, 12 * years)


def birthday(born: date, age: int) -> date:
    """Give the day on which somebody reaches an age; who was born on 29 February does so on 1 March, where there is none."""
    day = years_after(born, age)
    return day if day.day == born.day else day + timedelta(days=1)


def months_between(start: date, end: date) -> int:
    """Count the calendar months from the one of `start` up to and without that of `end`; none if it isn't later."""
    return max(0, 12 * (end.year - start.year) + end.month - start.month)


def month_end(day: date) -> date:
    """Give the last day of the month."""
    return day.replace(day=monthrange(day.year, day.month)[1])
