"""What this room tells of a person when they ask for their data, and what it erases when they leave."""

from uuid import UUID

from cryptography import x509

from app.identity.sessions import IDENTITY
from app.kernel import clock
from app.kernel.database import Row, execute, fetch_all, transaction
from app.kernel.ids import shard_of
from app.keys.fields import open_field
from app.pki.profiles import Kind
from app.pki.revocation import revoke_all_of
from app.residents.people import locked

TABLES = ("session", "device", "wechat_binding", "wechat_identifier", "approval")


class IdentityExporter:
    """Exports where somebody was signed in, their devices and WeChat accounts; secrets aren't theirs to read and stay inside."""

    tables = TABLES

    async def export(self, citizen_id: UUID) -> dict[str, list[dict[str, object]]]:
        """Sessions and devices, oldest first."""
        shard = shard_of(citizen_id)
        async with transaction(IDENTITY):
            sessions = await fetch_all(
                "SELECT id, client_id, device_id, binding_id, started_at, used_at, network, expires_at, ended_at, end_reason FROM session "
                "WHERE shard = $1 AND citizen_id = $2 ORDER BY id",
                *(shard, citizen_id),
            )
            devices = await fetch_all(
                "SELECT id, name, serial, certificate, enrolled_at, not_after, removed_at FROM device "
                "WHERE shard = $1 AND citizen_id = $2 ORDER BY id",
                *(shard, citizen_id),
            )
            bindings = await fetch_all(
                "SELECT * FROM wechat_binding WHERE shard = $1 AND citizen_id = $2 ORDER BY id", shard, citizen_id
            )
            approvals = await fetch_all(
                "SELECT id, kind, subject_id, asked_at, expires_at, state, device_id FROM approval "
                "WHERE shard = $1 AND citizen_id = $2 ORDER BY id",
                *(shard, citizen_id),
            )
        return {
            "approval": [dict(row) for row in approvals],
            "session": [dict(row) for row in sessions],
            "device": [dict(row) for row in devices],
            "wechat_binding": [_binding(row) for row in bindings],
            "wechat_identifier": [],
        }


def _binding(row: Row) -> dict[str, object]:
    """A WeChat account with its names opened; the identifiers are these names."""
    opened = {
        name: open_field("wechat_binding", name, row["id"], row[name]).decode()
        for name in ("openid", "unionid")
        if row[name] is not None
    }
    return {name: row[name] for name in ("id", "appid", "bound_at", "ended_at")} | opened


class IdentityEraser:
    """Erases sessions and WeChat accounts, and takes names from devices; certificates stay, since what they signed must be provable."""

    tables = TABLES

    async def erase(self, citizen_id: UUID) -> int:
        """Delete every session, blank every device's name, and revoke what certifies it. Harmless when repeated."""
        shard = shard_of(citizen_id)
        async with transaction(IDENTITY):
            await locked(citizen_id)
            deleted = await execute("DELETE FROM session WHERE shard = $1 AND citizen_id = $2", shard, citizen_id)
            deleted += await execute("DELETE FROM approval WHERE shard = $1 AND citizen_id = $2", shard, citizen_id)
            deleted += await execute("DELETE FROM wechat_identifier WHERE citizen_id = $1", citizen_id)
            deleted += await execute(
                "DELETE FROM wechat_binding WHERE shard = $1 AND citizen_id = $2", shard, citizen_id
            )
            blanked = await execute(
                "UPDATE device SET name = '', removed_at = coalesce(removed_at, $3) "
                "WHERE shard = $1 AND citizen_id = $2 AND (name <> '' OR removed_at IS NULL)",
                *(shard, citizen_id, clock.now()),
            )
            await revoke_all_of(citizen_id, Kind.DEVICE, x509.ReasonFlags.cessation_of_operation)
        return deleted + blanked
