"""Seals over bytes: the product's ES256 signature under a receipt, which anybody can check with openssl.

openssl x509 -in certificate.pem -pubkey -noout > key.pem
openssl dgst -sha256 -verify key.pem -signature signature.der receipt.json
openssl verify -CAfile root.pem -untrusted chain.pem certificate.pem
"""

from functools import lru_cache
from typing import Final

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import Certificate

from app.pki.authorities import RECEIPTS, authorities, pem

ALGORITHM: Final = "ES256"
_ECDSA: Final = ec.ECDSA(hashes.SHA256())


class Seal(msgspec.Struct, frozen=True):
    """A signature that names its algorithm, with the certificate and the authorities above it, root last.

    `signature` is ECDSA on P-256 with SHA-256 in DER; `certificate` and `chain` are PEM.
    """

    algorithm: str
    signature: bytes
    certificate: str
    chain: str


def seal_bytes(data: bytes) -> Seal:
    """Seal bytes with the receipts' seal; takes about 30 µs and may be called from any thread."""
    trusted = authorities()
    signer = trusted.own[RECEIPTS.label]
    certificate, chain = _written(signer.certificate, trusted.issuer(RECEIPTS.kind).certificate, trusted.root)
    return Seal(ALGORITHM, signer.key.sign(data, _ECDSA), certificate, chain)


@lru_cache(maxsize=4)
def _written(certificate: Certificate, *above: Certificate) -> tuple[str, str]:
    """A certificate and those above it as PEM, which costs more to write than a signature to make."""
    return pem(certificate).decode(), "".join(pem(one).decode() for one in above)
