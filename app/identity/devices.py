"""Devices: a key that never leaves a phone, certified after its owner looked into the camera; level 3 is to sign in by it."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.identity import challenges, faces, limits, sessions
from app.identity.dpop import thumbprint_of_key
from app.identity.errors import (
    DeviceUnknown,
    ProofMissing,
    ProofWrong,
    SignInRefused,
    TooManyDevices,
    TooManyNewDevices,
)
from app.identity.events import DeviceEnrolled as EnrolledEvent
from app.identity.events import DeviceRemoved
from app.identity.networks import network_of
from app.identity.structs import Challenge, DeviceEnrolled, DeviceEnrolment, Devices, DeviceSignIn, DeviceView, Tokens
from app.kernel import clock
from app.kernel.actors import Actor, Citizen
from app.kernel.database import Row, execute, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.errors import Quota
from app.kernel.events import tell
from app.kernel.ids import new_id, shard_of
from app.kernel.still_in import refuse_if_out
from app.notices.live import wake
from app.pki.enrolment import Issued, issue_for_key, opaque_label
from app.pki.profiles import Kind
from app.pki.requests import proved_key
from app.pki.revocation import revoke, standing
from app.residents.people import locked, void_means
from integrations.departments.police import Police

MOST_DEVICES: Final = 10
_DAY: Final = timedelta(days=1)
SIGN_IN: Final = "device-sign-in"
ENROLMENT: Final = "device-enrolment"
_MINE: Final = (
    "SELECT d.* FROM device d JOIN certificate_standing c ON c.serial = d.serial "
    "WHERE d.shard = $1 AND d.citizen_id = $2 AND d.removed_at IS NULL AND c.revoked_at IS NULL ORDER BY d.id DESC"
)


async def enrolment_challenge(citizen: Citizen) -> Challenge:
    """Give the nonce of one enrolment."""
    return await challenges.give(ENROLMENT, str(citizen.id))


async def enrol(citizen: Citizen, asked: DeviceEnrolment, police: Police) -> DeviceEnrolled:
    """Certify a device's key, once the police say that the face is the citizen's.

    Asking again for a key that is enrolled gives its certificate again. If the calling session is bound to the same key it is
    at level 3 from now on. Refuses what `proved_key` refuses, `ChallengeWrong`, `FaceMismatch`,
    `TooManyDevices`, `TooManyNewDevices`, `TriedTooOften`, and what the police's port refuses.
    """
    key = proved_key(asked.csr)
    known = await _by_key(citizen, key)
    if known is not None:
        return _enrolled(known, citizen)
    await challenges.use(ENROLMENT, str(citizen.id), asked.nonce)
    await faces.refuse_unless_face(citizen, asked.face_token, police, "device_enrolment")
    async with transaction(sessions.IDENTITY):
        row = await certify(citizen, citizen.id, key, asked.name)
        await raise_session(citizen.session_id, row)
    return _enrolled(row, citizen)


async def certify(
    actor: Actor, citizen_id: UUID, key: ec.EllipticCurvePublicKey, name: str, basis: Basis | None = None
) -> Row:
    """Enrol a key as a citizen's device, in the system transaction in progress; whoever calls has proof that it is theirs.

    Gives the device that the key has already, if it has one. Refuses `TooManyDevices`, `TooManyNewDevices`, and a citizen
    whose session was ended meanwhile (`SessionOver`).
    """
    jkt = thumbprint_of_key(key)
    known = await _refuse_unless_room(actor, citizen_id, jkt)
    if known is not None:
        return known
    issued = await issue_for_key(Kind.DEVICE, key, citizen_id, f"d-{opaque_label()}")
    row = await _write(citizen_id, name, issued, jkt)
    await tell(EnrolledEvent(citizen_id=citizen_id, subject_id=row["id"]))
    await seal_act(Act.DEVICE_ENROLLED, actor, about=citizen_id, subject=row["id"], basis=basis)
    return row


async def my_devices(citizen: Citizen) -> Devices:
    """The citizen's devices, newest first; one whose certificate was revoked is none any more."""
    async with transaction(sessions.IDENTITY):
        rows = await fetch_all(_MINE, shard_of(citizen.id), citizen.id)
    return Devices(items=[view(row, citizen.device_id) for row in rows])


