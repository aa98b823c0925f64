"""A pregnancy by its weeks: due day, handbook, visits and tests with their days, and the check after birth (产前检查、产后检查). Pure.

Sources: 孕前和孕期保健指南 (2018); 国家基本公共卫生服务规范 (third edition). Figures are the parameters `antenatal.*`; an age of pregnancy is
written `16w1`: weeks and days since the last period began. No diagnosis is ever worked out here; a doctor decides.
"""

import re
from datetime import date, timedelta
from typing import Final, Literal

import msgspec

from app.kernel.words import Words
from lifecycle.rules.parameters import Reading

DueBy = Literal["last_period", "ultrasound"]
Standing = Literal["past", "now", "later"]
DAYS_A_WEEK: Final = 7
_AGE: Final = re.compile(r"([0-9]{1,2})w([0-6])", re.ASCII)


class Pregnancy(msgspec.Struct, frozen=True):
    """A pregnancy by the day from which it is counted, and what that rests on: an ultrasound's due day wins over the last period."""

    counted_from: date
    due_on: date
    due_by: DueBy


class Days(msgspec.Struct, frozen=True):
    """The first and the last day of a window, both included."""

    first: date
    last: date


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """A visit or test: when it may be had, both days included, and whether it is one of the free basic services.

    `at` is the visit at which a test is had; `told_as` is the hospitals' code for what is done there, where they have one.
    """

    code: str
    name: Words
    items: Words
    from_on: date
    until: date
    free: bool
    standing: Standing
    at: str | None
    told_as: str | None


class _Window(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    starts: str
    ends: str

    def since(self, day: date) -> Days:
        return Days(_at(day, self.starts), _at(day, self.ends))


class _Check(_Window, frozen=True, kw_only=True, forbid_unknown_fields=True):
    code: str
    name: Words
    items: Words
    free: bool = False
    at: str | None = None
    told_as: str | None = None


def by_last_period(day: date, reading: Reading) -> Pregnancy:
    """Count a pregnancy from the last period."""
    return Pregnancy(day, day + _term(reading), "last_period")


def by_due_day(day: date, reading: Reading) -> Pregnancy:
    """Count a pregnancy back from the due day that an ultrasound gave."""
    return Pregnancy(day - _term(reading), day, "ultrasound")


def age_on(one: Pregnancy, day: date) -> tuple[int, int]:
    """Weeks, and days beyond them, on a day; negative weeks before it begins."""
    return divmod((day - one.counted_from).days, DAYS_A_WEEK)


def is_possible(one: Pregnancy, day: date, reading: Reading) -> bool:
    """Whether somebody can be that pregnant on a day: it has begun, and isn't longer than any."""
    return one.counted_from <= day <= last_day(one, reading)


def last_day(one: Pregnancy, reading: Reading) -> date:
    """The last day on which somebody can still be pregnant."""
    return _at(one.counted_from, reading.text("antenatal.longest"))


def is_birth(one: Pregnancy, ended_on: date, reading: Reading) -> bool:
    """Whether a pregnancy that ended on a day had lasted long enough for a birth."""
    return ended_on >= _at(one.counted_from, reading.text("antenatal.birth_from"))


def handbook(one: Pregnancy, reading: Reading) -> Days:
    """When the handbook is opened in time (建册)."""
    return reading.get("antenatal.handbook", _Window).since(one.counted_from)


def checks(one: Pregnancy, reading: Reading) -> tuple[Check, ...]:
    """Every visit and test, by the day on which it opens."""
    found = (_check(one, law, reading.as_of) for law in reading.get("antenatal.checks", tuple[_Check, ...]))
    return tuple(sorted(found, key=lambda check: (check.from_on, check.until)))


def places_from(one: Pregnancy, reading: Reading) -> date:
    """The day from which hospitals take bookings for the birth."""
    return _at(one.counted_from, reading.text("antenatal.places_from"))


def hospital_on(one: Pregnancy, reading: Reading) -> date:
    """The day from which an overdue pregnancy goes to hospital."""
    return _at(one.counted_from, reading.text("antenatal.hospital_from"))


def check_after(born_on: date, reading: Reading) -> Days:
    """When the check after birth falls (产后42天检查)."""
    return reading.get("antenatal.after_birth", _Window).since(born_on)


def _term(reading: Reading) -> timedelta:
    return timedelta(days=reading.number("antenatal.term_days"))


def _check(one: Pregnancy, law: _Check, day: date) -> Check:
    days = law.since(one.counted_from)
    standing: Standing = "past" if day > days.last else "now" if day >= days.first else "later"
    return Check(
        code=law.code,
        name=law.name,
        items=law.items,
        from_on=days.first,
        until=days.last,
        free=law.free,
        standing=standing,
        at=law.at,
        told_as=law.told_as,
    )


def _at(day: date, age: str) -> date:
    """The day that lies some weeks and days after another."""
    found = _AGE.fullmatch(age)
    if found is None:
        raise ValueError(f"not an age of pregnancy: {age!r}")
    weeks, days = (int(part) for part in found.groups())
    return day + timedelta(weeks=weeks, days=days)
