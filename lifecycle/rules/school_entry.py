"""When a child enters primary and junior school, and when that can be applied for.

Sources: 义务教育法 art. 2 and 11 (six years old; nine years); the day of the year and the windows are dated parameters.
"""

from datetime import date
from typing import Final, Literal, get_args

import msgspec

from app.kernel.words import Words
from lifecycle.rules.fact_kinds import SchoolStage
from lifecycle.rules.parameters import ParameterUnknown, Reading
from lifecycle.rules.seasons import day_in

Stage = Literal["primary", "junior"]
NAMES: Final[dict[Stage, Words]] = {
    "primary": Words(zh="小学", en="primary school"),
    "junior": Words(zh="初中", en="junior school"),
}
When = Literal["too_young", "before", "in_time", "late", "past"]
"""`before`: the year's registration hasn't opened; `in_time`: it is open; `late`: it has closed, or the child should be at school."""


_ORDER: Final[tuple[SchoolStage, ...]] = get_args(SchoolStage)


class Window(msgspec.Struct, frozen=True):
    """The days on which a stage registers children, both included."""

    opens: date
    closes: date


class Intake(msgspec.Struct, frozen=True):
    """How a child stands to a stage on a day: the year in which it enters, and the window of the coming autumn, once that is published."""

    when: When
    entry_year: int
    window: Window | None


class Milestones(msgspec.Struct, frozen=True, kw_only=True):
    """The autumns in which a child enters each school, and the summer of the university entrance exam (高考)."""

    kindergarten: int
    primary: int
    junior: int
    senior: int
    entrance_exam: int


def entry_year(born: date, reading: Reading) -> int:
    """The year in which a child enters primary school: at six by the cut-off, otherwise a year later."""
    late = born > day_in(born.year, reading.text("school.entry_cut_off"))
    return born.year + reading.number("school.entry_age") + late


def school_year(reading: Reading) -> int:
    """The school year in which the reading's day lies, by its autumn."""
    day = reading.as_of
    return day.year - (day < starts_on(day.year, reading))


def intake(born: date, stage: Stage, reading: Reading) -> Intake:
    """How a child stands to a stage on the reading's day; past it is whose compulsory schooling is over."""
    years, now = milestones(born, reading), school_year(reading)
    due = years.junior if stage == "junior" else years.primary
    if due > now + 1:
        return Intake("too_young", due, None)
    if due == now + 1:
        days = window(stage, due, reading)
        return Intake(_in_year(reading.as_of, days), due, days)
    return Intake("past" if years.senior <= now else "late", due, None)


def settled_by(year: int, reading: Reading) -> date:
    """The last day on which registration and title count fully for a year of entry."""
    return day_in(year, reading.text("school.settled_by"))


def stage_years(reading: Reading) -> dict[SchoolStage, int]:
    """How many years each stage takes."""
    return reading.get("school.stage_years", dict[SchoolStage, int])


def is_at(stage: SchoolStage, learns: SchoolStage) -> bool:
    """Whether somebody who learns at one stage has come to another, or beyond it."""
    return _ORDER.index(learns) >= _ORDER.index(stage)


def starts_on(year: int, reading: Reading) -> date:
    """The day on which a year's autumn begins at school."""
    return day_in(year, reading.text("school.year_starts"))


def window(stage: Stage, year: int, reading: Reading) -> Window | None:
    """The published window of a year; none before the school year that leads to it, or until its plan is published."""
    if school_year(reading) != year - 1:
        return None
    try:
        return reading.get(f"school.{stage}_window", Window)
    except ParameterUnknown:
        return None


def _in_year(day: date, window: Window | None) -> When:
    if window is None or day < window.opens:
        return "before"
    return "in_time" if day <= window.closes else "late"


def milestones(born: date, reading: Reading) -> Milestones:
    """When a child comes to each school, if it loses no year; entry may be put off by approval."""
    primary, years = entry_year(born, reading), stage_years(reading)
    junior = primary + years["primary"]
    senior = junior + years["junior"]
    return Milestones(
        kindergarten=primary - years["kindergarten"],
        primary=primary,
        junior=junior,
        senior=senior,
        entrance_exam=senior + years["senior"],
    )
