"""Working days (工作日): Monday to Friday, but for the days off and working weekends announced for each year.

The years live in `holidays/*.toml`. A year without a file is refused by name, never guessed.
"""

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from app.kernel.errors import Unprocessable
from app.kernel.words import Words

FOLDER: Final = Path(__file__).parent / "holidays"
SATURDAY: Final = 5
ONE_DAY: Final = timedelta(days=1)


class CalendarUnknown(Unprocessable):
    """The year's days off aren't announced, so no working day in it can be counted."""

    code = "calendar_unknown"
    title = Words(
        zh="该年度的放假安排尚未公布，无法推算工作日。",
        en="That year's public holidays aren't announced yet, so its working days can't be counted.",
    )


class Holiday(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Days off in a row, from `first` to `last`, both included."""

    zh: str
    en: str
    first: date
    last: date

    @property
    def days(self) -> Iterator[date]:
        """Each day of it."""
        return (self.first + ONE_DAY * n for n in range((self.last - self.first).days + 1))


class Year(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was announced for one year; `provisional` until the State Council's notice is out."""

    year: int
    source: str
    verified_on: date
    provisional: bool
    work: tuple[date, ...]
    off: tuple[Holiday, ...]

    def __post_init__(self) -> None:
        """Refuse days of another year, working days that aren't weekends, and a day that is both off and working."""
        off = [day for holiday in self.off for day in holiday.days]
        if {day.year for day in (*off, *self.work)} - {self.year}:
            raise ValueError(f"a day lies outside {self.year}")
        if any(day.weekday() < SATURDAY for day in self.work):
            raise ValueError("a working weekend isn't a weekend")
        if len({*off, *self.work}) < len(off) + len(self.work):
            raise ValueError("a day stands there twice")


def read_year(path: Path) -> Year:
    """Read one year's file; what is wrong is told with the file's name."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Year)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ValueError(f"{path.name}: {error}") from error


@cache
def year_of(year: int) -> Year:
    """What was announced for a year. Raises `CalendarUnknown` where there is no file for it."""
    path = FOLDER / f"{year:04d}.toml"
    if not path.exists():
        raise CalendarUnknown(year=year)
    return read_year(path)


def is_working_day(day: date) -> bool:
    """Say whether offices work that day."""
    announced = _exceptions(day.year).get(day)
    return day.weekday() < SATURDAY if announced is None else announced


def is_provisional(day: date) -> bool:
    """Say whether the day's year still awaits its notice, so that a date counted in it may move."""
    return year_of(day.year).provisional


def next_working_day(day: date) -> date:
    """Return the day itself if offices work, or else the next day on which they do.

    So a period whose last day is a day of rest ends on the next working day (民法典, article 203).
    """
    while not is_working_day(day):
        day += ONE_DAY
    return day


def add_working_days(accepted: date, count: int) -> date:
    """Return the last day of a limit of `count` working days; counting starts on the day after (行政许可法, article 82)."""
    if count < 0:
        raise ValueError("a limit isn't negative")
    day = accepted
    while count:
        day += ONE_DAY
        count -= is_working_day(day)
    return day


def count_working_days(after: date, until: date) -> int:
    """Count the working days after one day up to another, which is included; 0 if there are none between."""
    return sum(is_working_day(after + ONE_DAY * n) for n in range(1, (until - after).days + 1))


@cache
def _exceptions(year: int) -> dict[date, bool]:
    announced = year_of(year)
    off = {day: False for holiday in announced.off for day in holiday.days}
    return off | dict.fromkeys(announced.work, True)
