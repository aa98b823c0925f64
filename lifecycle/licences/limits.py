"""Limits of licences, from `limits.toml`: each with the day from which it holds and its source."""

from pathlib import Path
from typing import Final, Literal

from app.kernel.limits import Limits

LimitKey = Literal[
    "presentation_minutes",
    "presentations_of_citizen",
    "presentations_of_citizen_minutes",
    "presentation_checks_most",
    "presentations_kept_days",
    "proposal_days",
    "remind_first_days",
    "remind_last_days",
]
LIMITS: Final = Limits(Path(__file__).with_name("limits.toml"))


def limit_today(key: LimitKey) -> int:
    """Today's value of a key."""
    return LIMITS.today(key)
