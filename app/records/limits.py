"""Limits of the timeline, from `limits.toml`: each with the day from which it holds and its source."""

from pathlib import Path
from typing import Final, Literal

from app.kernel import clock
from app.kernel.limits import Limits

LimitKey = Literal["attachments", "memory_earliest_year"]
LIMITS: Final = Limits(Path(__file__).with_name("limits.toml"))


def limit_today(key: LimitKey) -> int:
    """The value of a key today."""
    return LIMITS.on(clock.today(), key)
