"""When somebody reaches the statutory age of retirement (渐进式延迟法定退休年龄). Pure.

Source: 全国人大常委会关于实施渐进式延迟法定退休年龄的决定, 2024-09-13: a month later for every four (women of 50: two) months of birth.
"""

from datetime import date
from typing import Literal

import msgspec

from lifecycle.rules.ages import MONTHS_PER_YEAR, add_months
from lifecycle.rules.parameters import Reading

RetirementKind = Literal["man", "woman_cadre", "woman_worker"]


class _Age(msgspec.Struct, frozen=True):
    age: int
    months_a_step: int
    most: int


def original_age_on(born: date, kind: RetirementKind, reading: Reading) -> date:
    """The birthday of the age that held before it began to rise."""
    return add_months(born, reading.get("retirement.ages", dict[RetirementKind, _Age])[kind].age * MONTHS_PER_YEAR)


def retires_on(born: date, kind: RetirementKind, reading: Reading) -> date:
    """The day of the statutory age: the old one's birthday, later by the months of the delay."""
    law = reading.get("retirement.ages", dict[RetirementKind, _Age])[kind]
    year, month = (int(part) for part in reading.text("retirement.rises_since").split("-"))
    before = add_months(born, law.age * MONTHS_PER_YEAR)
    months = (before.year - year) * MONTHS_PER_YEAR + before.month - month
    delay = 0 if months < 0 else min(law.most, months // law.months_a_step + 1)
    return add_months(born, law.age * MONTHS_PER_YEAR + delay)
