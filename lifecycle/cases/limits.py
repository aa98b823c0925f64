"""Limits of cases, from `limits.toml`: each with the day from which it holds and its source."""

from datetime import date
from pathlib import Path
from typing import Final, Literal

from app.kernel.limits import Limits

LimitKey = Literal[
    "acceptance_working_days",
    "correction_days",
    "warn_working_days",
    "draft_days",
    "draft_warning_days",
    "bad_rating_working_days",
    "opinion_working_days",
    "escalate_working_days",
]
LIMITS: Final = Limits(Path(__file__).with_name("limits.toml"))


def limit_on(day: date, key: LimitKey) -> int:
    """The value of a key on a day; refuses (`LimitUnknown`) a day before the first."""
    return LIMITS.on(day, key)
