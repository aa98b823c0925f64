"""When people retire: the statutory age rises month by month since 2025 (全国人大常委会关于实施渐进式延迟法定退休年龄的决定, 2024-09-13)."""

from datetime import date
from typing import Final, Literal

from integrations.city.days import birthday, months_after, months_between

RetirementKind = Literal["man", "woman_cadre", "woman_worker"]
FROM_AGE: Final[dict[RetirementKind, int]] = {"man": 60, "woman_cadre": 55, "woman_worker": 50}
RESIDENT_PENSION_FROM: Final = 60
_RISES_SINCE: Final = date(2025, 1, 1)
_STEPS: Final[dict[RetirementKind, tuple[int, int]]] = {
    "man": (4, 36),
    "woman_cadre": (4, 36),
    "woman_worker": (2, 60),
}
"""Months of birth for each month of delay, and the most months."""


def retires_on(born: date, kind: RetirementKind) -> date:
    """Give the day of retirement: the birthday of the old age, later by the months of the delay."""
    before = birthday(born, FROM_AGE[kind])
    if before < _RISES_SINCE:
        return before
    step, most = _STEPS[kind]
    return months_after(born, 12 * FROM_AGE[kind] + min(most, months_between(_RISES_SINCE, before) // step + 1))
