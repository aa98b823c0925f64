"""How often something may be tried. Each try is counted in a transaction of its own, so that a refusal doesn't undo it."""

import ipaddress
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

import msgspec

from app.identity.errors import TriedTooOften
from app.kernel import short_lived
from app.keys.fields import blind_index
from integrations.exchange.errors import DepartmentAnsweredWrongly, DepartmentUnavailable


class Limit(msgspec.Struct, frozen=True):
    """At most `times` within a window that opens with the first."""

    purpose: str
    times: int
    window: timedelta


CODES_TO_A_PHONE: Final = Limit("limit-otp-phone", 5, timedelta(minutes=10))
CODES_TO_A_PHONE_A_DAY: Final = Limit("limit-otp-phone-day", 20, timedelta(days=1))
CODES_FROM_AN_ADDRESS: Final = Limit("limit-otp-address", 300, timedelta(minutes=10))
"""Generous: behind one address of a mobile carrier stand thousands."""
OFFICER_TRIES: Final = Limit("limit-officer", 5, timedelta(minutes=10))
IDENTITY_TRIES: Final = Limit("limit-real-name", 5, timedelta(hours=1))
OFFICER_LOOKUPS: Final = Limit("limit-officer-lookup", 30, timedelta(hours=1))
FACE_TRIES: Final = Limit("limit-face", 10, timedelta(hours=1))


async def count(limit: Limit, key: str) -> None:
    """Count one more; refuses (`TriedTooOften`) beyond the limit. Keys are kept as blind indexes only."""
    counted = await short_lived.count(limit.purpose, _key(limit, key), limit.window)
    if counted > limit.times:
        raise TriedTooOften(retry_after_seconds=int(limit.window.total_seconds()))


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


def neighbourhood(address: str) -> str:
    """What an address is counted as: itself, or for IPv6 its /64, since a household has one of those to itself."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def _key(limit: Limit, key: str) -> str:
    return blind_index(limit.purpose, key).hex()
