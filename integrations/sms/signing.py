"""Signature v3 of Tencent Cloud (TC3-HMAC-SHA256), as pure functions.

Source: Tencent Cloud API documentation, "Signature v3". The canonical address is always `/` and the query empty for POST;
the signed headers are exactly `content-type` and `host`.
"""

import hashlib
import hmac
import re
from datetime import UTC, datetime
from typing import Final

import msgspec

ALGORITHM: Final = "TC3-HMAC-SHA256"
CONTENT_TYPE: Final = "application/json; charset=utf-8"
SIGNED_HEADERS: Final = "content-type;host"
_AUTHORIZATION: Final = re.compile(
    r"TC3-HMAC-SHA256 Credential=(?P<id>[^/,\s]+)/(?P<date>\d{4}-\d\d-\d\d)/(?P<service>[a-z]+)/tc3_request, ?"
    r"SignedHeaders=(?P<headers>[a-z0-9;-]+), ?Signature=(?P<signature>[0-9a-f]{64})"
)


class Credential(msgspec.Struct, frozen=True):
    """Who signs: the public id and the secret key."""

    secret_id: str
    secret_key: str

    def __repr__(self) -> str:
        """Show the id only."""
        return f"Credential({self.secret_id!r})"


class Message(msgspec.Struct, frozen=True):
    """What is signed: service and host called, seconds since 1970, body bytes."""

    service: str
    host: str
    timestamp: int
    body: bytes
    content_type: str = CONTENT_TYPE


class Claim(msgspec.Struct, frozen=True):
    """An `Authorization` header taken apart; nothing in it has been checked."""

    secret_id: str
    date: str
    service: str
    signed_headers: str
    signature: str


def string_to_sign(message: Message) -> str:
    """Give the text that the key signs: algorithm, time, scope, and the digest of the canonical request."""
    canonical = "\n".join(
        (
            "POST",
            "/",
            "",
            f"content-type:{message.content_type}\nhost:{message.host}\n",
            SIGNED_HEADERS,
            hashlib.sha256(message.body).hexdigest(),
        )
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return f"{ALGORITHM}\n{message.timestamp}\n{_scope(message)}\n{digest}"


def signature(secret_key: str, message: Message) -> str:
    """Sign a message: HMAC-SHA256 with a key derived for the day (UTC) and the service; 64 hexadecimal digits."""
    key = ("TC3" + secret_key).encode()
    for part in _scope(message).split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, string_to_sign(message).encode(), hashlib.sha256).hexdigest()


def authorization(credential: Credential, message: Message) -> str:
    """Write the `Authorization` header of a message."""
    return (
        f"{ALGORITHM} Credential={credential.secret_id}/{_scope(message)}, "
        f"SignedHeaders={SIGNED_HEADERS}, Signature={signature(credential.secret_key, message)}"
    )


def read_authorization(header: str) -> Claim | None:
    """Take an `Authorization` header apart; None where it isn't of this scheme."""
    found = _AUTHORIZATION.fullmatch(header)
    if found is None:
        return None
    return Claim(found["id"], found["date"], found["service"], found["headers"], found["signature"])


def _scope(message: Message) -> str:
    day = datetime.fromtimestamp(message.timestamp, UTC).strftime("%Y-%m-%d")
    return f"{day}/{message.service}/tc3_request"
