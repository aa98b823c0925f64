"""Signature algorithms by name, and the shape that any other suite must fit.

A key has exactly one algorithm; a message never chooses it. ES256 signatures are raw `r || s`, 64 bytes (RFC 9421, 3.3.4),
never DER. An SM2 suite or a PKCS#11 module fits in by giving the same two shapes.
"""

from typing import Final, Protocol

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

ES256: Final = "ecdsa-p256-sha256"
"""ECDSA on P-256 with SHA-256, as RFC 9421 names it."""
ED25519: Final = "ed25519"
"""Ed25519 (RFC 8032), as RFC 9421 names it."""

_HALF: Final = 32
_ECDSA: Final = ec.ECDSA(hashes.SHA256())


class KeyUnfit(ValueError):  # noqa: N818 - a refusal is named as a fact
    """A key of a kind or curve that no suite of ours takes."""


class SigningKey(Protocol):
    """A private key that can be used, wherever it is kept."""

    @property
    def algorithm(self) -> str:
        """The name of its one algorithm."""

    def sign(self, data: bytes) -> bytes:
        """Sign data (not a digest of it)."""


class VerifyingKey(Protocol):
    """A public key with its one algorithm."""

    @property
    def algorithm(self) -> str:
        """The name of its one algorithm."""

    def verifies(self, signature: bytes, data: bytes) -> bool:
        """Say whether the signature over data is this key's; never raises for a wrong one."""


class Es256Key(msgspec.Struct, frozen=True):
    """A P-256 public key."""

    public_key: ec.EllipticCurvePublicKey
    algorithm: str = ES256

    def verifies(self, signature: bytes, data: bytes) -> bool:
        """Check a raw 64-byte ES256 signature."""
        if len(signature) != 2 * _HALF:
            return False
        try:
            self.public_key.verify(der_of_raw(signature), data, _ECDSA)
        except InvalidSignature:
            return False
        return True


class Ed25519Key(msgspec.Struct, frozen=True):
    """An Ed25519 public key."""

    public_key: Ed25519PublicKey
    algorithm: str = ED25519

    def verifies(self, signature: bytes, data: bytes) -> bool:
        """Check a 64-byte Ed25519 signature."""
        try:
            self.public_key.verify(signature, data)
        except InvalidSignature:
            return False
        return True


class LocalKey(msgspec.Struct, frozen=True):
    """A private key held in this process's memory."""

    private_key: ec.EllipticCurvePrivateKey | Ed25519PrivateKey

    @property
    def algorithm(self) -> str:
        """ES256 or Ed25519, by the kind of key."""
        return ED25519 if isinstance(self.private_key, Ed25519PrivateKey) else ES256

    def sign(self, data: bytes) -> bytes:
        """Sign data; ES256 gives raw `r || s`."""
        if isinstance(self.private_key, Ed25519PrivateKey):
            return self.private_key.sign(data)
        return raw_of_der(self.private_key.sign(data, _ECDSA))


def verifying_key(public_key: object) -> VerifyingKey:
    """Take a public key of `cryptography`; refuses (`KeyUnfit`) all but P-256 and Ed25519."""
    if isinstance(public_key, Ed25519PublicKey):
        return Ed25519Key(public_key)
    if isinstance(public_key, ec.EllipticCurvePublicKey) and isinstance(public_key.curve, ec.SECP256R1):
        return Es256Key(public_key)
    message = f"no signature suite takes a {type(public_key).__name__}"
    raise KeyUnfit(message)


def der_of_raw(signature: bytes) -> bytes:
    """Turn raw `r || s` into the DER that X.509 and `cryptography` use."""
    return encode_dss_signature(int.from_bytes(signature[:_HALF]), int.from_bytes(signature[_HALF:]))


def raw_of_der(signature: bytes) -> bytes:
    """Turn a DER ECDSA signature on P-256 into raw `r || s`, 64 bytes."""
    r, s = decode_dss_signature(signature)
    return r.to_bytes(_HALF) + s.to_bytes(_HALF)
