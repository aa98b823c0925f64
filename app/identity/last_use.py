"""When each of a person's means was last used: shown when they freeze their identity, so that they see what happened before.

Rooms above register theirs (the card); sessions and devices are this room's own.
"""

from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

from app.identity.freeze_structs import LastUse
from app.identity.sessions import IDENTITY
from app.kernel.database import Row, fetch_all, transaction
from app.kernel.ids import shard_of

Tell = Callable[[UUID], Awaitable[list[LastUse]]]
_MOST: Final = 50
_SESSIONS: Final = (
    "SELECT id, client_id AS name, used_at, network FROM session WHERE shard = $1 AND citizen_id = $2 AND ended_at IS NULL "
    "ORDER BY used_at DESC LIMIT $3"
)
_DEVICES: Final = """
SELECT d.id, d.name, s.used_at, s.network FROM device d LEFT JOIN LATERAL (
    SELECT used_at, network FROM session WHERE shard = d.shard AND device_id = d.id ORDER BY used_at DESC LIMIT 1
) s ON true WHERE d.shard = $1 AND d.citizen_id = $2 AND d.removed_at IS NULL ORDER BY d.id DESC LIMIT $3
"""
_others: Final[dict[str, Tell]] = {}


def register_last_use(kind: str, tell: Tell) -> None:
    """Make known who tells when a kind of means was last used; called from wiring, and again without harm."""
    _others[kind] = tell


async def last_uses(citizen_id: UUID) -> list[LastUse]:
    """When each of a person's means was last used, latest first; what was never used comes last."""
    async with transaction(IDENTITY):
        sessions = await fetch_all(_SESSIONS, shard_of(citizen_id), citizen_id, _MOST)
        devices = await fetch_all(_DEVICES, shard_of(citizen_id), citizen_id, _MOST)
    found = [_use("session", row) for row in sessions] + [_use("device", row) for row in devices]
    for tell in _others.values():
        found += await tell(citizen_id)
    return sorted(found, key=lambda use: (use.used_at is None, -(use.used_at.timestamp() if use.used_at else 0)))


def _use(kind: str, row: Row) -> LastUse:
    return LastUse(kind, row["id"], row["name"], row["used_at"], row["network"])
