"""What this room tells of a person when they ask for their data, and what it erases when they leave."""

from uuid import UUID

from app.identity.sessions import IDENTITY
from app.kernel import clock
from app.kernel.database import execute, fetch_all, transaction
from app.kernel.ids import shard_of

TABLES = ("session", "device")


class IdentityExporter:
    """Exports where somebody was signed in, and their devices; secrets aren't theirs to read and stay inside."""

    tables = TABLES

    async def export(self, citizen_id: UUID) -> dict[str, list[dict[str, object]]]:
        """Sessions and devices, oldest first."""
        shard = shard_of(citizen_id)
        async with transaction(IDENTITY):
            sessions = await fetch_all(
                "SELECT id, client_id, device_id, started_at, rotated_at, expires_at, ended_at, end_reason FROM session "
                "WHERE shard = $1 AND citizen_id = $2 ORDER BY id",
                *(shard, citizen_id),
            )
            devices = await fetch_all(
                "SELECT id, name, serial, certificate, enrolled_at, not_after, removed_at FROM device "
                "WHERE shard = $1 AND citizen_id = $2 ORDER BY id",
                *(shard, citizen_id),
            )
        return {"session": [dict(row) for row in sessions], "device": [dict(row) for row in devices]}


class IdentityEraser:
    """Erases sessions, and takes names from devices; certificates stay, since what they signed must be provable."""

    tables = TABLES

    async def erase(self, citizen_id: UUID) -> int:
        """Delete every session and blank every device's name, removing it. Harmless when repeated."""
        shard = shard_of(citizen_id)
        async with transaction(IDENTITY):
            deleted = await execute("DELETE FROM session WHERE shard = $1 AND citizen_id = $2", shard, citizen_id)
            blanked = await execute(
                "UPDATE device SET name = '', removed_at = coalesce(removed_at, $3) "
                "WHERE shard = $1 AND citizen_id = $2 AND name <> ''",
                *(shard, citizen_id, clock.now()),
            )
        return deleted + blanked
