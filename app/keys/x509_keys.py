"""A provider's key in the shape in which `cryptography` builds certificates, CRLs and OCSP answers.

Its builders take any `EllipticCurvePrivateKey` and call `sign`; this one passes the call on, so that the private key stays
behind the provider (a file, or a PKCS#11 module) and never becomes an object that could be written out.
"""

from typing import TYPE_CHECKING, Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import load_der_public_key

from app.keys.algorithms import KeyUnfit, LocalKey, SigningKey, der_of_raw
from app.keys.provider import KeyProvider, signing_key

if TYPE_CHECKING:
    from typing_extensions import Buffer


class KeyStaysInside(TypeError):  # noqa: N818 - a refusal is named as a fact
    """A provider's private key was asked for itself, or for something that it doesn't do."""


class CertificateKey(ec.EllipticCurvePrivateKey):
    """A P-256 key of a provider that signs certificates; give it to a builder's `sign(key, SHA256())`."""

    def __init__(self, provider: KeyProvider, key_id: str) -> None:
        """Name one key of a provider; refuses (`KeyUnfit`) another kind than P-256."""
        public = load_der_public_key(provider.public_key(key_id).spki)
        if not isinstance(public, ec.EllipticCurvePublicKey) or not isinstance(public.curve, ec.SECP256R1):
            raise KeyUnfit(key_id)
        self._provider = provider
        self._key_id = key_id
        self._public = public

    @property
    def curve(self) -> ec.EllipticCurve:
        """P-256."""
        return self._public.curve

    @property
    def key_size(self) -> int:
        """Bits of the curve."""
        return self._public.key_size

    def public_key(self) -> ec.EllipticCurvePublicKey:
        """The public half."""
        return self._public

    def sign(self, data: "Buffer", signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        """Sign data or, with `Prehashed`, a digest; gives DER. Refuses (`KeyUnfit`) all but SHA-256."""
        algorithm = signature_algorithm.algorithm
        if isinstance(algorithm, Prehashed):
            return der_of_raw(self._provider.sign_digest(self._key_id, bytes(data)).value)
        if not isinstance(algorithm, hashes.SHA256):
            raise KeyUnfit(self._key_id)
        return der_of_raw(self._provider.sign(self._key_id, bytes(data)).value)

    def exchange(self, *_: object, **__: object) -> bytes:
        """Refuse: signing keys agree on no secrets."""
        raise KeyStaysInside

    def private_numbers(self) -> ec.EllipticCurvePrivateNumbers:
        """Refuse: the private key stays with its provider."""
        raise KeyStaysInside

    def private_bytes(self, *_: object, **__: object) -> bytes:
        """Refuse: the private key stays with its provider."""
        raise KeyStaysInside

    def __copy__(self) -> Self:
        """The same key."""
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        """The same key."""
        return self


def message_key(key: ec.EllipticCurvePrivateKey) -> SigningKey:
    """The same key for messages, whose signatures are `r || s`: a provider's gives them so, without the way through DER and back."""
    return signing_key(key._provider, key._key_id) if isinstance(key, CertificateKey) else LocalKey(key)  # noqa: SLF001 - of this file
