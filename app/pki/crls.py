"""Lists of revoked certificates (CRL, RFC 5280, section 5)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from app.pki.certificates import Signer

CRL_LIFE: Final = timedelta(days=1)
ROOT_CRL_LIFE: Final = timedelta(days=365)


class Revocation(msgspec.Struct, frozen=True):
    """One revoked certificate: its serial number, when, and why."""

    serial: int
    at: datetime
    reason: x509.ReasonFlags


def make_crl(issuer: Signer, revocations: Iterable[Revocation], at: datetime, life: timedelta = CRL_LIFE) -> bytes:
    """Make an authority's list of revoked certificates, as DER. Its number is the time in seconds, so it only grows."""
    known = issuer.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(at)
        .next_update(at + life)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(known), critical=False)
        .add_extension(x509.CRLNumber(int(at.timestamp())), critical=False)
    )
    for revocation in revocations:
        builder = builder.add_revoked_certificate(_entry(revocation))
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)


def next_update(crl: bytes) -> datetime:
    """When a list that we made is due to be replaced."""
    due = x509.load_der_x509_crl(crl).next_update_utc
    if due is None:
        raise ValueError("a CRL of ours names its next update")
    return due


def _entry(revocation: Revocation) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder().serial_number(revocation.serial).revocation_date(revocation.at)
    if revocation.reason is not x509.ReasonFlags.unspecified:
        builder = builder.add_extension(x509.CRLReason(revocation.reason), critical=False)
    return builder.build()
