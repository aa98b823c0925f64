"""What a schedule tells parents: why a dose falls on its day."""

from datetime import date
from functools import cache
from typing import Final

from app.kernel.words import Words
from lifecycle.rules.ages import Span
from lifecycle.rules.immunisation_programme import Note

NOT_MEANT_FOR_CHILD: Final = Words(
    zh="免疫规划不为该儿童安排此疫苗（性别或出生日期不符）。",
    en="The programme doesn't give this vaccine to this child (sex or date of birth).",
)
TOO_OLD: Final = Words(
    zh="已超过此剂次的接种年龄，不再接种。", en="The child is past the age for this dose; it isn't given any more."
)
OVERDUE: Final = Words(zh="已超过应接种时间，请尽快补种。", en="It is overdue: please have it given soon.")


def given_on(day: date) -> Words:
    """The dose is done."""
    return Words(zh=f"已于{day.isoformat()}接种。", en=f"Given on {day.isoformat()}.")


@cache
def minimum_age(age: Span) -> Words:
    """The minimum age decides."""
    return Words(zh=f"满{age.as_age.zh}可接种。" if age.count else "出生后即可接种。", en=f"From {age.as_age.en} on.")


@cache
def interval_after_dose(number: int, interval: Span) -> Words:
    """The interval after an earlier dose decides."""
    return Words(
        zh=f"与第{number}剂间隔不少于{interval.words.zh}。",
        en=f"At least {interval.words.en} after dose {number}.",
    )


@cache
def interval_after_series(name: Words, interval: Span) -> Words:
    """The interval after another vaccine's last dose decides."""
    return Words(
        zh=f"与{name.zh}末剂间隔不少于{interval.words.zh}。",
        en=f"At least {interval.words.en} after the last dose of: {name.en}.",
    )


@cache
def live_spacing(days: int) -> Words:
    """Another live injectable vaccine decides."""
    return Words(
        zh=f"与其他注射类减毒活疫苗未同日接种的，间隔不少于{days}天。",
        en=f"Live injectable vaccines not given on the same day are at least {days} days apart.",
    )


def explained(why: Words, note: Note | None, *, overdue: bool) -> Words:
    """Put the reason, what to know besides, and the reminder together."""
    zh = why.zh + (f"{note.zh}。" if note else "") + (OVERDUE.zh if overdue else "")
    parts = [why.en, f"{note.en[0].upper()}{note.en[1:]}." if note else "", OVERDUE.en if overdue else ""]
    return Words(zh=zh, en=" ".join(part for part in parts if part))
