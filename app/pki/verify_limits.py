"""How often `/v1/verify` is asked from one address: enough for a counter, too little for trying codes."""

from datetime import timedelta
from math import ceil
from pathlib import Path
from typing import Final

from app.kernel import clock, short_lived
from app.kernel.addresses import neighbourhood
from app.kernel.errors import Quota
from app.kernel.limits import Limits
from app.keys.fields import blind_index
from app.pki.errors import VerifiedTooOften

LIMITS: Final = Limits(Path(__file__).with_name("limits.toml"))
KEY: Final = "verifications_from_address"
_PURPOSE: Final = f"limit-{KEY}"


async def count_verification(address: str) -> None:
    """Count one more; refuses (`VerifiedTooOften`) beyond the limit. Addresses are kept as blind indexes only."""
    today = clock.today()
    times, window = LIMITS.on(today, KEY), timedelta(minutes=LIMITS.on(today, f"{KEY}_minutes"))
    key = blind_index(_PURPOSE, neighbourhood(address)).hex()
    counted, ends_at = await short_lived.count_until(_PURPOSE, key, window)
    if counted > times:
        left = max(1, ceil((ends_at - clock.now()).total_seconds()))
        raise VerifiedTooOften(retry_after_seconds=left, quota=Quota(KEY, times, int(window.total_seconds())))
