"""What is kept of a signature so that it can be proved later without us: the bytes signed, the signature, and evidence.

A device's signature is the applicant's own. A form that was confirmed by a code is sealed by the city: what the seal signs is a
statement that says who confirmed what, and when.
"""

import hashlib
from collections.abc import Mapping
from typing import Final
from uuid import UUID

import msgspec
from cryptography import x509

from app.kernel import clock
from app.keys.algorithms import der_of_raw
from app.pki.authorities import der
from app.pki.evidence import Evidence, Signature, gather, gather_for_seal, prove
from app.pki.profiles import Kind
from app.pki.seals import ALGORITHM, seal_bytes
from app.pki.signed_data import NotGenuine
from app.pki.verification import read_shown
from lifecycle.cases import signing
from lifecycle.cases.errors import ProofNotMade
from lifecycle.cases.signing import Detached

CONFIRMED: Final = "fuhai-case-confirmation"


class Archived(msgspec.Struct, frozen=True):
    """One signature with everything that proves it: ECDSA in DER over `signed`, by the key of `certificate` (DER)."""

    algorithm: str
    kind: Kind
    signed: bytes
    signature: bytes
    certificate: bytes
    evidence: Evidence

    def claim(self) -> Signature:
        """The signature as evidence is checked for it."""
        return Signature(self.signature, x509.load_der_x509_certificate(self.certificate), self.kind)


async def archive_device(detached: Detached, payload: bytes) -> Archived:
    """Gather what proves a device's signature over a payload. Refuses `ProofNotMade`."""
    signed = signing.signed_bytes(detached, payload)
    certificate = read_shown(detached.certificate)
    return await _archived(Kind.DEVICE, signed, der_of_raw(detached.signature), certificate)


async def archive_confirmation(applicant_id: UUID, about: Mapping[str, object], payload: bytes) -> Archived:
    """Seal the statement that somebody confirmed a payload just now, and gather what proves it; `about` names the case or bundle.

    Refuses `ProofNotMade`.
    """
    said = {
        "purpose": CONFIRMED,
        **about,
        "applicant_id": applicant_id,
        "confirmed_at": clock.now(),
        "form_sha256": hashlib.sha256(payload).hexdigest(),
    }
    signed = msgspec.json.encode(said, order="sorted")
    seal = seal_bytes(signed)
    return await _archived(Kind.SEAL, signed, seal.signature, read_shown(seal.certificate))


async def _archived(kind: Kind, signed: bytes, signature: bytes, certificate: x509.Certificate) -> Archived:
    claim = Signature(signature, certificate, kind)
    try:
        # What couldn't be proved later isn't taken now.
        evidence = await (gather_for_seal(claim) if kind is Kind.SEAL else _proved(claim))
    except NotGenuine as reason:
        raise ProofNotMade(reason=str(reason)) from reason
    return Archived(ALGORITHM, kind, signed, signature, der(certificate), evidence)


async def _proved(claim: Signature) -> Evidence:
    evidence = await gather(claim)
    await prove(claim, evidence)
    return evidence
