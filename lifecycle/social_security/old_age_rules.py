"""Rules of the old-age allowance (高龄津贴): who is entitled to how much. Pure.

Source: 老年人权益保障法 art. 33. Ages and amounts are the parameter `old_age_allowance.steps`.
"""

from datetime import date
from typing import Final

import msgspec

from app.kernel.money import yuan
from app.kernel.words import Words
from lifecycle.rules import divisions
from lifecycle.rules.ages import birthday_on
from lifecycle.rules.parameters import Reading

is_here: Final = divisions.is_here
"""Whether a division of the household register lies in Yantai, whose allowance this is."""


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is paid a month, in fen, from an age on."""

    from_age: int
    monthly_fen: int


def step(born: date, reading: Reading) -> Step | None:
    """Give the step of somebody on the reading's day; none if they are too young."""
    reached = [one for one in steps(reading) if reading.as_of >= birthday_on(born, one.from_age, reading)]
    return reached[-1] if reached else None


def first_age(reading: Reading) -> int:
    """Give the age of the first step."""
    return steps(reading)[0].from_age


def note(now: Step) -> Words:
    """What somebody of a step is entitled to."""
    return Words(
        zh=f"年满{now.from_age}周岁，每月{yuan(now.monthly_fen)}元，以民政部门公布的标准为准；到下一档年龄自动调整。",
        en=f"From {now.from_age} years on, {yuan(now.monthly_fen)} yuan a month, as Civil Affairs publishes; "
        "the next step comes by itself.",
    )


def steps(reading: Reading) -> list[Step]:
    """Give every step, by age."""
    return sorted(reading.get("old_age_allowance.steps", tuple[Step, ...]), key=lambda one: one.from_age)