async def remove(citizen: Citizen, device_id: UUID) -> None:
    """Take a device away: its certificate is revoked, and its sessions are over. Refuses `DeviceUnknown`."""
    async with transaction(sessions.IDENTITY):
        await locked(citizen.id)
        serial = await fetch_value(
            "UPDATE device SET removed_at = $4 WHERE shard = $1 AND id = $2 AND citizen_id = $3 AND removed_at IS NULL "
            "RETURNING serial",
            *(shard_of(device_id), device_id, citizen.id, clock.now()),
        )
        if serial is None:
            raise DeviceUnknown
        await _end_removed(citizen.id, device_id, serial)
        await seal_act(Act.DEVICE_REMOVED, citizen, about=citizen.id, subject=device_id)


async def take_all(actor: Actor, citizen_id: UUID, basis: Basis | None = None, *, keeping: UUID | None = None) -> None:
    """Take every device of a citizen away, but for one to keep, in the system transaction in progress."""
    rows = await fetch_all(
        "UPDATE device SET removed_at = $3 WHERE shard = $1 AND citizen_id = $2 AND removed_at IS NULL "
        "AND id IS DISTINCT FROM $4 RETURNING id, serial",
        *(shard_of(citizen_id), citizen_id, clock.now(), keeping),
    )
    for row in rows:
        await _end_removed(citizen_id, row["id"], row["serial"])
        await seal_act(Act.DEVICE_REMOVED, actor, about=citizen_id, subject=row["id"], basis=basis)


async def _end_removed(citizen_id: UUID, device_id: UUID, serial: str) -> None:
    """Revoke a removed device's certificate, end its sessions, and tell of it."""
    await revoke(serial, x509.ReasonFlags.cessation_of_operation)
    await execute(
        "UPDATE session SET ended_at = $3, end_reason = 'device_removed', pair = NULL "
        "WHERE shard = $1 AND device_id = $2 AND ended_at IS NULL",
        *(shard_of(device_id), device_id, clock.now()),
    )
    await void_means(citizen_id)
    await wake(citizen_id)
    await tell(DeviceRemoved(citizen_id=citizen_id, subject_id=device_id))


async def sign_in_challenge(serial: str) -> Challenge:
    """Give something to sign with a device's key; whether the device is known isn't said."""
    return await challenges.give(SIGN_IN, serial)


async def sign_in(said: DeviceSignIn, jkt: str | None, address: str = "") -> Tokens:
    """Open a session at level 3 for the holder of a device's key, bound to that key.

    Somebody whose identity is frozen gets in too, to unfreeze it. Besides the signed challenge the request must carry a DPoP proof by
    the same key. Refuses `ChallengeWrong`, `SignInRefused` without saying why, `ProofMissing` and `ProofWrong`.
    """
    await challenges.use(SIGN_IN, said.serial, said.nonce)
    held = await standing(said.serial)
    if held is None or held.owner_id is None or held.kind is not Kind.DEVICE or held.revoked_at is not None:
        raise SignInRefused
    async with transaction(sessions.IDENTITY):
        await locked(held.owner_id)
        row = await fetch_one(
            "SELECT d.*, r.died_on FROM device d JOIN resident r ON r.shard = d.shard AND r.id = d.citizen_id "
            "WHERE d.shard = $1 AND d.serial = $2 AND d.removed_at IS NULL AND d.not_after > $3",
            *(shard_of(held.owner_id), said.serial, clock.now()),
        )
        if (
            row is None
            or row["died_on"] is not None
            or not challenges.is_signed(key_of(row), said.nonce, said.signature)
        ):
            raise SignInRefused
        if jkt is None:
            raise ProofMissing
        if jkt != row["jkt"]:
            raise ProofWrong(flaw="key")
        opening = sessions.Opening(row["citizen_id"], said.client_id, 3, jkt, row["id"], network_of(address))
        return await sessions.open_session(opening)


async def _refuse_unless_room(actor: Actor, citizen_id: UUID, jkt: str) -> Row | None:
    """Lock the citizen's devices; give the one that was enrolled for the same key meanwhile, or refuse one too many."""
    await locked(citizen_id)
    if isinstance(actor, Citizen):
        await refuse_if_out(actor)
    held = await fetch_all(_MINE, shard_of(citizen_id), citizen_id)
    same = _of_key(held, jkt)
    if same is not None:
        return same
    if len(held) >= MOST_DEVICES:
        raise TooManyDevices(limit=MOST_DEVICES)
    await _refuse_if_too_quick(citizen_id)
    return None


