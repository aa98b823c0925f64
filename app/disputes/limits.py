"""Time limits of disputes, from `limits.toml`: each with the day from which it holds and its source."""

from pathlib import Path
from typing import Final, Literal

from app.kernel.limits import Limits

LimitKey = Literal["dispute_days", "decide_working_days", "evidence_working_days"]
LIMITS: Final = Limits(Path(__file__).with_name("limits.toml"))


def limit_today(key: LimitKey) -> int:
    """Today's value of a key."""
    return LIMITS.today(key)
