"""The code that an app shows without asking anybody: the issuer's certificate of a device, and a token that the device signs.

`FH1:` and base45 of a CBOR array of two COSE_Sign1. The certificate names an account that says nothing of its owner, and the
device's key; the token, signed together with the certificate, a time and a nonce. A terminal checks both by the issuer's key alone.
Another implementation can check itself by docs/offline-codes.md and docs/vectors/offline-codes.json.
"""

import hashlib
from functools import lru_cache
from typing import Annotated, Final
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from msgspec import Meta

from app.keys.algorithms import Es256Key, SigningKey, verifying_key
from app.offline import base45, cose
from app.offline.cose import CborWrong, Signed

PREFIX: Final = "FH1:"
LONGEST: Final = 400
KID_BYTES: Final = 4
_NAME_BYTES: Final = 8
_MINUTE: Final = 60
Seconds = Annotated[int, Meta(ge=0, lt=2**32)]
Fen = Annotated[int, Meta(ge=0, lt=2**32)]
_SHARD_BITS: Final = 12
_VERSION_8: Final = 0x8000


class CodeMalformed(ValueError):  # noqa: N818 - named as a fact
    """A text that isn't a code of this form."""


class Certificate(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What the issuer says of an account for a day. Times are seconds since 1970, amounts fen; `device_key` is a compressed point."""

    account: Annotated[bytes, Meta(min_length=17, max_length=17)]
    device_key: Annotated[bytes, Meta(min_length=33, max_length=33)]
    not_before: Seconds
    valid_minutes: Annotated[int, Meta(ge=1, le=24 * 60)]
    payment_max_fen: Fen
    sum_max_fen: Fen

    @property
    def not_after(self) -> int:
        """From when on it isn't valid, in seconds since 1970."""
        return self.not_before + self.valid_minutes * _MINUTE

    @property
    def listed_as(self) -> str:
        """How the list of what doesn't pay names the account."""
        return listed_as(self.account)


class Token(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What the device says, for one payment."""

    at: Seconds
    nonce: Annotated[bytes, Meta(min_length=8, max_length=8)]


class Shown(msgspec.Struct, frozen=True):
    """A code that was read; nothing of it is believed until `verified`."""

    certificate: Certificate
    issued: Signed
    token: Token
    signed: Signed

    @property
    def kid(self) -> str:
        """Which key of the issuer's it names, in hexadecimal."""
        return (self.issued.key_id or b"").hex()

    def is_issued_by(self, public_key: str) -> bool:
        """Whether the issuer's key (PEM) signed the certificate."""
        return _is_issued(public_key, self.issued)

    def is_of_device(self) -> bool:
        """Whether the device that the certificate names signed the token, for this certificate."""
        try:
            key = Es256Key(ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), self.certificate.device_key))
        except ValueError:
            return False
        return self.signed.holds(key, self.issued.written())

    def code_id(self, shard: int) -> UUID:
        """The id under which this code is spent, in its card's shard."""
        digest = int.from_bytes(hashlib.sha256(self.certificate.account + self.token.nonce).digest()[:16])
        high = (digest >> 64) & ~0xF000 | _VERSION_8
        low = 0b10 << 62 | digest & ((1 << 62) - 1) & ~((1 << _SHARD_BITS) - 1) | shard
        return UUID(int=high << 64 | low)


def write_certificate(certificate: Certificate, key: SigningKey, kid: bytes) -> bytes:
    """Issue a certificate: the bytes that the device puts into its codes."""
    return cose.sign(cose.write(list(msgspec.structs.astuple(certificate))), key, kid).written()


def write_code(certificate: bytes, key: SigningKey, at: int, nonce: bytes) -> str:
    """What a device shows: its certificate, and a token of it by its own key."""
    signed = cose.sign(cose.write([at, nonce]), key, beside=certificate)
    return PREFIX + base45.encode(cose.write([cose.read(certificate), signed.parts()]))


def read_code(text: str) -> Shown:
    """Take a code apart, strictly; refuses (`CodeMalformed`) all that isn't exactly of its form. No signature is judged here."""
    if not text.startswith(PREFIX) or len(text) > LONGEST:
        raise CodeMalformed
    try:
        both = cose.read(base45.decode(text.removeprefix(PREFIX)))
        if not isinstance(both, list) or len(both) != len(("certificate", "token")):
            raise CodeMalformed
        issued, signed = cose.signed_in(both[0], names_key=True), cose.signed_in(both[1], names_key=False)
        certificate, token = cose.fields_of(issued.payload, Certificate), cose.fields_of(signed.payload, Token)
    except (CborWrong, base45.Base45Wrong) as error:
        raise CodeMalformed from error
    if len(issued.key_id or b"") != KID_BYTES:
        raise CodeMalformed
    return Shown(certificate, issued, token, signed)


def listed_as(account: bytes) -> str:
    """How the list of what doesn't pay names an account: the first 8 bytes of its SHA-256, in hexadecimal."""
    return hashlib.sha256(account).digest()[:_NAME_BYTES].hex()


def kid_of(public_key: ec.EllipticCurvePublicKey) -> bytes:
    """How certificates name an issuer's key: the first 4 bytes of the SHA-256 of its SubjectPublicKeyInfo."""
    return hashlib.sha256(public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()[:KID_BYTES]


@lru_cache(maxsize=4_096)
def _is_issued(public_key: str, issued: Signed) -> bool:
    """A certificate serves for a day's codes, so what was found of it is remembered."""
    return issued.holds(verifying_key(load_pem_public_key(public_key.encode())))
