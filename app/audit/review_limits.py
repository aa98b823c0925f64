"""Limits of looks at people, from `review_limits.toml`: each with the day from which it holds and its source."""

from datetime import date
from pathlib import Path
from typing import Final, Literal

from app.kernel.limits import Limits

LimitKey = Literal["looks_a_day", "case_looks_a_day", "usual_from_hour", "usual_to_hour"]
LIMITS: Final = Limits(Path(__file__).with_name("review_limits.toml"))


def limit_on(day: date, key: LimitKey) -> int:
    """The value of a key on a day; refuses (`LimitUnknown`) a day before the first."""
    return LIMITS.on(day, key)
