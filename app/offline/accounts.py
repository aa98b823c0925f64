"""The account that a certificate names: its own id in our table, enciphered, so that it says nothing to anybody else.

One byte names the version of the master key, 16 bytes are one block of AES-256. An id is never the same twice, so neither is an account;
from one certificate to the next nothing tells a terminal that it saw the same card before.
"""

from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from app.keys.master import MasterKey, master_key

_PURPOSE: Final = "offline/account"
_VERSIONS: Final = 256


def account_of(certificate_id: UUID, master: MasterKey | None = None) -> bytes:
    """The account of a certificate: 17 bytes."""
    version, key = (master or master_key()).sealing(_PURPOSE)
    block = _cipher(key).encryptor()
    return bytes([version % _VERSIONS]) + block.update(certificate_id.bytes) + block.finalize()


def certificate_of(account: bytes, master: MasterKey | None = None) -> UUID | None:
    """The id of a certificate by its account; whether there is such a certificate isn't known by that."""
    keys = master or master_key()
    version = next((one for one in keys.versions if one % _VERSIONS == account[0]), None)
    key = keys.derived(_PURPOSE, version) if version is not None else None
    if key is None:
        return None
    block = _cipher(key).decryptor()
    return UUID(bytes=block.update(account[1:]) + block.finalize())


def _cipher(key: bytes) -> Cipher[ECB]:
    return Cipher(AES(key), ECB())  # noqa: S305 - one block that never repeats is what a block cipher is for
