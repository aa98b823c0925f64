"""Birthdays that change what law allows (民法典 arts. 17–20, 个人信息保护法 art. 31). Pure."""

from datetime import date
from typing import Final

ADULT_AT: Final = 18
CONSENTS_AT: Final = 14
"""From this birthday on a minor consents to the use of their data and may have an account; a guardian still acts for them."""
_LEAP_DAY: Final = (2, 29)


def birthday(born_on: date, age: int) -> date:
    """The day on which somebody reaches an age; born on 29 February, it is 1 March where the year has no such day."""
    try:
        return born_on.replace(year=born_on.year + age)
    except ValueError:
        return date(born_on.year + age, 3, 1)


def has_reached(age: int, born_on: date, day: date) -> bool:
    """Whether somebody is so old on a day."""
    return birthday(born_on, age) <= day


def years_before(day: date, years: int) -> date:
    """The last day of birth of those who are `years` old on a day; who was born on a leap day ages on 1 March."""
    year = day.year - years
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def born_for(age: int, day: date) -> tuple[date, ...]:
    """The days of birth of those who reach an age on a day: none, one, or two (on 1 March)."""
    found = []
    for month, number in {(day.month, day.day), _LEAP_DAY}:
        try:
            born_on = date(day.year - age, month, number)
        except ValueError:
            continue
        if birthday(born_on, age) == day:
            found.append(born_on)
    return tuple(sorted(found))
