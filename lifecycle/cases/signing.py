"""What a citizen signs, and checking it: a detached JWS (RFC 7515, appendix F) over the canonical form, by a device key.

The canonical form is JSON with sorted keys and without white space (as RFC 8785 writes strings and whole numbers; forms hold no fractions). It
names its purpose and the case, so that it can't be taken for anything else, and every value of the form.
"""

import base64
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import msgspec

from app.kernel.nesting import refuse_deep
from app.keys.algorithms import verifying_key
from app.pki.verification import read_shown
from lifecycle.cases.errors import CaseSignatureWrong

PURPOSE: Final = "fuhai-case-signature"
ALGORITHM: Final = "ES256"
_PARTS: Final = 3


class ToSign(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything that a signature covers; `waived` names the materials that were left out, each with what made it unneeded."""

    case_id: UUID
    matter_code: str
    matter_version: int
    subject_id: UUID
    applicant_id: UUID
    form: Mapping[str, Any]
    waived: Mapping[str, str] = {}


class _Header(msgspec.Struct, frozen=True):
    """The protected header; `crit` would change its meaning, so its presence is refused."""

    alg: str
    x5c: tuple[str, ...]
    crit: Any = None
    b64: bool = True


class Detached(msgspec.Struct, frozen=True):
    """A detached signature, read: the signer's certificate (DER) and what its key signed."""

    certificate: bytes
    signature: bytes
    protected: str


def canonical(what: ToSign) -> bytes:
    """The bytes to sign: sorted keys at every level, no white space, UTF-8."""
    members = {"purpose": PURPOSE, **msgspec.to_builtins(what)}
    return msgspec.json.encode(members, order="sorted")


def read_detached(jws: str) -> Detached:
    """Read `header..signature`; refuses (`CaseSignatureWrong`) anything but ES256 with the signer's certificate in `x5c`."""
    parts = jws.split(".")
    if len(parts) != _PARTS or parts[1]:
        raise CaseSignatureWrong(flaw="not_detached")
    try:
        told = _decoded(parts[0])
        refuse_deep(told)
        header = msgspec.json.decode(told, type=_Header)
        certificate = base64.b64decode(header.x5c[0], validate=True)
        signature = _decoded(parts[2])
    except (IndexError, ValueError, RecursionError) as error:
        raise CaseSignatureWrong(flaw="malformed") from error
    if header.alg != ALGORITHM or header.crit is not None or not header.b64:
        raise CaseSignatureWrong(flaw="header")
    return Detached(certificate, signature, parts[0])


def signed_bytes(detached: Detached, payload: bytes) -> bytes:
    """The bytes that the signature is over (the JWS signing input, RFC 7515, 5.1)."""
    return f"{detached.protected}.{encoded(payload)}".encode()


def refuse_other_payload(detached: Detached, payload: bytes) -> None:
    """Refuse (`CaseSignatureWrong`) a signature that the certificate's key didn't make over exactly these bytes."""
    key = verifying_key(read_shown(detached.certificate).public_key())
    if not key.verifies(detached.signature, signed_bytes(detached, payload)):
        raise CaseSignatureWrong(flaw="signature")


def encoded(data: bytes) -> str:
    """base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    if "=" in text:
        raise ValueError("base64url in a JWS isn't padded")
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
