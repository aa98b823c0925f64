"""Answering OCSP requests (RFC 6960) from the table of certificates, and how long an answer may be kept (RFC 5019)."""

import base64
import binascii
import hashlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Final
from urllib.parse import unquote_to_bytes

import msgspec

from app.kernel import clock
from app.pki import ocsp
from app.pki.authorities import authorities
from app.pki.revocation import standing

CACHED_SECONDS: Final = 30
"""What was revoked is refused within a minute, so no cache keeps a good answer for longer than half of that."""


class Answered(msgspec.Struct, frozen=True):
    """An answer (DER), since when it holds, and whether others who ask the same may be given it."""

    der: bytes
    at: datetime
    shareable: bool

    def cache_headers(self) -> dict[str, str]:
        """Headers of the lightweight profile (RFC 5019, 6.2), so that caches between us and clients answer."""
        if not self.shareable:
            return {}
        ends = self.at + timedelta(seconds=CACHED_SECONDS)
        return {
            "Cache-Control": f"public, max-age={CACHED_SECONDS}, no-transform, must-revalidate",
            "Last-Modified": format_datetime(self.at.astimezone(UTC), usegmt=True),
            "Expires": format_datetime(ends.astimezone(UTC), usegmt=True),
            "ETag": f'"{hashlib.sha256(self.der).hexdigest()[:32]}"',
        }


async def answer(request: bytes) -> Answered:
    """Answer a DER request; one that can't be answered gets an unsigned answer that says why."""
    trusted, now = authorities(), clock.now()
    try:
        asked = ocsp.read_request(request, trusted)
    except (ocsp.Malformed, ocsp.NotOurs) as error:
        return Answered(ocsp.make_error(error), now, shareable=False)
    made = await answer_about(asked, now)
    return Answered(made, now, shareable=asked.nonce is None)


async def answer_about(asked: ocsp.Asked, at: datetime) -> bytes:
    """Sign what the table says of one certificate at present."""
    record = await standing(asked.serial_text)
    if record is None or record.authority != asked.issuer.name:
        status = ocsp.Status(known=False)
    else:
        status = ocsp.Status(known=True, revoked_at=record.revoked_at, reason=record.reason)
    return ocsp.make_answer(asked, status, ocsp.responder(asked.issuer, at), at)


def request_in(raw_path: bytes) -> bytes:
    """The request that an address ends in: base64 of DER, percent-encoded where the client chose to (RFC 6960, A.1).

    The raw path is read, since base64 may hold `/` and `//`. What isn't base64 gives no bytes, which no request is.
    """
    encoded = unquote_to_bytes(raw_path.partition(b"?")[0].partition(b"/pki/ocsp/")[2])
    try:
        return base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return b""
