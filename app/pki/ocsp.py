"""Answers about one certificate's standing (OCSP, RFC 6960), signed by a responder that each authority delegates.

Its key lies with the authorities' own; its certificate is short-lived, and each process makes one anew before it ends.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp

from app.pki.authorities import Authorities
from app.pki.certificates import Issuer, Signer, make_responder, serial_text
from app.pki.requests import MALFORMED

ANSWER_LIFE: Final = timedelta(hours=1)
LARGEST_REQUEST: Final = 2_000
_LONGEST_NONCE: Final = 128
_RENEW_BEFORE: Final = timedelta(days=1)
_DIGESTS: Final[Mapping[str, hashes.HashAlgorithm]] = {
    digest.name: digest
    for digest in (hashes.SHA1(), hashes.SHA256(), hashes.SHA384(), hashes.SHA512())  # noqa: S303
}


class Malformed(ValueError):  # noqa: N818 - a refusal is named as a fact
    """The request can't be read, asks about several certificates, or carries an unfit nonce."""


class NotOurs(LookupError):  # noqa: N818 - a refusal is named as a fact
    """The request asks about a certificate of somebody else's authority."""


class Asked(msgspec.Struct, frozen=True):
    """What an OCSP request asks: one serial number of one authority, named by digests, and perhaps a nonce."""

    issuer: Issuer
    serial: int
    digest: hashes.HashAlgorithm
    name_hash: bytes
    key_hash: bytes
    nonce: bytes | None

    @property
    def serial_text(self) -> str:
        """The serial number as the table keeps it."""
        return serial_text(self.serial)


class Status(msgspec.Struct, frozen=True):
    """What is known of a certificate: whether it was issued, and whether and why it was revoked."""

    known: bool
    revoked_at: datetime | None = None
    reason: x509.ReasonFlags | None = None


def read_request(request: bytes, trusted: Authorities) -> Asked:
    """Read a DER request. Raises `Malformed`, or `NotOurs` if none of our authorities issued what it asks about.

    The library reads requests about one certificate only, so one about several counts as malformed.
    """
    if len(request) > LARGEST_REQUEST:
        raise Malformed
    try:
        asked = ocsp.load_der_ocsp_request(request)
        digest = _DIGESTS[asked.hash_algorithm.name]
        nonce = _nonce(asked.extensions)
    except (*MALFORMED, NotImplementedError, KeyError) as error:
        raise Malformed from error
    if asked.serial_number < 0:
        raise Malformed
    for issuer in trusted.all_issuers():
        if (asked.issuer_name_hash, asked.issuer_key_hash) == named_by(issuer, digest):
            return Asked(issuer, asked.serial_number, digest, asked.issuer_name_hash, asked.issuer_key_hash, nonce)
    raise NotOurs


def asked_about(certificate: x509.Certificate, issuer: Issuer) -> Asked:
    """The question that a request about a certificate of an authority would ask, without a nonce."""
    digest = hashes.SHA256()
    return Asked(issuer, certificate.serial_number, digest, *named_by(issuer, digest), nonce=None)


def make_answer(asked: Asked, status: Status, responder: Signer, at: datetime) -> bytes:
    """Sign what is known: good, revoked since when and why, or unknown where we issued no such certificate."""
    verdict = ocsp.OCSPCertStatus.GOOD if status.known else ocsp.OCSPCertStatus.UNKNOWN
    revoked_at = status.revoked_at if status.known else None
    builder = (
        ocsp.OCSPResponseBuilder()
        .add_response_by_hash(
            asked.name_hash,
            asked.key_hash,
            asked.serial,
            asked.digest,
            ocsp.OCSPCertStatus.REVOKED if revoked_at else verdict,
            at,
            at + ANSWER_LIFE,
            revoked_at,
            status.reason if revoked_at and status.reason is not x509.ReasonFlags.unspecified else None,
        )
        .responder_id(ocsp.OCSPResponderEncoding.HASH, responder.certificate)
        .certificates([responder.certificate])
    )
    if asked.nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(asked.nonce), critical=False)
    return builder.sign(responder.key, hashes.SHA256()).public_bytes(Encoding.DER)


def make_error(error: Malformed | NotOurs) -> bytes:
    """The unsigned answer to a request that can't be answered (RFC 6960, 2.3)."""
    malformed = isinstance(error, Malformed)
    status = ocsp.OCSPResponseStatus.MALFORMED_REQUEST if malformed else ocsp.OCSPResponseStatus.UNAUTHORIZED
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)


_responders: Final[dict[bytes, Signer]] = {}


def responder(issuer: Issuer, at: datetime) -> Signer:
    """The responder of an authority in this process, made on first use and before it ends."""
    authority = issuer.certificate.fingerprint(hashes.SHA256())
    present = _responders.get(authority)
    if present is None or not _lives(present.certificate, at):
        present = Signer(issuer.responding, make_responder(issuer, at))
        _responders[authority] = present
    return present


def _lives(certificate: x509.Certificate, at: datetime) -> bool:
    return certificate.not_valid_before_utc <= at < certificate.not_valid_after_utc - _RENEW_BEFORE


def _nonce(extensions: x509.Extensions) -> bytes | None:
    for extension in extensions:
        if isinstance(extension.value, x509.OCSPNonce):
            if not 1 <= len(extension.value.nonce) <= _LONGEST_NONCE:
                raise Malformed
            return extension.value.nonce
    return None


def named_by(issuer: Issuer, digest: hashes.HashAlgorithm) -> tuple[bytes, bytes]:
    """How a request names an authority: digests of its subject and of the bits of its key (RFC 6960, 4.1.1)."""
    certificate = issuer.certificate
    point = certificate.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    subject = certificate.subject.public_bytes()
    return hashlib.new(digest.name, subject).digest(), hashlib.new(digest.name, point).digest()
