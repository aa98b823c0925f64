"""The little of CBOR (RFC 8949) and COSE (RFC 9052) that codes need: deterministic, and read strictly.

A signature (COSE_Sign1, untagged, ES256) is an array of its protected header, an empty map, its payload and 64 bytes.
"""

from typing import Final, TypeVar

import cbor2
import msgspec

from app.keys.algorithms import SigningKey, VerifyingKey

T = TypeVar("T")
_ALGORITHM: Final = 1
_KEY_ID: Final = 4
_ES256: Final = -7
_SIGNATURE_BYTES: Final = 64
_PARTS: Final = 4


class CborWrong(ValueError):  # noqa: N818 - named as a fact
    """Bytes that aren't one value of deterministic CBOR in the expected shape."""


class Signed(msgspec.Struct, frozen=True):
    """A COSE_Sign1: what it says, and whose key it says it is by, if it says so."""

    payload: bytes
    key_id: bytes | None
    protected: bytes
    signature: bytes

    def parts(self) -> list[object]:
        """As it stands in CBOR."""
        return [self.protected, {}, self.payload, self.signature]

    def written(self) -> bytes:
        """The bytes of it alone."""
        return write(self.parts())

    def holds(self, key: VerifyingKey, beside: bytes = b"") -> bool:
        """Whether the key signed this, and with it what lies beside it (external_aad)."""
        return key.verifies(self.signature, _signed_bytes(self.protected, beside, self.payload))


def write(value: object) -> bytes:
    """Deterministic CBOR (RFC 8949, 4.2)."""
    return cbor2.dumps(value, canonical=True)


def read(data: bytes) -> object:
    """Read one value; refuses (`CborWrong`) whatever isn't written as `write` writes it.

    That is: longer forms, indefinite lengths, keys out of order or doubled, and bytes that follow.
    """
    try:
        value = cbor2.loads(data)
        same = write(value) == data
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise CborWrong from error
    if not same:
        raise CborWrong
    return value


def sign(payload: bytes, key: SigningKey, key_id: bytes | None = None, beside: bytes = b"") -> Signed:
    """Sign a payload, and with it what lies beside it."""
    protected = _protected(key_id)
    return Signed(payload, key_id, protected, key.sign(_signed_bytes(protected, beside, payload)))


def signed_in(value: object, *, names_key: bool) -> Signed:
    """A COSE_Sign1 that was read; `names_key` says whether it names its key. Refuses `CborWrong`."""
    if not isinstance(value, list) or len(value) != _PARTS:
        raise CborWrong
    protected, unprotected, payload, signature = value
    if not (isinstance(protected, bytes) and isinstance(payload, bytes) and isinstance(signature, bytes)):
        raise CborWrong
    if unprotected != {} or not isinstance(unprotected, dict) or len(signature) != _SIGNATURE_BYTES:
        raise CborWrong
    return Signed(payload, _key_id_in(protected, names_key=names_key), protected, signature)


def fields_of(payload: bytes, kind: type[T]) -> T:
    """The fields of a payload that is an array, as a struct that is written as one; refuses `CborWrong`."""
    try:
        return msgspec.convert(read(payload), kind)
    except msgspec.ValidationError as error:
        raise CborWrong from error


def _protected(key_id: bytes | None) -> bytes:
    return write({_ALGORITHM: _ES256} | ({} if key_id is None else {_KEY_ID: key_id}))


def _key_id_in(protected: bytes, *, names_key: bool) -> bytes | None:
    header = read(protected)
    key_id = header.get(_KEY_ID) if isinstance(header, dict) else None
    if isinstance(key_id, bytes) != names_key or protected != _protected(key_id):
        raise CborWrong
    return key_id


def _signed_bytes(protected: bytes, beside: bytes, payload: bytes) -> bytes:
    """The Sig_structure (RFC 9052, 4.4)."""
    return write(["Signature1", protected, beside, payload])
