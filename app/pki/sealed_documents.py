"""Checking a PDF that is said to be sealed by us.

Our documents are signed as a whole, in one revision. So the check needs no parser of PDF: the signed bytes are all bytes but
the signature's own, and if our seal signed them, they are what we made, to the last byte.
"""

import hashlib
import re
from datetime import datetime
from typing import Final

import msgspec

from app.kernel import clock
from app.pki.authorities import Authorities, authorities
from app.pki.revocation import standing
from app.pki.signed_data import NotGenuine, Signed, check_signed

_BYTE_RANGE: Final = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d{1,9})\s+(\d{1,9})\s+(\d{1,9})\s*\]")
_HEXADECIMAL: Final = re.compile(rb"<[0-9A-Fa-f]*>")
_REASON: Final = re.compile(rb"/Reason\s*\(((?:[A-Za-z0-9._-]|\\[0-7]{3}){1,64})\)")
_OCTAL: Final = re.compile(r"\\([0-7]{3})")


class SealedDocument(msgspec.Struct, frozen=True):
    """What a genuine document's seal says: its reference, when it was sealed, and under which certificates."""

    reference: str
    sealed_at: datetime
    seal_serial: str
    stamp_serial: str


class Parts(msgspec.Struct, frozen=True):
    """A signed PDF taken apart.

    What is signed, the CMS signature (padded with zeros, as PDF has it), and what follows it in its own dictionary.
    """

    signed: bytes
    signature: bytes
    dictionary: bytes


async def verify_document(pdf: bytes) -> SealedDocument:
    """Verify that a PDF is one that we sealed, unchanged, by certificates that weren't revoked by then.

    Raises `NotGenuine` with the reason's code.
    """
    found = check_document(pdf, authorities())
    for serial in (found.seal_serial, found.stamp_serial):
        record = await standing(serial)
        if record is None:
            raise NotGenuine("certificate_unknown")
        if record.revoked_at is not None and record.revoked_at <= found.sealed_at:
            raise NotGenuine("certificate_revoked")
    return found


def check_document(pdf: bytes, trusted: Authorities) -> SealedDocument:
    """Check everything that the file itself shows. Raises `NotGenuine` with the reason's code."""
    parts = take_apart(pdf)
    signed: Signed = check_signed(parts.signature, hashlib.sha256(parts.signed).digest(), trusted)
    return SealedDocument(
        reference=_reference(parts.dictionary),
        sealed_at=clock.local(signed.stamp.at),
        seal_serial=signed.signer.serial,
        stamp_serial=signed.stamp.signer.serial,
    )


def take_apart(pdf: bytes) -> Parts:
    """Separate a PDF's one signature from what it signs; refuses any byte that would belong to neither."""
    ranges = _BYTE_RANGE.findall(pdf)
    if not pdf.startswith(b"%PDF-") or not ranges:
        raise NotGenuine("not_signed")
    before, start, length = (int(number) for number in ranges[-1])
    gap = pdf[before:start]
    if start + length != len(pdf) or not _HEXADECIMAL.fullmatch(gap) or len(gap) % 2:
        raise NotGenuine("not_signed_as_a_whole")
    dictionary = pdf[start : pdf.find(b"endobj", start)]
    return Parts(pdf[:before] + pdf[start:], bytes.fromhex(gap[1:-1].decode()), dictionary)


def _reference(dictionary: bytes) -> str:
    """The reference that stands in the signature's dictionary (PDF's octal escapes undone)."""
    written = _REASON.search(dictionary)
    return _OCTAL.sub(lambda octal: chr(int(octal[1], 8)), written[1].decode()) if written else ""
