"""AES-256-GCM for values at rest.

A sealed value is `algorithm (1 byte) ‖ key version (4) ‖ nonce (12) ‖ ciphertext and tag`. The header and the value's place
are authenticated, so a value that was moved to another row, column or table, or relabelled, doesn't open. The algorithm's
byte leaves room for SM4-GCM beside it. About 2 µs each way.
"""

import os
import struct
from collections.abc import Callable
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

AES_256_GCM: Final = 1
"""The algorithm's number in the first byte of a sealed value."""
KEY_BYTES: Final = 32

_HEADER: Final = struct.Struct(">BI")
_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16


class SealBroken(ValueError):  # noqa: N818 - a refusal is named as a fact
    """A sealed value was changed, moved, or sealed under another key."""


def new_key() -> bytes:
    """Make a random 32-byte key."""
    return os.urandom(KEY_BYTES)


def seal(key: bytes, version: int, place: bytes, value: bytes) -> bytes:
    """Seal a value for one place under a key of a version."""
    header = _HEADER.pack(AES_256_GCM, version)
    nonce = os.urandom(_NONCE_BYTES)
    return header + nonce + AESGCM(key).encrypt(nonce, value, header + place)


def unseal(key_of: Callable[[int], bytes | AESGCM | None], place: bytes, sealed: bytes) -> bytes:
    """Open a sealed value in its place; `key_of` finds the key of a version. Refuses (`SealBroken`) all that isn't whole.

    A key that opens value after value comes as a cipher that was made once: that takes as long as opening one.
    """
    if len(sealed) < _HEADER.size + _NONCE_BYTES + _TAG_BYTES:
        raise SealBroken
    header, rest = sealed[: _HEADER.size], sealed[_HEADER.size :]
    algorithm, version = _HEADER.unpack(header)
    key = key_of(version)
    if algorithm != AES_256_GCM or key is None:
        raise SealBroken
    cipher = AESGCM(key) if isinstance(key, bytes) else key
    try:
        return cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], header + place)
    except InvalidTag:
        raise SealBroken from None


def header_of(version: int) -> bytes:
    """The five bytes with which everything sealed under a version begins."""
    return _HEADER.pack(AES_256_GCM, version)


def version_of(sealed: bytes) -> int:
    """Say under which version of its key a value is sealed, so that rotation finds what is left to do."""
    if len(sealed) < _HEADER.size:
        raise SealBroken
    return int(_HEADER.unpack_from(sealed)[1])
