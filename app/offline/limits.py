"""Limits of payments without a line, from `limits.toml`: each with the day from which it holds and its source."""

from datetime import date, timedelta
from pathlib import Path
from typing import Final, Literal

from app.kernel.limits import Limits

LimitKey = Literal[
    "certificate_minutes",
    "certificate_renewed_minutes",
    "payment_max_fen",
    "sum_max_fen",
    "new_device_payment_max_fen",
    "new_device_sum_max_fen",
    "token_seconds",
    "clock_skew_seconds",
    "batch_sales",
    "batch_sum_fen",
    "upload_hours",
    "list_hours",
]
LIMITS: Final = Limits(Path(__file__).with_name("limits.toml"))
_KEPT_DAYS: Final = 1


def limit_on(day: date, key: LimitKey) -> int:
    """The value of a key on a day; refuses (`LimitUnknown`) a day before the first."""
    return LIMITS.on(day, key)


def kept_after_end(day: date) -> timedelta:
    """How long what a sale may be about is kept after a certificate's end: until no batch with it is taken any more, and a day."""
    return timedelta(hours=limit_on(day, "upload_hours"), days=_KEPT_DAYS)
