"""How often numbers are checked from one address: enough for a counter, too little for completing lists of them."""

from pathlib import Path
from typing import Final

from app.kernel import quotas
from app.kernel.addresses import neighbourhood
from app.kernel.limits import Limits
from app.keys.fields import blind_index
from lifecycle.catalogue.errors import CheckedTooOften

LIMITS: Final = Limits(Path(__file__).with_name("limits.toml"))
KEY: Final = "number_checks_from_address"


async def count_check(address: str) -> None:
    """Count one more; refuses (`CheckedTooOften`) beyond the limit. Addresses are kept as blind indexes only."""
    who = blind_index(quotas.purpose_of(KEY), neighbourhood(address)).hex()
    await quotas.count(quotas.quota(KEY, LIMITS.today), who, CheckedTooOften)
