"""How often something may be asked within a time."""

from collections.abc import Callable
from datetime import timedelta
from math import ceil

from app.kernel import clock, short_lived
from app.kernel.errors import Quota, TooMany


def purpose_of(key: str) -> str:
    """Under what the tries of a limit are counted."""
    return f"limit-{key}"


def quota(key: str, value_of: Callable[[str], int]) -> Quota:
    """The limit of a key: so many tries (the value of `key`) in so many minutes (of `<key>_minutes`)."""
    return Quota(key, value_of(key), value_of(f"{key}_minutes") * 60)


async def count(allowed: Quota, who: str, refusal: type[TooMany]) -> None:
    """Count one more of somebody's tries; raises the refusal beyond the limit. `who` is an id or a blind index, never a number."""
    counted, ends_at = await short_lived.count_until(
        purpose_of(allowed.name), who, timedelta(seconds=allowed.window_seconds)
    )
    if counted > allowed.times:
        left = max(1, ceil((ends_at - clock.now()).total_seconds()))
        raise refusal(retry_after_seconds=left, quota=allowed)
