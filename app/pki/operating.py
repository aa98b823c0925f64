"""What an operator does with the authorities (`fuhai pki`): rotate keys, revoke certificates, look, and publish.

Each is called with the database's pool open.
"""

import asyncio
import re
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
from cryptography import x509

from app.kernel import clock
from app.kernel.database import Row, fetch_all, fetch_value, transaction
from app.kernel.settings import Settings
from app.pki import publishing, revocation
from app.pki.authorities import ROOT, Authorities, authorities, pki_folder
from app.pki.certificates import Issuer, serial_text
from app.pki.crls import CRL_LIFE
from app.pki.enrolment import record_own
from app.pki.errors import CertificateUnknown
from app.pki.revocation import PKI, Standing, record_revoked_authority
from app.pki.setup import (
    holds_root_key,
    prepare,
    replace_file,
    revoke_authority,
    revoked_authorities,
    rotate,
    setup_of,
)

_SERIAL: Final = re.compile(r"[0-9a-f]{1,40}")
_COUNTS: Final = """
SELECT authority, count(*) AS issued, count(*) FILTER (WHERE revoked_at IS NOT NULL) AS revoked,
    count(*) FILTER (WHERE revoked_at IS NULL AND not_after > $1) AS valid
FROM certificate_standing GROUP BY authority
"""
_FALLEN: Final = "SELECT count(*) FROM certificate WHERE authority = $1 AND not_after > $2"


class CertificateInUse(ValueError):  # noqa: N818 - a refusal is named as a fact
    """The product signs with this certificate's key at present; the message names the key to rotate first."""


class Held(msgspec.Struct, frozen=True):
    """One authority or seal of ours: how many certificates it issued, and how many of them are valid or were revoked."""

    name: str
    what: str
    ends: datetime
    serial: str
    issued: int = 0
    valid: int = 0
    revoked: int = 0


class Revoked(msgspec.Struct, frozen=True):
    """A certificate that was revoked; of an authority, how many certificates that hadn't ended fall with it."""

    serial: str
    what: str
    at: datetime
    falling: int = 0


class Published(msgspec.Struct, frozen=True):
    """What was published, and by when it must be published again."""

    files: int
    again_by: datetime


async def make(settings: Settings) -> Authorities:
    """Make or renew what is missing or near its end. Raises `RootOffline` where that needs the root's key."""
    made = await asyncio.to_thread(prepare, settings)
    await record_own(made)
    return made


async def rotate_key(settings: Settings, name: str) -> str:
    """Give an authority or a seal a new key beside the old one, and say what it is called.

    Servers and workers sign with it from their next signature on. Raises `RootOffline` and `KeyMissing`.
    """
    rotated = await asyncio.to_thread(rotate, setup_of(settings), name)
    await record_own(authorities())
    return rotated


async def revoke(settings: Settings, what: str, reason: x509.ReasonFlags) -> list[Revoked]:
    """Revoke a certificate by its serial number (hexadecimal), all that bear a DNS name, or an authority by its name.

    Repeating it changes nothing. Refuses `CertificateUnknown`, and raises `CertificateInUse` for what this product signs with at
    present, and `RootOffline` for an authority whose root isn't here.
    """
    said = what.strip().lower()
    issuer = authorities().by_name(said)
    if issuer is not None:
        return [await _revoke_authority(settings, issuer, reason)]
    serials = await _serials(said)
    ours = {serial_text(signer.certificate.serial_number): label for label, signer in authorities().own.items()}
    for serial in serials:
        if serial in ours:
            message = f"the product signs with this certificate at present: rotate {ours[serial]} first"
            raise CertificateInUse(message)
    return [_revoked(await revocation.revoke(serial, reason)) for serial in serials]


def _revoked(one: Standing) -> Revoked:
    return Revoked(one.serial, one.kind.value, clock.local(one.revoked_at or clock.now()))


async def _revoke_authority(settings: Settings, issuer: Issuer, reason: x509.ReasonFlags) -> Revoked:
    """Put an authority on the root's list, and have nothing hold that it issued; its key's compromise has a name of its own (RFC 5280)."""
    if issuer in authorities().issuers.values():
        message = f"the product issues by this authority at present: rotate {issuer.profile.kind} first"
        raise CertificateInUse(message)
    if reason is x509.ReasonFlags.key_compromise:
        reason = x509.ReasonFlags.ca_compromise
    revoked = await asyncio.to_thread(revoke_authority, setup_of(settings), issuer, reason)
    await record_revoked_authority(issuer, revoked)
    async with transaction(PKI):
        falling = await fetch_value(_FALLEN, issuer.name, clock.now())
    return Revoked(serial_text(revoked.serial), f"authority {issuer.name}", clock.local(revoked.at), falling)


async def held(settings: Settings) -> list[Held]:
    """Every authority and seal of ours with its end, the root first."""
    trusted = authorities()
    async with transaction(PKI):
        counted = {row["authority"]: row for row in await fetch_all(_COUNTS, clock.now())}
    gone = {serial_text(one.serial) for one in revoked_authorities(pki_folder(settings))}
    root = "key here" if holds_root_key(setup_of(settings)) else "key offline"
    return [
        _held(ROOT, f"root, {root}", trusted.root, None),
        *(
            _held(
                issuer.name,
                _what(issuer, trusted, gone),
                issuer.certificate,
                counted.get(issuer.name),
            )
            for issuer in trusted.all_issuers()
        ),
        *(_held(label, "seal", signer.certificate, None) for label, signer in trusted.own.items()),
    ]


def _what(issuer: Issuer, trusted: Authorities, gone: set[str]) -> str:
    if serial_text(issuer.certificate.serial_number) in gone:
        return "authority, revoked"
    return "authority" if issuer in trusted.issuers.values() else "authority, rotated"


async def publish(folder: Path) -> Published:
    """Write the bundle, every authority's certificate and every list into a folder, for a host of static files at `/pki`."""
    files = await publishing.files()
    await asyncio.to_thread(_write, folder, files)
    return Published(len(files), clock.now() + CRL_LIFE)


def _write(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        replace_file(folder / name, content)


async def _serials(what: str) -> list[str]:
    async with transaction(PKI):
        rows = await fetch_all(
            "SELECT serial FROM certificate WHERE serial = $1 OR name = $2 ORDER BY issued_at",
            what.zfill(40) if _SERIAL.fullmatch(what) else "",
            what,
        )
    if not rows:
        raise CertificateUnknown(serial=what)
    return [row["serial"] for row in rows]


def _held(name: str, what: str, certificate: x509.Certificate, counted: Row | None) -> Held:
    counts = {} if counted is None else {key: counted[key] for key in ("issued", "valid", "revoked")}
    ends = clock.local(certificate.not_valid_after_utc)
    return Held(name, what, ends, serial_text(certificate.serial_number), **counts)
