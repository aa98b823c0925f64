"""Limits of appointments, from `limits.toml`: each with the day from which it holds and its source."""

from pathlib import Path
from typing import Final, Literal

from app.kernel.limits import Limits

LimitKey = Literal[
    "missed_most",
    "missed_within_days",
    "blocked_days",
    "remind_hours",
    "refund_until_hours",
    "hold_minutes",
    "specialty_bookings_most",
    "missed_refund_percent",
]
LIMITS: Final = Limits(Path(__file__).with_name("limits.toml"))


def limit_today(key: LimitKey) -> int:
    """Today's value of a key."""
    return LIMITS.today(key)
