"""What was issued and what was revoked: the table behind OCSP, CRLs and every look at a certificate."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
from cryptography import x509

from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import execute, fetch_all, fetch_one, transaction
from app.pki.authorities import authorities
from app.pki.certificates import serial_text
from app.pki.crls import Revocation, make_crl
from app.pki.errors import CertificateUnknown
from app.pki.profiles import Kind

PKI: Final = System("pki")
_CRL_KEPT: Final = timedelta(seconds=30)


class Standing(msgspec.Struct, frozen=True):
    """What the table says of one certificate."""

    serial: str
    kind: Kind
    owner_id: UUID | None
    revoked_at: datetime | None
    reason: x509.ReasonFlags | None


async def record_issued(kind: Kind, certificate: x509.Certificate, owner_id: UUID | None, at: datetime) -> None:
    """Record a certificate that was issued; harmless when repeated."""
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    async with transaction(PKI):
        await execute(
            "INSERT INTO certificate (serial, kind, name, owner_id, issued_at, not_after) VALUES ($1, $2, $3, $4, $5, $6) "
            "ON CONFLICT (serial) DO NOTHING",
            serial_text(certificate.serial_number),
            kind.value,
            names.get_values_for_type(x509.DNSName)[0],
            owner_id,
            at,
            certificate.not_valid_after_utc,
        )


async def standing(serial: str) -> Standing | None:
    """Look a serial number (40 hexadecimal digits) up; nothing if we issued no such certificate."""
    async with transaction(PKI):
        row = await fetch_one(
            "SELECT serial, kind, owner_id, revoked_at, reason FROM certificate WHERE serial = $1", serial
        )
    if row is None:
        return None
    reason = x509.ReasonFlags(row["reason"]) if row["reason"] else None
    return Standing(row["serial"], Kind(row["kind"]), row["owner_id"], row["revoked_at"], reason)


async def revoke(serial: str, reason: x509.ReasonFlags) -> Standing:
    """Revoke a certificate from now on; one that is revoked already stays as it is. Refuses `CertificateUnknown`."""
    async with transaction(PKI):
        await execute(
            "UPDATE certificate SET revoked_at = $2, reason = $3 WHERE serial = $1 AND revoked_at IS NULL",
            serial,
            clock.now(),
            reason.value,
        )
        known = await standing(serial)
    if known is None:
        raise CertificateUnknown(serial=serial)
    return known


async def revoke_all_of(owner_id: UUID, kind: Kind, reason: x509.ReasonFlags) -> int:
    """Revoke every certificate of a kind that an owner holds, and say how many it was."""
    async with transaction(PKI):
        return await execute(
            "UPDATE certificate SET revoked_at = $3, reason = $4 WHERE owner_id = $1 AND kind = $2 AND revoked_at IS NULL",
            owner_id,
            kind.value,
            clock.now(),
            reason.value,
        )


async def revocations(kind: Kind, at: datetime) -> list[Revocation]:
    """Every revoked certificate of a kind that hadn't ended by then."""
    async with transaction(PKI):
        rows = await fetch_all(
            "SELECT serial, revoked_at, reason FROM certificate "
            "WHERE kind = $1 AND revoked_at IS NOT NULL AND not_after > $2 ORDER BY revoked_at, serial",
            kind.value,
            at,
        )
    return [Revocation(int(row["serial"], 16), row["revoked_at"], x509.ReasonFlags(row["reason"])) for row in rows]


_kept: Final[dict[Kind, tuple[datetime, bytes]]] = {}


async def crl(kind: Kind) -> bytes:
    """An authority's list of revoked certificates, at most half a minute old, as DER."""
    now = clock.now()
    made_at, made = _kept.get(kind, (now, b""))
    if not made or not timedelta() <= now - made_at < _CRL_KEPT:
        made = make_crl(authorities().issuer(kind).signer, await revocations(kind, now), now)
        _kept[kind] = (now, made)
    return made
