"""The seal and the time-stamps of the sealed log's checkpoints."""

import hashlib
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.kernel import clock
from app.pki.authorities import SEALED_LOG, authorities, pem
from app.pki.certificates import Signer
from app.pki.timestamps import make_imprint, make_token

_ECDSA: Final = ec.ECDSA(hashes.SHA256())


class CheckpointSeal:
    """Signs checkpoints with the log's own key, and has them stamped by our time-stamp authority."""

    @property
    def origin(self) -> str:
        """The log's name: the DNS name in its certificate, which no other certificate below our root has."""
        issuer = authorities().issuer(SEALED_LOG.kind)
        return issuer.profile.name(SEALED_LOG.label, issuer.place.domain)

    @property
    def public_key(self) -> bytes:
        """The log's public key (DER, SubjectPublicKeyInfo)."""
        return self._signer.certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    @property
    def certificate(self) -> str:
        """The log's certificate, PEM."""
        return pem(self._signer.certificate).decode()

    @property
    def chain(self) -> str:
        """The seals' authority and the root, PEM."""
        trusted = authorities()
        above = (trusted.issuer(SEALED_LOG.kind).certificate, trusted.root)
        return "".join(pem(certificate).decode() for certificate in above)

    def sign(self, text: bytes) -> bytes:
        """Sign a checkpoint's text, DER."""
        return self._signer.key.sign(text, _ECDSA)

    def stamp(self, text: bytes) -> bytes:
        """A time-stamp token over the text's SHA-256, with its certificates, DER."""
        imprint = make_imprint("sha256", hashlib.sha256(text).digest())
        return make_token(imprint, authorities(), clock.now(), nonce=None)

    @property
    def _signer(self) -> Signer:
        return authorities().own[SEALED_LOG.label]
