"""What crosses the wire when something that was shown is verified."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from app.kernel.structs import Body, Code, View
from app.kernel.words import Words

LARGEST_DOCUMENT_BYTES = 700_000

_BASE64_CHARACTERS = -(-LARGEST_DOCUMENT_BYTES // 3) * 4
_SHOWN_AS = {
    "description": "A PDF, base64; at most 700,000 bytes.",
    "maxLength": _BASE64_CHARACTERS,
    "contentMediaType": "application/pdf",
}

DocumentBytes = Annotated[bytes, Meta(min_length=1, max_length=LARGEST_DOCUMENT_BYTES, extra_json_schema=_SHOWN_AS)]


class Shown(Body, frozen=True):
    """What somebody shows: the code under a QR code, or a sealed PDF. One of the two."""

    code: Code | None = None
    document: DocumentBytes | None = None


class ShownFact(View, frozen=True):
    """One thing that a verifier may tell anyone."""

    name: Words
    value: str


class Finding(View, frozen=True):
    """What a verifier found about a code: whether it is genuine and holds now, in words, with facts that anyone may know."""

    kind: str
    holds: bool
    said: Words
    facts: tuple[ShownFact, ...]


class SealFinding(View, frozen=True):
    """What a PDF's seal shows: that it is ours and unchanged, when it was sealed, and under which certificate."""

    genuine: bool
    reason: str | None
    reference: str | None
    sealed_at: datetime | None
    certificate_serial: str | None


class Verification(View, frozen=True):
    """The answer: it holds only if every part that was looked at does.

    `seal` is there for a PDF, `finding` for a code (also the one that stands in a PDF's seal).
    """

    holds: bool
    said: Words
    seal: SealFinding | None
    finding: Finding | None


def seal_refused(reason: str) -> SealFinding:
    """A seal that isn't genuine, and why."""
    return SealFinding(genuine=False, reason=reason, reference=None, sealed_at=None, certificate_serial=None)
