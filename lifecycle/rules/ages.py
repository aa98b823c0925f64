"""Ages, months and periods as the law counts them.

Sources: 民法典, articles 17 to 20 (capacity), 200 to 203 (counting of periods). Pure functions of dates.
"""

import calendar
import re
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Final, Literal

import msgspec

from app.kernel.calendar import next_working_day
from app.kernel.words import Words
from lifecycle.rules.parameters import Reading

MONTHS_PER_YEAR: Final = 12

_IN_EVERY_MONTH: Final = 28
_SPAN: Final = re.compile(r"(0|[1-9][0-9]{0,3})([dmy])", re.ASCII)

LeapBirthday = Literal["MAR_1", "FEB_28"]


class Unit(StrEnum):
    """What a span counts."""

    DAYS = "d"
    MONTHS = "m"
    YEARS = "y"


_UNIT_WORDS: Final = {
    Unit.DAYS: Words(zh="天", en="days"),
    Unit.MONTHS: Words(zh="个月", en="months"),
    Unit.YEARS: Words(zh="年", en="years"),
}


class Span(msgspec.Struct, frozen=True):
    """A length of time as the law states it: so many days, months or years, never mixed. In data: `28d`, `6m`, `4y`."""

    count: int
    unit: Unit

    @classmethod
    @cache
    def read(cls, text: str) -> "Span":
        """Read `28d`, `6m`, `4y`; anything else is a `ValueError`."""
        return _read(text)

    def after(self, day: date) -> date:
        """Return the day that lies this long after another."""
        if self.unit is Unit.DAYS:
            return day + timedelta(days=self.count)
        return add_months(day, self.count * (MONTHS_PER_YEAR if self.unit is Unit.YEARS else 1))

    def before(self, day: date) -> date:
        """Return the day that lies this long before another."""
        if self.unit is Unit.DAYS:
            return day - timedelta(days=self.count)
        return add_months(day, -self.count * (MONTHS_PER_YEAR if self.unit is Unit.YEARS else 1))

    @property
    def words(self) -> Words:
        """The span as people say it: 6个月, 6 months."""
        unit = _UNIT_WORDS[self.unit]
        return Words(zh=f"{self.count}{unit.zh}", en=f"{self.count} {unit.en if self.count != 1 else unit.en[:-1]}")

    @property
    def as_age(self) -> Words:
        """The span as an age: 6月龄, 4周岁."""
        if self.unit is Unit.DAYS:
            return (
                Words(zh=f"出生后{self.count}天", en=f"{self.words.en} old")
                if self.count
                else Words(zh="出生", en="birth")
            )
        unit = "周岁" if self.unit is Unit.YEARS else "月龄"
        return Words(zh=f"{self.count}{unit}", en=f"{self.words.en} old")


@cache
def _read(text: str) -> Span:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise ValueError(f"not a span of time: {text!r}")
    return Span(count=int(found.group(1)), unit=Unit(found.group(2)))


class Capacity(StrEnum):
    """Capacity for civil acts (民事行为能力)."""

    NONE = "none"
    LIMITED = "limited"
    FULL = "full"


def add_months(day: date, months: int) -> date:
    """Add months; where the day doesn't exist, it is the month's last (民法典, article 202)."""
    year, month = divmod(day.year * MONTHS_PER_YEAR + day.month - 1 + months, MONTHS_PER_YEAR)
    if day.day <= _IN_EVERY_MONTH:
        return date(year, month + 1, day.day)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def full_age(birth_date: date, on: date, leap_birthday: LeapBirthday = "MAR_1") -> int:
    """Count full years of age (周岁) on a day; negative before birth.

    `leap_birthday` says when a person born on 29 February grows older in a common year (parameter `age.leap_birthday`).
    """
    had_birthday = (on.month, on.day) >= _birthday_in(birth_date, on.year, leap_birthday)
    return on.year - birth_date.year - (not had_birthday)


def full_months(birth_date: date, on: date) -> int:
    """Count full months of age (月龄) on a day, consistent with `add_months`."""
    months = (on.year - birth_date.year) * MONTHS_PER_YEAR + on.month - birth_date.month
    return months if add_months(birth_date, months) <= on else months - 1


def last_day(event: date, period: Span) -> date:
    """Return the last day of a period that an event starts.

    Days are counted from the day after (民法典, article 201); a last day of rest moves to the next working day (203).
    """
    return next_working_day(period.after(event))


def capacity(birth_date: date, reading: Reading, *, lives_on_own_labour: bool = False) -> Capacity:
    """Say which capacity a person has on the reading's day (民法典, articles 17 to 20)."""
    age = full_age(birth_date, reading.as_of, leap_policy(reading))
    if age >= reading.number("age.capacity_full"):
        return Capacity.FULL
    if lives_on_own_labour and age >= reading.number("age.capacity_full_by_own_labour"):
        return Capacity.FULL
    return Capacity.LIMITED if age >= reading.number("age.capacity_limited") else Capacity.NONE


def birthday_on(birth_date: date, age: int, reading: Reading) -> date:
    """Return the day on which somebody reaches a full age, consistent with `full_age` by the reading's parameter."""
    return birthday_by(birth_date, age, leap_policy(reading))


def birthday_by(birth_date: date, age: int, leap_birthday: LeapBirthday) -> date:
    """Return the day on which somebody reaches a full age, consistent with `full_age` by the same `leap_birthday`."""
    year = birth_date.year + age
    return date(year, *_birthday_in(birth_date, year, leap_birthday))


def needs_guardian_consent(birth_date: date, reading: Reading) -> bool:
    """Say whether personal data need a guardian's consent: under 14 (个人信息保护法, article 31)."""
    return full_age(birth_date, reading.as_of, leap_policy(reading)) < reading.number("age.own_data_consent")


def _birthday_in(birth_date: date, year: int, leap_birthday: LeapBirthday) -> tuple[int, int]:
    if (birth_date.month, birth_date.day) == (2, 29) and not calendar.isleap(year):
        return (3, 1) if leap_birthday == "MAR_1" else (2, 28)
    return (birth_date.month, birth_date.day)


def leap_policy(reading: Reading) -> LeapBirthday:
    """When who was born on 29 February grows older in a common year, by the reading's parameter."""
    return "FEB_28" if reading.text("age.leap_birthday") == "FEB_28" else "MAR_1"
