"""What crosses the wire when something that was shown is verified."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from app.kernel.structs import Body, Code, ShortLine, View
from app.kernel.words import Words

LARGEST_DOCUMENT_BYTES = 700_000

_BASE64_CHARACTERS = -(-LARGEST_DOCUMENT_BYTES // 3) * 4
_SHOWN_AS = {
    "description": "A PDF, base64; at most 700,000 bytes.",
    "maxLength": _BASE64_CHARACTERS,
    "contentMediaType": "application/pdf",
}

DocumentBytes = Annotated[bytes, Meta(min_length=1, max_length=LARGEST_DOCUMENT_BYTES, extra_json_schema=_SHOWN_AS)]


Presentation = Annotated[
    str,
    Meta(
        max_length=20_000,
        pattern=r"\A[A-Za-z0-9_.~-]+\Z",
        description="A credential with what it discloses (SD-JWT, RFC 9901): `<JWT>~<disclosure>~…~`.",
    ),
]


class Shown(Body, frozen=True):
    """What somebody shows: the code under a QR code, a sealed PDF, or a presentation. One of the three.

    `audience` says, beside a presentation, who is shown it: one that was made for somebody else doesn't hold.
    """

    code: Code | None = None
    document: DocumentBytes | None = None
    presentation: Presentation | None = None
    audience: ShortLine | None = None


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
    """What the seal of a PDF or presentation shows: that it is ours and unchanged, when it was made, and under which certificate."""

    genuine: bool
    reason: str | None
    reference: str | None
    sealed_at: datetime | None
    certificate_serial: str | None


class Verification(View, frozen=True):
    """The answer: it holds only if every part that was looked at does.

    `seal` is there for a PDF and a presentation, `finding` for a code (also the one that stands in a PDF's seal) and a presentation.
    """

    holds: bool
    said: Words
    seal: SealFinding | None
    finding: Finding | None


def seal_refused(reason: str) -> SealFinding:
    """A seal that isn't genuine, and why."""
    return SealFinding(genuine=False, reason=reason, reference=None, sealed_at=None, certificate_serial=None)
