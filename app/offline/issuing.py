"""Certifying a device for payments without a line, for a day."""

import base64
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.audit.acts import Act, seal_act
from app.card.cards import not_paying, require_card
from app.identity.devices import key_of
from app.identity.errors import DeviceUnknown
from app.identity.new_devices import is_new_device
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import Row, fetch_one, fetch_value, transaction
from app.kernel.ids import new_id, shard_of
from app.kernel.still_in import refuse_if_out
from app.offline import denials
from app.offline.accounts import account_of
from app.offline.codes import Certificate, write_certificate
from app.offline.errors import OfflineSalesOwed
from app.offline.issuer import OFFLINE, Issuer, issuer
from app.offline.limits import limit_on
from app.offline.structs import OfflineCertificate

_LOCKED: Final = "SELECT state FROM card WHERE shard = $1 AND id = $2 FOR UPDATE"
_DEVICE: Final = "SELECT * FROM device WHERE shard = $1 AND id = $2 AND citizen_id = $3 AND removed_at IS NULL"
_OWED: Final = "SELECT coalesce(sum(amount_fen), 0)::int8 FROM offline_sale WHERE shard = $1 AND citizen_id = $2 AND state = 'owed'"
_PRESENT: Final = """
SELECT o.* FROM offline_certificate o WHERE o.shard = $1 AND o.card_id = $2 AND o.device_id = $3 AND o.not_after > $4
  AND o.payment_max_fen = $5 AND o.sum_max_fen = $6 AND position($7::bytea IN o.content) > 0
  AND NOT EXISTS (SELECT 1 FROM offline_denial d WHERE d.account = o.account) ORDER BY o.id DESC LIMIT 1
"""
_INSERT: Final = (
    "INSERT INTO offline_certificate (id, shard, citizen_id, card_id, device_id, account, not_before, not_after, payment_max_fen, "
    "sum_max_fen, content, account_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING *"
)


class _Caps(msgspec.Struct, frozen=True):
    payment_max_fen: int
    sum_max_fen: int


async def certify(citizen: Citizen) -> OfflineCertificate:
    """The certificate of the calling device; the one that it has, until half a day of it is left.

    Refuses `CardNotOpened`, what `not_paying` says of a card that doesn't pay, `DeviceUnknown`, and `OfflineSalesOwed` while the card owes what it bought without a line.
    """
    signer, at = await issuer(), clock.now()
    async with transaction(citizen):
        card = await require_card(citizen)
        async with transaction(OFFLINE):
            await _refuse_unless_pays(citizen, card)
            device = await _device(citizen)
            row = await _present(citizen, card["id"], device, at) or await _issued(citizen, card, device, signer)
    # Whoever was stopped while this was written is on the list as well.
    await denials.review(citizen.id)
    return OfflineCertificate(
        base64.b64encode(row["content"]).decode(),
        row["not_before"],
        row["not_after"],
        row["payment_max_fen"],
        row["sum_max_fen"],
    )


async def _refuse_unless_pays(citizen: Citizen, card: Row) -> None:
    """Lock the card and refuse one that doesn't pay, or owes."""
    state = await fetch_value(_LOCKED, shard_of(card["id"]), card["id"])
    await refuse_if_out(citizen)
    if (refusal := not_paying(state)) is not None:
        raise refusal
    owed = await fetch_value(_OWED, shard_of(citizen.id), citizen.id)
    if owed:
        raise OfflineSalesOwed(owed_fen=owed)


async def _device(citizen: Citizen) -> Row:
    device_id = citizen.device_id
    row = None if device_id is None else await fetch_one(_DEVICE, shard_of(device_id), device_id, citizen.id)
    if row is None:
        raise DeviceUnknown
    return row


async def _present(citizen: Citizen, card_id: UUID, device: Row, at: datetime) -> Row | None:
    """The newest certificate of the device, its key and its limits, if it lasts long enough and was never stopped."""
    enough = at + timedelta(minutes=limit_on(at.date(), "certificate_renewed_minutes"))
    caps = _caps(citizen, at)
    return await fetch_one(
        _PRESENT,
        *(shard_of(card_id), card_id, device["id"], enough, caps.payment_max_fen, caps.sum_max_fen, _point_of(device)),
    )


async def _issued(citizen: Citizen, card: Row, device: Row, signer: Issuer) -> Row:
    begins = clock.now().replace(microsecond=0)
    certificate_id, minutes = new_id(card["id"]), limit_on(begins.date(), "certificate_minutes")
    caps = _caps(citizen, begins)
    certificate = Certificate(
        account=account_of(certificate_id),
        device_key=_point_of(device),
        not_before=int(begins.timestamp()),
        valid_minutes=minutes,
        payment_max_fen=caps.payment_max_fen,
        sum_max_fen=caps.sum_max_fen,
    )
    row = await fetch_one(
        _INSERT,
        *(certificate_id, shard_of(certificate_id), citizen.id, card["id"], device["id"], certificate.listed_as),
        *(begins, begins + timedelta(minutes=minutes), caps.payment_max_fen, caps.sum_max_fen),
        *(write_certificate(certificate, signer.key, signer.kid), card["account_id"]),
    )
    if row is None:
        raise LookupError(certificate_id)
    await seal_act(Act.OFFLINE_CERTIFIED, citizen, about=citizen.id, subject=certificate_id)
    return row


def _point_of(device: Row) -> bytes:
    return key_of(device).public_bytes(Encoding.X962, PublicFormat.CompressedPoint)


def _caps(citizen: Citizen, at: datetime) -> _Caps:
    day = at.date()
    if is_new_device(citizen):
        return _Caps(limit_on(day, "new_device_payment_max_fen"), limit_on(day, "new_device_sum_max_fen"))
    return _Caps(limit_on(day, "payment_max_fen"), limit_on(day, "sum_max_fen"))
