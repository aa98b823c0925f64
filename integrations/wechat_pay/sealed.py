"""The encrypted part of a callback: AEAD_AES_256_GCM under the merchant's APIv3 key of 32 bytes."""

import base64
import binascii
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

ALGORITHM: Final = "AEAD_AES_256_GCM"
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12


class SealBroken(ValueError):  # noqa: N818 - a refusal is named as a fact
    """The ciphertext, its nonce or its associated data isn't what was encrypted."""


class Sealed(msgspec.Struct, frozen=True):
    """`resource` of a callback: base64 ciphertext that ends with the 16-byte tag."""

    algorithm: str
    ciphertext: str
    nonce: str
    associated_data: str = ""
    original_type: str = ""


def unseal(key: bytes, sealed: Sealed) -> bytes:
    """Decrypt. Refuses another algorithm, a nonce that isn't 12 bytes, and anything that was changed."""
    nonce = sealed.nonce.encode()
    if sealed.algorithm != ALGORITHM or len(nonce) != NONCE_BYTES:
        raise SealBroken
    try:
        ciphertext = base64.b64decode(sealed.ciphertext, validate=True)
        return AESGCM(key).decrypt(nonce, ciphertext, sealed.associated_data.encode())
    except (InvalidTag, binascii.Error, ValueError) as error:
        raise SealBroken from error


def seal(key: bytes, plaintext: bytes, nonce: str, associated_data: str = "transaction") -> Sealed:
    """Encrypt, as the platform does; the sandbox city's half."""
    ciphertext = AESGCM(key).encrypt(nonce.encode(), plaintext, associated_data.encode())
    return Sealed(
        algorithm=ALGORITHM,
        ciphertext=base64.b64encode(ciphertext).decode(),
        nonce=nonce,
        associated_data=associated_data,
        original_type=associated_data,
    )
