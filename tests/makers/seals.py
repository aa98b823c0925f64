"""The city's seals, and how a program of others checks what they sealed."""

import base64
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from jwcrypto.jwk import JWK

from app.pki.authorities import authorities
from app.pki.enrolment import record_own
from tests.makers.callers import the_authorities_of_the_product


async def the_seals() -> None:
    """Have the product's seals set up and recorded."""
    the_authorities_of_the_product()
    await record_own(authorities())


def key_in(_issuer: str, header: dict[str, Any]) -> JWK:
    """The key of a credential's certificate, whose chain leads to the city's root: what a program of others takes it for."""
    leaf, above = (x509.load_der_x509_certificate(base64.b64decode(one)) for one in header["x5c"])
    leaf.verify_directly_issued_by(above)
    above.verify_directly_issued_by(authorities().root)
    return JWK.from_pyca(leaf.public_key())


def seal_holds(certificate_pem: str, signature: bytes, payload: bytes) -> bool:
    """Whether a signature (ECDSA on P-256, SHA-256, DER) over bytes is the certificate's."""
    key = x509.load_pem_x509_certificate(certificate_pem.encode()).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    try:
        key.verify(signature, payload, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