async def _refuse_if_too_quick(citizen_id: UUID) -> None:
    """Refuse (`TooManyNewDevices`) more new devices than a day may bring, those that were removed again counted too."""
    most = limits.limit_today("devices_daily")
    times = await fetch_all(
        "SELECT enrolled_at FROM device WHERE shard = $1 AND citizen_id = $2 AND enrolled_at > $3 "
        "ORDER BY enrolled_at DESC LIMIT $4",
        *(shard_of(citizen_id), citizen_id, clock.now() - _DAY, most),
    )
    if len(times) == most:
        left = times[-1]["enrolled_at"] + _DAY - clock.now()
        raise TooManyNewDevices(
            retry_after_seconds=max(1, int(left.total_seconds())),
            quota=Quota("devices_daily", most, int(_DAY.total_seconds())),
        )


async def _write(citizen_id: UUID, name: str, issued: Issued, jkt: str) -> Row:
    device_id = new_id(citizen_id)
    rows = await fetch_all(
        "INSERT INTO device (id, shard, citizen_id, name, serial, jkt, certificate, enrolled_at, not_after) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING *",
        *(device_id, shard_of(device_id), citizen_id, name, issued.serial, jkt, issued.chain),
        *(clock.now(), issued.not_after),
    )
    return rows[0]


async def raise_session(session_id: UUID, device: Row) -> None:
    """A session that proves the same key with each request is on this device (one of a merged resident lives elsewhere)."""
    await execute(
        "UPDATE session SET device_id = $3 WHERE shard = $1 AND id = $2 AND jkt = $4 AND shard = $5",
        *(shard_of(session_id), session_id, device["id"], device["jkt"], device["shard"]),
    )


async def _by_key(citizen: Citizen, key: ec.EllipticCurvePublicKey) -> Row | None:
    async with transaction(sessions.IDENTITY):
        return _of_key(await fetch_all(_MINE, shard_of(citizen.id), citizen.id), thumbprint_of_key(key))


def _of_key(held: list[Row], jkt: str) -> Row | None:
    return next((row for row in held if row["jkt"] == jkt and row["not_after"] > clock.now()), None)


def key_of(row: Row) -> ec.EllipticCurvePublicKey:
    """The key in a device's certificate."""
    key = x509.load_pem_x509_certificate(row["certificate"].encode()).public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise SignInRefused
    return key


def _enrolled(row: Row, citizen: Citizen) -> DeviceEnrolled:
    return enrolled(row, citizen.device_id)


def enrolled(row: Row, calling: UUID | None) -> DeviceEnrolled:
    """A device with its certificate, as it crosses the wire; `calling` is the device that asks."""
    return DeviceEnrolled(device=view(row, calling), certificate=row["certificate"], level=3)


def view(row: Row, calling: UUID | None) -> DeviceView:
    """A device as its owner sees it."""
    return DeviceView(
        id=row["id"],
        name=row["name"],
        serial=row["serial"],
        enrolled_at=row["enrolled_at"],
        not_after=row["not_after"],
        current=row["id"] == calling,
    )


async def has_signed(citizen: Citizen, nonce: str, signature: str) -> bool:
    """Whether a challenge was signed by the key of the device that is calling."""
    async with transaction(citizen):
        row = await fetch_one(
            "SELECT * FROM device WHERE shard = $1 AND citizen_id = $2 AND id = $3 AND removed_at IS NULL",
            *(shard_of(citizen.id), citizen.id, citizen.device_id),
        )
    return row is not None and challenges.is_signed(key_of(row), nonce, signature)


class CertifiedKey(msgspec.Struct, frozen=True):
    """A device's certified key, as those need it who check what it signed."""

    device_id: UUID
    serial: str
    certificate: str
    not_after: datetime


async def certified_key(citizen: Citizen) -> CertifiedKey:
    """The key of the device that is calling; refuses `DeviceUnknown` where the session isn't on one."""
    async with transaction(citizen):
        row = await fetch_one(
            "SELECT * FROM device WHERE shard = $1 AND citizen_id = $2 AND id = $3 AND removed_at IS NULL",
            *(shard_of(citizen.id), citizen.id, citizen.device_id),
        )
    if row is None:
        raise DeviceUnknown
    return CertifiedKey(row["id"], row["serial"], row["certificate"], row["not_after"])
