"""What is archived beside a signature so that it can be proved years later without us.

That is the certificates above the signer's, an OCSP answer of our responder at the time of signing, and a time-stamp (RFC 3161)
of our authority over the signature itself. It proves that the signature existed when its certificate was valid and not revoked.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec
from cryptography import x509

from app.kernel import clock
from app.kernel.errors import Refusal
from app.pki import ocsp, responding
from app.pki.archived_status import check_status
from app.pki.authorities import TIMESTAMPS, Authorities, authorities, der
from app.pki.errors import CertificateNotTrusted
from app.pki.profiles import Kind
from app.pki.responding import CACHED_SECONDS
from app.pki.revocation import standing
from app.pki.signed_data import NotGenuine, check_stamp
from app.pki.timestamps import stamp_over
from app.pki.verification import check_certificate


class Evidence(msgspec.Struct, frozen=True):
    """All of it in DER: the authority and the root above the signer, the OCSP answer, and the time-stamp token (CMS)."""

    chain: Sequence[bytes]
    status: bytes
    time_stamp: bytes


class Proved(msgspec.Struct, frozen=True):
    """What evidence proves: when the signature existed at the latest, and by which certificate that is stamped."""

    signed_by: datetime
    stamp_serial: str


class Signature(msgspec.Struct, frozen=True):
    """A signature that is to be proved: its bytes as they are stamped, and the signer's certificate with its kind."""

    value: bytes
    certificate: x509.Certificate
    kind: Kind


async def gather(signature: Signature) -> Evidence:
    """Ask our own responder and time-stamp authority about a signature that was just made.

    Refuses (`CertificateNotTrusted`) a certificate of somebody else's authority. About 1 ms.
    """
    trusted, now = authorities(), clock.now()
    issuer = trusted.issuer_of(signature.certificate)
    if issuer is None:
        raise CertificateNotTrusted
    status = await responding.answer_about(ocsp.asked_about(signature.certificate, issuer), now)
    return Evidence(
        chain=(der(issuer.certificate), der(trusted.root)),
        status=status,
        time_stamp=stamp_over(signature.value, trusted, now),
    )


class _Kept(msgspec.Struct, frozen=True):
    """An answer about a seal's certificate, when it was given, and by which certificate time was stamped then."""

    at: datetime
    status: bytes
    stamped_by: x509.Certificate


_kept: Final[dict[x509.Certificate, _Kept]] = {}


async def gather_for_seal(signature: Signature) -> Evidence:
    """Gather the same for a seal of our own that was made just now, and prove it.

    The answer about the seal's certificate is kept as long as any client may keep it (RFC 5019); until then only the signature
    and its stamp are new, made by the keys of certificates that were proved with it. Raises `NotGenuine`. About 0.2 ms.
    """
    trusted, now = authorities(), clock.now()
    kept, stamper = _kept.get(signature.certificate), trusted.own[TIMESTAMPS.label].certificate
    if kept is None or kept.stamped_by != stamper or not kept.at <= now < kept.at + timedelta(seconds=CACHED_SECONDS):
        evidence = await gather(signature)
        await prove(signature, evidence)
        _kept[signature.certificate] = _Kept(now, evidence.status, stamper)
        return evidence
    issuer = trusted.issuer_of(signature.certificate)
    chain = (*((der(issuer.certificate),) if issuer else ()), der(trusted.root))
    return Evidence(chain, kept.status, stamp_over(signature.value, trusted, now))


async def prove(signature: Signature, evidence: Evidence) -> Proved:
    """Do what `check` does, and look up that the time-stamp's certificate wasn't revoked by then."""
    proved = check(signature, evidence, authorities())
    record = await standing(proved.stamp_serial)
    if record is None:
        raise NotGenuine("certificate_unknown")
    if record.revoked_at is not None and record.revoked_at <= proved.signed_by:
        raise NotGenuine("certificate_revoked")
    return proved


def check(signature: Signature, evidence: Evidence, trusted: Authorities) -> Proved:
    """Check that evidence is about exactly this signature. Raises `NotGenuine` with the reason's code.

    The time-stamp must be our authority's over these very bytes; at its time the certificate must have been valid, and the
    OCSP answer must be about this certificate, signed by a responder of its authority, good, and of the same minutes.
    """
    stamp = check_stamp(evidence.time_stamp, signature.value, trusted)
    issuer = trusted.issuer_of(signature.certificate)
    try:
        check_certificate(signature.certificate, signature.kind, stamp.at, trusted)
    except Refusal as refusal:
        raise NotGenuine(refusal.code) from refusal
    if issuer is None:
        raise NotGenuine(CertificateNotTrusted.code)
    check_status(evidence.status, signature.certificate, issuer, stamp.at)
    return Proved(clock.local(stamp.at), stamp.signer.serial)
