"""What was issued and what was revoked: the table behind OCSP, CRLs and every look at a certificate."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
from cryptography import x509

from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import Row, execute, fetch_all, transaction
from app.pki.certificates import Issuer, crl_address, serial_text
from app.pki.crls import CRL_LIFE, Revocation, make_crl
from app.pki.errors import CertificateUnknown
from app.pki.lists import ShardName, list_named_in, read_name
from app.pki.profiles import Kind

PKI: Final = System("pki")
_CRL_KEPT: Final = timedelta(seconds=20)
"""With the 30 seconds that caches may keep it, a revocation shows within a minute."""


class Standing(msgspec.Struct, frozen=True):
    """What the tables say of one certificate; it falls with its authority."""

    serial: str
    kind: Kind
    authority: str
    owner_id: UUID | None
    revoked_at: datetime | None
    reason: x509.ReasonFlags | None


async def record_issued(issuer: Issuer, certificate: x509.Certificate, owner_id: UUID | None, at: datetime) -> None:
    """Record a certificate that an authority issued; harmless when repeated."""
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    async with transaction(PKI):
        await execute(
            "INSERT INTO certificate (serial, kind, name, owner_id, issued_at, not_after, authority, revocation_list) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (serial) DO NOTHING",
            *(serial_text(certificate.serial_number), issuer.profile.kind.value),
            *(names.get_values_for_type(x509.DNSName)[0], owner_id, at, certificate.not_valid_after_utc),
            *(issuer.name, list_named_in(certificate)),
        )


async def standing(serial: str) -> Standing | None:
    """Look a serial number (40 hexadecimal digits) up; nothing if we issued no such certificate."""
    return (await standings([serial])).get(serial)


async def standings(serials: Sequence[str]) -> dict[str, Standing]:
    """Look several serial numbers up; what we didn't issue isn't there."""
    async with transaction(PKI):
        rows = await fetch_all(
            "SELECT serial, kind, authority, owner_id, revoked_at, reason FROM certificate_standing WHERE serial = ANY ($1::text[])",
            list(serials),
        )
    return {row["serial"]: _standing(row) for row in rows}


def _standing(row: Row) -> Standing:
    reason = x509.ReasonFlags(row["reason"]) if row["reason"] else None
    return Standing(row["serial"], Kind(row["kind"]), row["authority"], row["owner_id"], row["revoked_at"], reason)


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


async def record_revoked_authority(issuer: Issuer, revoked: Revocation) -> None:
    """Record that an authority stands on the root's list: nothing that it issued holds from then on. Harmless when repeated."""
    async with transaction(PKI):
        await execute(
            "INSERT INTO revoked_authority (authority, serial, revoked_at, reason) VALUES ($1, $2, $3, $4) "
            "ON CONFLICT (authority) DO NOTHING",
            *(issuer.name, serial_text(revoked.serial), revoked.at, revoked.reason.value),
        )


_REVOKED: Final = (
    "SELECT serial, revoked_at, reason FROM certificate WHERE {condition} AND revoked_at IS NOT NULL AND not_after > $2 "
    "ORDER BY revoked_at, serial"
)


async def revocations(issuer: Issuer, shard: ShardName | None, at: datetime) -> list[Revocation]:
    """Every revoked certificate of an authority, or of one of its lists, that hadn't ended by then."""
    column, name = ("authority", issuer.name) if shard is None else ("revocation_list", str(shard))
    async with transaction(PKI):
        rows = await fetch_all(_REVOKED.format(condition=f"{column} = $1"), name, at)
    return [Revocation(int(row["serial"], 16), row["revoked_at"], x509.ReasonFlags(row["reason"])) for row in rows]


_kept: Final[dict[str, tuple[datetime, bytes]]] = {}


async def crl(issuer: Issuer, shard: ShardName | None = None) -> bytes:
    """An authority's list of revoked certificates, at most twenty seconds old, as DER: one of its lists, or all in one.

    The whole one is for certificates that were issued before lists were cut.
    """
    now, name = clock.now(), issuer.name if shard is None else str(shard)
    made_at, made = _kept.get(name, (now, b""))
    if not made or not timedelta() <= now - made_at < _CRL_KEPT:
        revoked = await revocations(issuer, shard, now)
        address = None if shard is None else crl_address(issuer.place, name)
        made = await asyncio.to_thread(make_crl, issuer.signer, revoked, now, CRL_LIFE, address)
        _kept[name] = (now, made)
    return made


async def crl_of(certificate: x509.Certificate, issuer: Issuer) -> bytes:
    """The list that a certificate of an authority points at."""
    name = list_named_in(certificate)
    return await crl(issuer, None if name is None else read_name(name))
