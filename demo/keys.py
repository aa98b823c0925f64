"""Keys on P-256 and what is made with them: certificate requests, proofs of possession (DPoP), detached signatures."""

import base64
import hashlib
import json
import secrets
import time
from pathlib import Path
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import ECAlgorithm

_ES256 = ec.ECDSA(hashes.SHA256())
_COORDINATE_BYTES = 32


class Key:
    """A private key on P-256, as a phone, an officer's card or a terminal holds it."""

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        self.private = private
        self.jwk: dict[str, str] = dict(ECAlgorithm.to_jwk(private.public_key(), as_dict=True))

    @classmethod
    def new(cls) -> "Key":
        """Make a key."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def read(cls, pem: bytes) -> "Key":
        """Read a key from PEM."""
        private = load_pem_private_key(pem, None)
        if not isinstance(private, ec.EllipticCurvePrivateKey):
            raise TypeError("the key isn't one on an elliptic curve")
        return cls(private)

    @property
    def thumbprint(self) -> str:
        """The JWK thumbprint (RFC 7638) to which tokens are bound."""
        members = {name: self.jwk[name] for name in ("crv", "kty", "x", "y")}
        return b64url(hashlib.sha256(json.dumps(members, separators=(",", ":"), sort_keys=True).encode()).digest())

    def save(self, path: Path) -> None:
        """Write the private key as PEM, for its owner only."""
        path.touch(mode=0o600)
        path.write_bytes(self.pem())

    def pem(self) -> bytes:
        """The private key as PEM."""
        return self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def sign(self, data: bytes) -> bytes:
        """Sign with ES256: `r || s`, 64 bytes, as JWS and HTTP message signatures have it."""
        r, s = utils.decode_dss_signature(self.private.sign(data, _ES256))
        return r.to_bytes(_COORDINATE_BYTES, "big") + s.to_bytes(_COORDINATE_BYTES, "big")

    def certificate_request(self) -> str:
        """A PKCS #10 request (RFC 2986) that brings the key and proves its possession; the issuer decides the rest."""
        request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
        return request.sign(self.private, hashes.SHA256()).public_bytes(Encoding.PEM).decode()

    def proof(self, method: str, address: str, token: str | None = None, nonce: str | None = None) -> str:
        """A DPoP proof (RFC 9449) for one request; `address` is without query, `token` the access token beside it.

        `nonce` is what the server asked for, where it did.
        """
        claims: dict[str, Any] = {
            "htm": method,
            "htu": address,
            "iat": int(time.time()),
            "jti": secrets.token_urlsafe(16),
        }
        if token is not None:
            claims["ath"] = b64url(hashlib.sha256(token.encode()).digest())
        if nonce is not None:
            claims["nonce"] = nonce
        return jwt.encode(claims, self.private, "ES256", headers={"typ": "dpop+jwt", "jwk": self.jwk})

    def detached_jws(self, payload: bytes, chain: list[x509.Certificate]) -> str:
        """A detached JWS (RFC 7515, appendix F) over a payload, with the signer's certificates in `x5c`."""
        shown = [base64.b64encode(certificate.public_bytes(Encoding.DER)).decode() for certificate in chain]
        header = b64url(json.dumps({"alg": "ES256", "x5c": shown}, separators=(",", ":")).encode())
        return f"{header}..{b64url(self.sign(f'{header}.{b64url(payload)}'.encode()))}"


def b64url(data: bytes) -> str:
    """base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
