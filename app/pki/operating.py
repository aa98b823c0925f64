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
from app.kernel.database import Row, fetch_all, transaction
from app.kernel.settings import Settings
from app.pki import publishing, revocation
from app.pki.authorities import ROOT, Authorities, authorities
from app.pki.certificates import serial_text
from app.pki.crls import CRL_LIFE
from app.pki.enrolment import record_own
from app.pki.errors import CertificateUnknown
from app.pki.revocation import PKI, Standing
from app.pki.setup import holds_root_key, prepare, replace_file, rotate, setup_of

_SERIAL: Final = re.compile(r"[0-9a-f]{1,40}")
_COUNTS: Final = """
SELECT authority, count(*) AS issued, count(*) FILTER (WHERE revoked_at IS NOT NULL) AS revoked,
    count(*) FILTER (WHERE revoked_at IS NULL AND not_after > $1) AS valid
FROM certificate GROUP BY authority
"""


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

    Servers and workers sign with it from their next start on. Raises `RootOffline` and `KeyMissing`.
    """
    rotated = await asyncio.to_thread(rotate, setup_of(settings), name)
    authorities.cache_clear()
    await record_own(authorities())
    return rotated


async def revoke(what: str, reason: x509.ReasonFlags) -> list[Standing]:
    """Revoke a certificate by its serial number (hexadecimal), or all that bear a DNS name; repeating it changes nothing.

    Refuses `CertificateUnknown`, and raises `CertificateInUse` for what this product signs with at present.
    """
    serials = await _serials(what.strip().lower())
    ours = {serial_text(signer.certificate.serial_number): label for label, signer in authorities().own.items()}
    for serial in serials:
        if serial in ours:
            message = f"the product signs with this certificate at present: rotate {ours[serial]} first"
            raise CertificateInUse(message)
    return [await revocation.revoke(serial, reason) for serial in serials]


async def held(settings: Settings) -> list[Held]:
    """Every authority and seal of ours with its end, the root first."""
    trusted = authorities()
    async with transaction(PKI):
        counted = {row["authority"]: row for row in await fetch_all(_COUNTS, clock.now())}
    root = "key here" if holds_root_key(setup_of(settings)) else "key offline"
    return [
        _held(ROOT, f"root, {root}", trusted.root, None),
        *(
            _held(
                issuer.name,
                "authority" if issuer in trusted.issuers.values() else "authority, rotated",
                issuer.certificate,
                counted.get(issuer.name),
            )
            for issuer in trusted.all_issuers()
        ),
        *(_held(label, "seal", signer.certificate, None) for label, signer in trusted.own.items()),
    ]


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
