"""Checking a seal as anybody would who was shown a receipt."""

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec


def seal_holds(certificate_pem: str, signature: bytes, payload: bytes) -> bool:
    """Whether a signature (ECDSA on P-256, SHA-256, DER) over bytes is the certificate's."""
    key = x509.load_pem_x509_certificate(certificate_pem.encode()).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    try:
        key.verify(signature, payload, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
