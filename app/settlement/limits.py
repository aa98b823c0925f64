"""Limits of settlement, from `limits.toml`: each with the day from which it holds and its source."""

from datetime import date
from pathlib import Path
from typing import Final, Literal

from app.kernel.limits import Limits

LimitKey = Literal["cut_off_minutes", "grace_minutes", "day_end_days", "payout_working_days"]
LIMITS: Final = Limits(Path(__file__).with_name("limits.toml"))
_FEE: Final = "fee_basis_points"
_OWN_FEES: Final = frozenset(limit.key for limit in LIMITS.all if limit.key.startswith(f"{_FEE}."))


def limit_on(day: date, key: LimitKey) -> int:
    """The value of a key on a day; refuses (`LimitUnknown`) a day before the first."""
    return LIMITS.on(day, key)


def fee_basis_points(day: date, group: str) -> int:
    """The fee of merchants of a group on a day, in hundredths of a per cent of what they take; what has no fee of its own has the usual one."""
    own = f"{_FEE}.{group}"
    return LIMITS.on(day, own if own in _OWN_FEES else _FEE)
