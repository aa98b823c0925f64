"""Limits of delegations, from `delegation_limits.toml`: each with the day from which it holds and its source."""

from datetime import date
from pathlib import Path
from typing import Final, Literal

from app.identity.limits import Limit
from app.kernel.limits import Limits

LimitKey = Literal["delegation_days_max", "delegation_offer_days", "delegations_given_max", "delegations_received_max"]
LIMITS: Final = Limits(Path(__file__).with_name("delegation_limits.toml"))
OFFERS_A_DAY: Final = Limit("delegation_offers")
CODES_SENT: Final = Limit("delegation_codes")
CODES_TRIED: Final = Limit("delegation_code_tries")


def limit_on(day: date, key: LimitKey) -> int:
    """The value of a key on a day; refuses (`LimitUnknown`) a day before the first."""
    return LIMITS.on(day, key)
