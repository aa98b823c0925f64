"""Refresh tokens: opaque texts that name their session and prove that we made them.

`session id (16 bytes) ‖ generation (4) ‖ random (16) ‖ keyed MAC (16)` in base64url. The MAC lets a made-up token be told
from one that was used before: only the latter ends a session. The table holds nothing but a keyed hash.
"""

import base64
import binascii
import hmac
import secrets
import struct
from typing import Final
from uuid import UUID

import msgspec

from app.identity.errors import RefreshTokenWrong
from app.keys.fields import blind_index

_BODY: Final = struct.Struct(">16sI16s")
_MAC_BYTES: Final = 16
_LENGTH: Final = _BODY.size + _MAC_BYTES


class RefreshToken(msgspec.Struct, frozen=True):
    """A refresh token that we made: its session, and how many came before it."""

    text: str
    session_id: UUID
    generation: int

    def __repr__(self) -> str:
        """Show nothing, because what is printed ends in a log."""
        return "RefreshToken(…)"


def make(session_id: UUID, generation: int) -> RefreshToken:
    """Make the token of a generation of a session."""
    body = _BODY.pack(session_id.bytes, generation, secrets.token_bytes(16))
    text = base64.urlsafe_b64encode(body + _mac(body)).rstrip(b"=").decode()
    return RefreshToken(text, session_id, generation)


def read(text: str) -> RefreshToken:
    """Read a token; refuses (`RefreshTokenWrong`) what we didn't make."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise RefreshTokenWrong from error
    body, mac = raw[: _BODY.size], raw[_BODY.size :]
    if len(raw) != _LENGTH or not hmac.compare_digest(mac, _mac(body)):
        raise RefreshTokenWrong
    session_id, generation, _ = _BODY.unpack(body)
    return RefreshToken(text, UUID(bytes=session_id), generation)


def hashed(text: str) -> bytes:
    """What the table holds of a token."""
    return blind_index("refresh-token", text)


def _mac(body: bytes) -> bytes:
    return blind_index("refresh-token-mac", body.hex())[:_MAC_BYTES]
