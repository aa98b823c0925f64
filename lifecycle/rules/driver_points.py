"""A driver's points (交通违法记分): cycles, what is carried on, what education takes off, and the study that twelve points bring. Pure.

Sources: 道路交通安全违法行为记分管理办法 (Order 163) art. 4, 13 to 15, 18 to 29. Figures are the parameters `driving.*`. A penalty counts on
the day of its decision; a cycle opens on the anniversary of the first licence.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final, Literal

import msgspec

from lifecycle.rules.ages import MONTHS_PER_YEAR, add_months, full_months
from lifecycle.rules.parameters import Reading

Education = Literal["online", "on_site", "volunteer"]
Exam = Literal["theory", "road", "field"]
_SECOND: Final = 2
_THIRD: Final = 3


class Penalty(msgspec.Struct, frozen=True, kw_only=True):
    """One penalty: its points, the day on which it was decided, and the day on which the fine was paid (None: not yet)."""

    points: int
    decided_on: date
    paid_on: date | None


class Cycle(msgspec.Struct, frozen=True, kw_only=True):
    """A cycle of twelve months, and its points: carried from the one before, its own, and what is carried on from it."""

    starts_on: date
    ends_on: date
    carried_in: int
    points: int
    is_full: bool
    carried_on: int


class Study(msgspec.Struct, frozen=True, kw_only=True):
    """What brings a held licence back: days of study, and the tests."""

    days: int
    exams: tuple[Exam, ...]


class Offence(msgspec.Struct, frozen=True, kw_only=True):
    """A typical offence, and its points."""

    code: str
    points: int
    zh: str
    en: str


class _Study(msgspec.Struct, frozen=True):
    days: int
    further_days: int
    most_days: int


class _Education(msgspec.Struct, frozen=True):
    online: int
    on_site: int
    volunteer: int
    most: int


def cycle_of(first_issued_on: date, day: date) -> tuple[date, date]:
    """The first and last day of the cycle in which a day lies, which isn't before the first licence."""
    years = full_months(first_issued_on, day) // MONTHS_PER_YEAR
    starts, following = (add_months(first_issued_on, (years + one) * MONTHS_PER_YEAR) for one in (0, 1))
    return starts, following - timedelta(days=1)


def cycles(first_issued_on: date, penalties: Sequence[Penalty], reading: Reading) -> tuple[Cycle, ...]:
    """Every cycle from that of the first penalty to the reading's day, or the present one alone.

    A cycle that reached the full points doesn't carry any on: study and tests settle it. A cycle that isn't over carries none on yet.
    """
    told = sorted(penalties, key=lambda one: one.decided_on)
    day = told[0].decided_on if told else reading.as_of
    found: list[Cycle] = []
    left: list[Penalty] = []
    while True:
        starts, ends = cycle_of(first_issued_on, day)
        own = [one for one in told if starts <= one.decided_on <= ends]
        counted, over = [*left, *own], ends < reading.as_of
        total = sum(one.points for one in counted)
        is_full = total >= reading.number("driving.full_points")
        on = [one for one in counted if over and not is_full and is_overdue(one, ends, reading)]
        found.append(
            Cycle(
                starts_on=starts,
                ends_on=ends,
                carried_in=sum(one.points for one in left),
                points=total,
                is_full=is_full,
                carried_on=sum(one.points for one in on),
            )
        )
        if not over:
            return tuple(found)
        day, left = ends + timedelta(days=1), on


def is_overdue(penalty: Penalty, on: date, reading: Reading) -> bool:
    """Whether a fine wasn't paid by a day, and was to be (article 15)."""
    last = penalty.decided_on + timedelta(days=reading.number("driving.fine_days"))
    return last < on and (penalty.paid_on is None or penalty.paid_on > on)


def after_education(points: int, done: Iterable[Education], reading: Reading) -> int:
    """The points of a cycle below the full ones after education: at the most so many off a cycle, and never below 0."""
    law = reading.get("driving.education_points", _Education)
    if points >= reading.number("driving.full_points"):
        return points
    off: dict[Education, int] = {"online": law.online, "on_site": law.on_site, "volunteer": law.volunteer}
    return max(0, points - min(law.most, sum(off[one] for one in done)))


def study(points: int, times: int, reading: Reading, *, heavy: bool) -> Study | None:
    """The study that full points bring: longer each further time and each further full measure, up to a most; None below.

    `times` counts how often the points were full in the cycle, this one included; `heavy`: a licence for large vehicles.
    """
    full = reading.number("driving.full_points")
    if points < full:
        return None
    law = reading.get("driving.study_days", dict[str, _Study])["heavy" if heavy else "light"]
    measures = max(times, points // full)
    exams: tuple[Exam, ...] = ("theory",)
    if measures >= _THIRD:
        exams = ("theory", "field", "road")
    elif measures == _SECOND:
        exams = ("theory", "road")
    return Study(days=min(law.most_days, law.days + law.further_days * (measures - 1)), exams=exams)


def offences(reading: Reading) -> tuple[Offence, ...]:
    """Typical offences, the gravest first."""
    return reading.get("driving.offences", tuple[Offence, ...])


def probation_until(first_issued_on: date, reading: Reading) -> date:
    """The last day of the probation (实习期)."""
    return add_months(first_issued_on, reading.number("driving.probation_months")) - timedelta(days=1)
