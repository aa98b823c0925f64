"""Limits of rights over one's data, from `limits.toml`: each with the day from which it holds and its source."""

from pathlib import Path
from typing import Final, Literal

from app.kernel import clock
from app.kernel.limits import Limits

LimitKey = Literal[
    "export_pause_hours",
    "export_kept_days",
    "export_files_bytes",
    "export_download_seconds",
    "erasure_cooling_days",
    "own_decision_age",
    "consent_default_days",
    "consent_longest_days",
    "consent_reminder_days",
    "correction_working_days",
]
LIMITS: Final = Limits(Path(__file__).with_name("limits.toml"))


def limit_today(key: LimitKey) -> int:
    """The value of a key today."""
    return LIMITS.on(clock.today(), key)
