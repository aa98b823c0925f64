"""Limits of officers, from `officer_limits.toml`: each with the day from which it holds and its source."""

from pathlib import Path
from typing import Final, Literal

from app.kernel import clock
from app.kernel.limits import Limits

LimitKey = Literal[
    "enrolment_code_hours",
    "break_glass_danger_minutes",
    "break_glass_minutes",
    "break_glass_seen_hours",
    "break_glass_told_days",
]
LIMITS: Final = Limits(Path(__file__).with_name("officer_limits.toml"))


def limit_today(key: LimitKey) -> int:
    """The value of a key that holds today."""
    return LIMITS.on(clock.today(), key)
