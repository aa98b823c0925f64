"""Limits of the card, from `limits.toml`: each with the day from which it holds and its source."""

from datetime import date
from pathlib import Path
from typing import Final, Literal

from app.kernel.limits import Limits

LimitKey = Literal[
    "payment_max_fen",
    "new_device_payment_fen",
    "balance_max_fen",
    "top_up_min_fen",
    "top_up_max_fen",
    "top_up_minutes",
    "charge_max_fen",
    "reversal_hours",
    "refund_days",
    "scan_step_up_fen",
    "month_ends_after_minutes",
    "channel_refund_days",
    "channel_refund_times",
    "channel_refund_pause_seconds",
]
LIMITS: Final = Limits(Path(__file__).with_name("limits.toml"))


def limit_on(day: date, key: LimitKey) -> int:
    """The value of a key on a day; refuses (`LimitUnknown`) a day before the first."""
    return LIMITS.on(day, key)
