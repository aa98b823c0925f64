"""Reading certificate signing requests: they bring a key and prove its possession, and nothing else of them counts."""

import re
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from app.pki.errors import AuthorityRequested, CsrUnreadable, KeyNotAllowed, PossessionNotProved

LONGEST_CSR: Final = 8_000
_ONE_PEM: Final = re.compile(
    r"-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----[^-]+-----END (?:NEW )?CERTIFICATE REQUEST-----"
)
MALFORMED: Final = (
    ValueError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""Everything that `cryptography` raises over bytes that aren't well-formed."""
_DIGESTS: Final = (hashes.SHA256, hashes.SHA384, hashes.SHA512)


def proved_key(csr_pem: str) -> ec.EllipticCurvePublicKey:
    """Give the key that a PKCS #10 request (RFC 2986) brings, once its possession is proved.

    Refuses what isn't one PEM request (`CsrUnreadable`), keys off P-256 (`KeyNotAllowed`), a signature by another key or
    over a weaker digest than SHA-256 (`PossessionNotProved`), and the wish to be an authority (`AuthorityRequested`).
    Subject, names and all other extensions are ignored.
    """
    csr = _read(csr_pem)
    key = _p256(csr)
    if not isinstance(_digest(csr), _DIGESTS) or not csr.is_signature_valid:
        raise PossessionNotProved
    if _wants_authority(csr):
        raise AuthorityRequested
    return key


def _read(csr_pem: str) -> x509.CertificateSigningRequest:
    if len(csr_pem) > LONGEST_CSR or not _ONE_PEM.fullmatch(csr_pem.strip()):
        raise CsrUnreadable
    try:
        return x509.load_pem_x509_csr(csr_pem.encode())
    except MALFORMED as error:
        raise CsrUnreadable from error


def _p256(csr: x509.CertificateSigningRequest) -> ec.EllipticCurvePublicKey:
    try:
        key = csr.public_key()
    except MALFORMED as error:
        raise KeyNotAllowed from error
    return require_p256(key)


def require_p256(key: object) -> ec.EllipticCurvePublicKey:
    """Give the key back if it is on P-256; refuse any other (`KeyNotAllowed`)."""
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise KeyNotAllowed
    return key


def _digest(csr: x509.CertificateSigningRequest) -> hashes.HashAlgorithm | None:
    try:
        return csr.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return None


def _wants_authority(csr: x509.CertificateSigningRequest) -> bool:
    try:
        asked = [extension.value for extension in csr.extensions]
    except MALFORMED as error:
        raise CsrUnreadable from error
    return any(
        (isinstance(value, x509.BasicConstraints) and value.ca)
        or (isinstance(value, x509.KeyUsage) and value.key_cert_sign)
        for value in asked
    )
