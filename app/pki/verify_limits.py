"""How often `/v1/verify` is asked from one address: enough for a counter, too little for trying codes."""

from pathlib import Path
from typing import Final

from app.kernel import quotas
from app.kernel.addresses import neighbourhood
from app.kernel.limits import Limits
from app.keys.fields import blind_index
from app.pki.errors import VerifiedTooOften

LIMITS: Final = Limits(Path(__file__).with_name("limits.toml"))
KEY: Final = "verifications_from_address"


async def count_verification(address: str) -> None:
    """Count one more; refuses (`VerifiedTooOften`) beyond the limit. Addresses are kept as blind indexes only."""
    who = blind_index(quotas.purpose_of(KEY), neighbourhood(address)).hex()
    await quotas.count(quotas.quota(KEY, LIMITS.today), who, VerifiedTooOften)
