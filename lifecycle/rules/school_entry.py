"""When a child enters primary and junior school, and when that can be applied for.

Sources: 义务教育法 art. 2 and 11 (six years old; nine years); the day of the year and the windows are dated parameters.
"""

from datetime import date
from typing import Literal

import msgspec

from lifecycle.rules.parameters import ParameterUnknown, Reading

Stage = Literal["primary", "junior"]
When = Literal["too_young", "before", "in_time", "late", "past"]
"""`before`: the year's registration hasn't opened; `in_time`: it is open; `late`: it has closed, or the child should be at school."""


class Window(msgspec.Struct, frozen=True):
    """The days on which a stage registers children, both included."""

    opens: date
    closes: date


class Intake(msgspec.Struct, frozen=True):
    """How a child stands to a stage on a day: the year in which it enters, and the window of the coming autumn, once that is published."""

    when: When
    entry_year: int
    window: Window | None


def entry_year(born: date, reading: Reading) -> int:
    """The year in which a child enters primary school: at six by the cut-off, otherwise a year later."""
    late = born > _day(born.year, reading.text("school.entry_cut_off"))
    return born.year + reading.number("school.entry_age") + late


def school_year(reading: Reading) -> int:
    """The school year in which the reading's day lies, by its autumn."""
    day = reading.as_of
    return day.year - (day < _day(day.year, reading.text("school.year_starts")))


def intake(born: date, stage: Stage, reading: Reading) -> Intake:
    """How a child stands to a stage on the reading's day; past it is whose compulsory schooling is over."""
    primary = entry_year(born, reading)
    due = primary + (reading.number("school.primary_years") if stage == "junior" else 0)
    now = school_year(reading)
    if due > now + 1:
        return Intake("too_young", due, None)
    if due == now + 1:
        window = _window(stage, reading)
        return Intake(_in_year(reading.as_of, window), due, window)
    over = primary + reading.number("school.compulsory_years") <= now
    return Intake("past" if over else "late", due, None)


def settled_by(year: int, reading: Reading) -> date:
    """The last day on which registration and title count fully for a year of entry."""
    return _day(year, reading.text("school.settled_by"))


def _window(stage: Stage, reading: Reading) -> Window | None:
    """The window of the coming autumn; none until its plan is published."""
    try:
        return reading.get(f"school.{stage}_window", Window)
    except ParameterUnknown:
        return None


def _in_year(day: date, window: Window | None) -> When:
    if window is None or day < window.opens:
        return "before"
    return "in_time" if day <= window.closes else "late"


def _day(year: int, text: str) -> date:
    month, day = (int(part) for part in text.split("-"))
    return date(year, month, day)


class Milestones(msgspec.Struct, frozen=True, kw_only=True):
    """The autumns in which a child enters each school, and the summer of the university entrance exam (高考)."""

    kindergarten: int
    primary: int
    junior: int
    senior: int
    entrance_exam: int


def milestones(born: date, reading: Reading) -> Milestones:
    """When a child comes to each school, if it loses no year; entry may be put off by approval."""
    primary = entry_year(born, reading)
    senior = primary + reading.number("school.compulsory_years")
    return Milestones(
        kindergarten=primary - reading.number("school.kindergarten_years"),
        primary=primary,
        junior=primary + reading.number("school.primary_years"),
        senior=senior,
        entrance_exam=senior + reading.number("school.senior_years"),
    )
