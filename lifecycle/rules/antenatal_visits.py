"""Visits before and after a birth (产前检查、产后检查): on which days they fall, counted from the last period. Pure.

Sources: 孕前和孕期保健指南 (2018); 国家基本公共卫生服务规范 (第三版). The windows are parameters `antenatal_visits.*`; a doctor decides.
"""

from datetime import date, timedelta

import msgspec

from app.kernel.words import Words
from lifecycle.rules.parameters import Reading

ONE_DAY = timedelta(days=1)


class Days(msgspec.Struct, frozen=True):
    """The first and the last day of a window, both included."""

    first: date
    last: date


class Visit(msgspec.Struct, frozen=True):
    """One visit: its days, what is done there, and the hospital's name for it where it has one."""

    code: str
    days: Days
    name: Words
    about: Words
    check: str


class _Span(msgspec.Struct, frozen=True):
    from_day: int
    to_day: int

    def since(self, day: date) -> Days:
        return Days(day + timedelta(days=self.from_day), day + timedelta(days=self.to_day))


class _VisitRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    from_day: int
    to_day: int
    name: Words
    about: Words
    check: str = ""


def expected_on(last_period_on: date, reading: Reading) -> date:
    """The expected day of birth (预产期)."""
    return last_period_on + timedelta(days=reading.number("antenatal.term_days"))


def last_period_of(expected: date, reading: Reading) -> date:
    """The last period that an expected day of birth goes back to."""
    return expected - timedelta(days=reading.number("antenatal.term_days"))


def handbook(last_period_on: date, reading: Reading) -> Days:
    """When the handbook is opened (建册)."""
    return reading.get("antenatal_visits.handbook", _Span).since(last_period_on)


def hospital_from(last_period_on: date, reading: Reading) -> date:
    """From when a hospital takes bookings for the birth."""
    return last_period_on + timedelta(days=reading.number("antenatal_visits.hospital_from_day"))


def visits(last_period_on: date, reading: Reading) -> tuple[Visit, ...]:
    """Every visit of a pregnancy, in their order."""
    return tuple(
        Visit(one.code, _Span(one.from_day, one.to_day).since(last_period_on), one.name, one.about, one.check)
        for one in reading.get("antenatal_visits.visits", tuple[_VisitRule, ...])
    )


def is_birth(last_period_on: date, ended_on: date, reading: Reading) -> bool:
    """Whether a pregnancy that ended on a day had lasted long enough for a birth."""
    return (ended_on - last_period_on).days >= reading.number("antenatal_visits.birth_from_day")


def check_after(born_on: date, reading: Reading) -> Days:
    """When the check after birth falls (产后42天检查)."""
    return reading.get("antenatal_visits.after_birth", _Span).since(born_on)
