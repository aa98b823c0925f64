"""How often something may be tried. Each try is counted in a transaction of its own, so that a refusal doesn't undo it.

How often, and within which time, stands in `limits.toml` by date.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import msgspec

from app.identity.errors import TriedTooOften
from app.kernel import addresses, clock, quotas, short_lived
from app.kernel.limits import Limits
from app.keys.fields import blind_index
from integrations.exchange.errors import DepartmentAnsweredWrongly, DepartmentUnavailable

LIMITS: Final = Limits(Path(__file__).with_name("limits.toml"))


class Limit(msgspec.Struct, frozen=True):
    """At most so many tries within a window that opens with the first, by the key of its value and of its minutes."""

    key: str

    @property
    def purpose(self) -> str:
        """What its counters are kept under."""
        return quotas.purpose_of(self.key)

    @property
    def times(self) -> int:
        """How often, today."""
        return limit_today(self.key)


CODES_FROM_AN_ADDRESS: Final = Limit("codes_from_address")
CODES_FROM_A_NETWORK: Final = (
    Limit("codes_to_phone_from_network"),
    Limit("codes_to_phone_from_network_daily"),
)
CODES_FROM_STRANGERS: Final = (
    Limit("codes_to_phone_from_strangers"),
    Limit("codes_to_phone_from_strangers_daily"),
)
WECHAT_FROM_AN_ADDRESS: Final = Limit("wechat_from_address")
CHALLENGES_FROM_AN_ADDRESS: Final = Limit("challenges_from_address")
OFFICER_TRIES: Final = Limit("officer_tries")
OFFICER_TRIES_FROM_AN_ADDRESS: Final = Limit("officer_tries_from_address")
TERMINAL_ENROLMENTS_FROM_AN_ADDRESS: Final = Limit("terminal_enrolments_from_address")
OFFICER_LOOKUPS: Final = Limit("officer_lookups")
IDENTITY_TRIES: Final = Limit("identity_tries")
APPROVALS: Final = Limit("approvals")
INVITATIONS: Final = Limit("invitations")
FACE_TRIES: Final = Limit("face_tries")


def limit_today(key: str) -> int:
    """Today's value of a key."""
    return LIMITS.on(clock.today(), key)


async def count(limit: Limit, key: str) -> None:
    """Count one more; refuses (`TriedTooOften`) beyond the limit. Keys are kept as blind indexes only."""
    await quotas.count(quotas.quota(limit.key, limit_today), _key(limit, key), TriedTooOften)


@asynccontextmanager
async def asking(limit: Limit, key: str) -> AsyncIterator[None]:
    """Count a try that a department judges, as `count` does; it doesn't count where the department couldn't be asked."""
    await count(limit, key)
    try:
        yield
    except (DepartmentUnavailable, DepartmentAnsweredWrongly):
        await short_lived.uncount(limit.purpose, _key(limit, key))
        raise


async def forget(limit: Limit, key: str) -> None:
    """Start anew, after a try that went well."""
    await short_lived.take(limit.purpose, _key(limit, key))


neighbourhood: Final = addresses.neighbourhood
"""What an address is counted as."""


def _key(limit: Limit, key: str) -> str:
    return blind_index(limit.purpose, key).hex()
