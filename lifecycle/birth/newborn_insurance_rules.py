"""Rules of a newborn's enrolment with the residents' insurance: from when it covers, and what is due. Pure.

Sources: 社会保险法 art. 25; 国办发〔2024〕38号 (waiting after late enrolment). Windows and amounts are parameters `newborn_insurance.*`.
"""

from collections.abc import Iterable
from datetime import date

import msgspec

from app.kernel.money import yuan
from app.kernel.words import Words
from lifecycle.rules.ages import Span
from lifecycle.rules.parameters import Reading


class Cover(msgspec.Struct, frozen=True):
    """What an enrolment gives: cover from a day until the end of a year, and what its calendar years cost together, in fen."""

    covered_from: date
    covered_until: date
    due_fen: int


def window_end(born: date, reading: Reading) -> date:
    """The last day on which enrolling covers from birth on."""
    return Span.read(reading.text("newborn_insurance.window")).after(born)


def is_newborn(born: date, reading: Reading) -> bool:
    """Say whether a child is still enrolled as a newborn on the reading's day; later it enrols as any resident."""
    return reading.as_of < Span.read(reading.text("newborn_insurance.until_age")).after(born)


def cover(born: date, reading: Reading) -> Cover:
    """Work out what enrolling on the reading's day gives: within the window from birth on, later after a time of waiting.

    Each calendar year that is touched costs a year's contribution.
    """
    in_time = reading.as_of <= window_end(born, reading)
    since = born if in_time else Span.read(reading.text("newborn_insurance.waiting")).after(reading.as_of)
    last = max(reading.as_of, since).year
    return Cover(since, date(last, 12, 31), reading.number("newborn_insurance.year_fen") * (last - since.year + 1))


def notes(born: date, reading: Reading) -> Iterable[Words]:
    """What a guardian should know: until when enrolling covers from birth, from when it covers, and what is due."""
    given, end = cover(born, reading), window_end(born, reading)
    since, until = given.covered_from.isoformat(), given.covered_until.isoformat()
    if reading.as_of <= end:
        yield Words(
            zh=f"在{end.isoformat()}前参保，出生之日（{since}）起的医疗费都能报销。",
            en=f"Enrolled by {end.isoformat()}, the child is covered from birth ({since}) on.",
        )
    else:
        yield Words(
            zh=f"已过新生儿参保期（{end.isoformat()}），今天参保的，待遇从{since}起算。",
            en=f"The window for newborns ended on {end.isoformat()}; enrolled today, the child is covered from {since} on.",
        )
    yield Words(
        zh=f"待遇到{until}，应缴{yuan(given.due_fen)}元，按医保部门通知缴纳；以后每年在集中缴费期续缴。",
        en=f"Covered until {until}; {yuan(given.due_fen)} yuan are due, to be paid as the department tells you, "
        "and each later year within its window.",
    )
