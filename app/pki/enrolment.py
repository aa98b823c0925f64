"""Issuing certificates: a request brings a key, the profile decides the rest, and what was issued is recorded."""

import asyncio
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from app.kernel import clock
from app.pki.authorities import OWN_LEAVES, Authorities, authorities, pem
from app.pki.certificates import Leaf, make_leaf, serial_text
from app.pki.profiles import Kind
from app.pki.requests import proved_key, require_p256
from app.pki.revocation import record_issued

_LABEL_LETTERS: Final = "abcdefghijkmnpqrstuvwxyz23456789"
_LABEL_LENGTH: Final = 20


class Issued(msgspec.Struct, frozen=True):
    """A certificate that was issued. `chain` is the certificate and its authority, as PEM."""

    kind: Kind
    name: str
    serial: str
    certificate: str
    chain: str
    not_after: datetime


async def issue(kind: Kind, csr_pem: str, owner_id: UUID | None, label: str) -> Issued:
    """Issue a certificate for a PKCS #10 request, named `label` below the kind's subtree.

    Refuses what `requests.proved_key` refuses, and labels that aren't DNS labels. Of the request only its key counts.
    """
    return await issue_for_key(kind, proved_key(csr_pem), owner_id, label)


async def issue_for_key(
    kind: Kind, key: ec.EllipticCurvePublicKey, owner_id: UUID | None, label: str, life: timedelta | None = None
) -> Issued:
    """Issue a certificate for a key whose possession was proved elsewhere; it lives as long as its kind, unless `life` says otherwise."""
    now, trusted = clock.now(), authorities()
    issuer = trusted.issuer(kind)
    certificate = make_leaf(issuer, require_p256(key), Leaf(label, life=life), now)
    await record_issued(issuer, certificate, owner_id, now)
    own = pem(certificate).decode()
    return Issued(
        kind=kind,
        name=issuer.profile.name(label, issuer.place.domain),
        serial=serial_text(certificate.serial_number),
        certificate=own,
        chain=own + pem(issuer.certificate).decode(),
        not_after=clock.local(certificate.not_valid_after_utc),
    )


async def issue_department(csr_path: Path, code: str) -> str:
    """Issue a department's certificate, `<code>.dept.<city>`, for the request in a file; gives PEM with the chain."""
    csr_pem = await asyncio.to_thread(csr_path.read_text, encoding="ascii")
    return (await issue(Kind.DEPARTMENT, csr_pem, None, code)).chain


async def record_own(trusted: Authorities) -> None:
    """Record the product's own certificates, so that their standing can be asked about; harmless when repeated."""
    for leaf in OWN_LEAVES:
        certificate = trusted.own[leaf.label].certificate
        await record_issued(trusted.issuer(leaf.kind), certificate, None, certificate.not_valid_before_utc)


def opaque_label() -> str:
    """A random DNS label (100 bits) that says nothing of whom it names, such as for a citizen in a device's name."""
    return "".join(secrets.choice(_LABEL_LETTERS) for _ in range(_LABEL_LENGTH))
