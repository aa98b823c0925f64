"""Nonces that a DPoP proof must carry where money moves (RFC 9449, section 9): a proof made beforehand is worth nothing.

A nonce is a minute's number and a keyed MAC over it and the key's thumbprint, so that nothing is stored, any worker knows the
nonce of another, and the nonce of one key doesn't serve another.
"""

import base64
import hmac
from typing import Final

from app.kernel import clock
from app.keys.fields import blind_index

LIVES_SECONDS: Final = 60
"""A nonce is taken during its own minute and the next one."""
_PURPOSE: Final = "dpop-nonce"
_MAC_BYTES: Final = 16


def nonce_of(jkt: str) -> str:
    """The nonce of the present minute for a key, by its thumbprint."""
    return _written(jkt, _minute())


def is_fresh(jkt: str, nonce: str | None) -> bool:
    """Whether a nonce is the key's of this minute or the one before."""
    if nonce is None or not nonce.isascii():
        return False
    return any(hmac.compare_digest(_written(jkt, _minute() - back), nonce) for back in (0, 1))


def _minute() -> int:
    return clock.epoch_seconds() // LIVES_SECONDS


def _written(jkt: str, minute: int) -> str:
    mac = blind_index(_PURPOSE, f"{minute} {jkt}")[:_MAC_BYTES]
    return f"{minute:x}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
