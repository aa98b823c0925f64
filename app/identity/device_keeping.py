"""Keeping a device: another name, and a certificate for another year."""

from uuid import UUID

from cryptography import x509

from app.audit.acts import Act, seal_act
from app.identity import devices, sessions
from app.identity.dpop import thumbprint_of_key
from app.identity.errors import DeviceUnknown
from app.identity.invitation_structs import DeviceToRename, DeviceToRenew
from app.identity.structs import DeviceEnrolled, DeviceView
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import Row, execute, fetch_one, transaction
from app.kernel.ids import shard_of
from app.kernel.still_in import refuse_if_out
from app.notices.live import wake
from app.pki.enrolment import issue_for_key, opaque_label
from app.pki.profiles import Kind
from app.pki.requests import proved_key
from app.pki.revocation import revoke
from app.residents.people import locked, void_means

_FIND = "SELECT * FROM device WHERE shard = $1 AND id = $2 AND citizen_id = $3 AND removed_at IS NULL AND not_after > $4 FOR UPDATE"


async def rename(citizen: Citizen, device_id: UUID, asked: DeviceToRename) -> DeviceView:
    """Call one of the citizen's devices something else; refuses `DeviceUnknown`."""
    async with transaction(sessions.IDENTITY):
        row = await fetch_one(
            "UPDATE device SET name = $4 WHERE shard = $1 AND id = $2 AND citizen_id = $3 AND removed_at IS NULL RETURNING *",
            *(shard_of(device_id), device_id, citizen.id, asked.name),
        )
    if row is None:
        raise DeviceUnknown
    return devices.view(row, citizen.device_id)


async def renew(citizen: Citizen, device_id: UUID, asked: DeviceToRenew) -> DeviceEnrolled:
    """Give the calling device a certificate for another year, for its key or a new one; the old certificate is revoked.

    The request is proved by the device's present key. With a new key its sessions end: they are bound to the old one. Refuses
    `DeviceUnknown` for any device but the calling one, (`SessionOver`) one whose session was ended meanwhile, and what `proved_key`
    refuses.
    """
    key = proved_key(asked.csr)
    jkt = thumbprint_of_key(key)
    async with transaction(sessions.IDENTITY):
        await locked(citizen.id)
        await refuse_if_out(citizen)
        row = await fetch_one(_FIND, shard_of(device_id), device_id, citizen.id, clock.now())
        if row is None or citizen.device_id != device_id:
            raise DeviceUnknown
        issued = await issue_for_key(Kind.DEVICE, key, citizen.id, f"d-{opaque_label()}")
        renewed = await fetch_one(
            "UPDATE device SET serial = $3, jkt = $4, certificate = $5, not_after = $6 WHERE shard = $1 AND id = $2 RETURNING *",
            *(shard_of(device_id), device_id, issued.serial, jkt, issued.chain, issued.not_after),
        )
        await revoke(row["serial"], x509.ReasonFlags.superseded)
        await _end_if_other_key(row, jkt)
        await wake(citizen.id)
        await seal_act(Act.DEVICE_RENEWED, citizen, about=citizen.id, subject=device_id)
    if renewed is None:
        raise DeviceUnknown
    return devices.enrolled(renewed, citizen.device_id)


async def _end_if_other_key(before: Row, jkt: str) -> None:
    ended = await execute(
        "UPDATE session SET ended_at = $3, end_reason = 'device_renewed', pair = NULL "
        "WHERE shard = $1 AND device_id = $2 AND ended_at IS NULL AND jkt <> $4",
        *(before["shard"], before["id"], clock.now(), jkt),
    )
    if ended:
        await void_means(before["citizen_id"])
