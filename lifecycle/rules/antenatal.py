"""The checks of a pregnancy by its weeks (产前检查): due day, windows of each, and when the handbook is opened at the latest. Pure.

Sources: 孕前和孕期保健指南 (2018); 国家基本公共卫生服务规范 (third edition). Figures are the parameters `antenatal.*`; an age of pregnancy is
written `16w1`: weeks and days since the last period began. No diagnosis is ever worked out here.
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


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One check or test: when it may be had, both days included, and whether it is one of the free basic services."""

    code: str
    name: Words
    items: Words
    from_on: date
    until: date
    free: bool
    standing: Standing


class _Check(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    starts: str
    ends: str
    zh: str
    en: str
    items_zh: str
    items_en: str
    free: bool = False


def pregnancy(last_period_on: date | None, due_by_ultrasound: date | None, reading: Reading) -> Pregnancy | None:
    """Count a pregnancy; None where neither day is known."""
    term = timedelta(days=reading.number("antenatal.term_days"))
    if due_by_ultrasound is not None:
        return Pregnancy(due_by_ultrasound - term, due_by_ultrasound, "ultrasound")
    return None if last_period_on is None else Pregnancy(last_period_on, last_period_on + term, "last_period")


def age_on(one: Pregnancy, day: date) -> tuple[int, int]:
    """Weeks, and days beyond them, on a day; negative weeks before it begins."""
    return divmod((day - one.counted_from).days, DAYS_A_WEEK)


def is_possible(one: Pregnancy, day: date, reading: Reading) -> bool:
    """Whether somebody can be that pregnant on a day: it has begun, and isn't longer than any."""
    return 0 <= (day - one.counted_from).days <= _days(reading.text("antenatal.longest"))


def register_by(one: Pregnancy, reading: Reading) -> date:
    """The last day on which the handbook is opened in time: before 13 full weeks."""
    return one.counted_from + timedelta(days=_days(reading.text("antenatal.register_before")) - 1)


def checks(one: Pregnancy, reading: Reading) -> tuple[Check, ...]:
    """Every check and test, by the day on which it opens."""
    found = (_check(one, law, reading.as_of) for law in reading.get("antenatal.checks", tuple[_Check, ...]))
    return tuple(sorted(found, key=lambda check: (check.from_on, check.until)))


def hospital_on(one: Pregnancy, reading: Reading) -> date:
    """The day from which an overdue pregnancy goes to hospital."""
    return one.counted_from + timedelta(days=_days(reading.text("antenatal.hospital_from")))


def after_birth_on(one: Pregnancy, reading: Reading) -> date:
    """The check after the birth, if it falls on the due day."""
    return one.due_on + timedelta(days=reading.number("antenatal.after_birth_days"))


def _check(one: Pregnancy, law: _Check, day: date) -> Check:
    starts, ends = (one.counted_from + timedelta(days=_days(text)) for text in (law.starts, law.ends))
    standing: Standing = "past" if day > ends else "now" if day >= starts else "later"
    return Check(
        code=law.code,
        name=Words(law.zh, law.en),
        items=Words(law.items_zh, law.items_en),
        from_on=starts,
        until=ends,
        free=law.free,
        standing=standing,
    )


def _days(text: str) -> int:
    found = _AGE.fullmatch(text)
    if found is None:
        raise ValueError(f"not an age of pregnancy: {text!r}")
    weeks, days = (int(part) for part in found.groups())
    return weeks * DAYS_A_WEEK + days
