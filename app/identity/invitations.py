"""A second device is enrolled from the first one: it scans a code, both show the same digits, and the first approves.

The first device's own key stands in for the look into the camera; so the new one has lower limits for a day, a day brings few of
them, and every device and the phone are told.
"""

import hmac
import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from app.identity import devices, limits, sessions
from app.identity.comparing import comparison_of
from app.identity.dpop import thumbprint_of_key
from app.identity.errors import ProofMissing, ProofWrong
from app.identity.invitation_errors import (
    InvitationNotApproved,
    InvitationNotTakenUp,
    InvitationTakenUp,
    InvitationUnknown,
)
from app.identity.invitation_structs import Comparison, Invitation, InvitationTaken, InvitationView
from app.identity.networks import network_of
from app.identity.structs import DeviceEnrolled, DeviceView
from app.kernel import short_lived
from app.kernel.actors import Citizen
from app.kernel.database import fetch_one, transaction
from app.kernel.ids import shard_of
from app.keys.fields import blind_index, open_field, seal_field
from app.pki.requests import proved_key, require_p256

_PURPOSE: Final = "device-invitation"
_TAKEN: Final = "device-invitation-taken"


class _Kept(msgspec.Struct, frozen=True):
    """An invitation as it is kept; the second half is the new device's."""

    citizen_id: UUID
    code: bytes
    name: str | None = None
    key: bytes | None = None
    jkt: str | None = None
    network: str | None = None
    device_id: UUID | None = None


async def invite(citizen: Citizen) -> Invitation:
    """Invite a new device, for some minutes. Refuses `TriedTooOften`."""
    await limits.count(limits.INVITATIONS, str(citizen.id))
    invitation_id, code = uuid4(), secrets.token_urlsafe(16)
    await _keep(invitation_id, _Kept(citizen.id, _hashed(invitation_id, code)))
    return Invitation(
        id=invitation_id,
        code=code,
        qr=f"fuhai:device:{invitation_id}:{code}",
        expires_in_seconds=int(_lives().total_seconds()),
    )


async def take_up(asked: InvitationTaken, jkt: str | None, address: str) -> Comparison:
    """Take an invitation up with a new device's key, which the request must prove too (DPoP); the same key may repeat it.

    Refuses `ProofMissing`, `ProofWrong` by another key, `InvitationUnknown` without saying what is wrong, `InvitationTakenUp`,
    and what `proved_key` refuses.
    """
    key = proved_key(asked.csr)
    _refuse_unless_proved(thumbprint_of_key(key), jkt)
    kept = await _kept(asked.invitation_id)
    if not hmac.compare_digest(kept.code, _hashed(asked.invitation_id, asked.code)):
        raise InvitationUnknown
    if kept.jkt is None and await short_lived.claim(_TAKEN, str(asked.invitation_id), _lives()):
        shown = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        kept = msgspec.structs.replace(kept, name=asked.name, key=shown, jkt=jkt, network=network_of(address))
        await _keep(asked.invitation_id, kept)
    if kept.jkt != jkt:
        raise InvitationTakenUp
    return Comparison(comparison_of(jkt or ""), int(_lives().total_seconds()))


async def look_at(citizen: Citizen, invitation_id: UUID) -> InvitationView:
    """How far the citizen's invitation is, and what to compare; refuses `InvitationUnknown`."""
    kept = await _own(citizen, invitation_id)
    return InvitationView(
        id=invitation_id,
        state="approved" if kept.device_id else "taken_up" if kept.jkt else "waiting",
        name=kept.name,
        comparison=comparison_of(kept.jkt) if kept.jkt else None,
        network=kept.network,
    )


async def approve(citizen: Citizen, invitation_id: UUID) -> DeviceView:
    """Approve the device that took the invitation up: it gets its certificate. Approving again changes nothing.

    Refuses `InvitationUnknown`, `InvitationNotTakenUp`, `TooManyDevices` and `TooManyNewDevices`.
    """
    kept = await _own(citizen, invitation_id)
    if kept.key is None:
        raise InvitationNotTakenUp
    async with transaction(sessions.IDENTITY):
        row = await devices.certify(citizen, citizen.id, _key(kept.key), kept.name or "")
    await _keep(invitation_id, msgspec.structs.replace(kept, device_id=row["id"]))
    return devices.view(row, citizen.device_id)


async def discard(citizen: Citizen, invitation_id: UUID) -> None:
    """Take an invitation back; a device that was approved stays. Refuses `InvitationUnknown`."""
    await _own(citizen, invitation_id)
    if await short_lived.take(_PURPOSE, str(invitation_id)) is None:
        raise InvitationUnknown


async def collect(invitation_id: UUID, jkt: str | None) -> DeviceEnrolled:
    """Give the new device its certificate, once it is approved; the request must prove the device's key.

    Refuses `ProofMissing`, `ProofWrong` by another key, `InvitationUnknown` and `InvitationNotApproved`.
    """
    if jkt is None:
        raise ProofMissing
    kept = await _kept(invitation_id)
    if kept.jkt is None or kept.jkt != jkt:
        raise InvitationUnknown
    if kept.device_id is None:
        raise InvitationNotApproved
    async with transaction(sessions.IDENTITY):
        row = await fetch_one(
            "SELECT * FROM device WHERE shard = $1 AND id = $2 AND removed_at IS NULL",
            *(shard_of(kept.device_id), kept.device_id),
        )
    if row is None:
        raise InvitationUnknown
    return devices.enrolled(row, row["id"])


def _refuse_unless_proved(jkt: str, proved: str | None) -> None:
    if proved is None:
        raise ProofMissing
    if proved != jkt:
        raise ProofWrong(flaw="key")


def _key(shown: bytes) -> ec.EllipticCurvePublicKey:
    return require_p256(load_der_public_key(shown))


async def _own(citizen: Citizen, invitation_id: UUID) -> _Kept:
    kept = await _kept(invitation_id)
    if kept.citizen_id != citizen.id:
        raise InvitationUnknown
    return kept


async def _kept(invitation_id: UUID) -> _Kept:
    sealed = await short_lived.get(_PURPOSE, str(invitation_id))
    if sealed is None:
        raise InvitationUnknown
    return msgspec.json.decode(open_field("short_lived", "value", invitation_id, sealed), type=_Kept)


async def _keep(invitation_id: UUID, kept: _Kept) -> None:
    sealed = seal_field("short_lived", "value", invitation_id, msgspec.json.encode(kept))
    await short_lived.put(_PURPOSE, str(invitation_id), sealed, _lives())


def _lives() -> timedelta:
    return timedelta(minutes=limits.limit_today("invitation_minutes"))


def _hashed(invitation_id: UUID, code: str) -> bytes:
    return blind_index(_PURPOSE, f"{invitation_id} {code}")
