"""What the disk allows, from `limits.toml`, and which bytes are what they say."""

from collections.abc import Collection
from pathlib import Path
from typing import Final

from app.kernel.limits import Limits

LIMITS: Final = Limits(Path(__file__).with_name("limits.toml"))

_SIGNATURES: Final[dict[str, tuple[tuple[int, bytes], ...]]] = {
    "image/jpeg": ((0, b"\xff\xd8\xff"),),
    "image/png": ((0, b"\x89PNG\r\n\x1a\n"),),
    "image/gif": ((0, b"GIF87a"), (0, b"GIF89a")),
    "image/webp": ((8, b"WEBP"),),
    "image/heic": ((4, b"ftypheic"), (4, b"ftypheix"), (4, b"ftypmif1")),
    "application/pdf": ((0, b"%PDF-"),),
    "application/zip": ((0, b"PK\x03\x04"), (0, b"PK\x05\x06")),
    "video/mp4": ((4, b"ftyp"),),
}
FIRST_BYTES: Final = 16
"""How many leading bytes tell a type."""


def is_what_it_says(content_type: str, first_bytes: bytes) -> bool:
    """Say whether a file's first bytes fit its announced type; a type without a known signature is believed."""
    known = _SIGNATURES.get(content_type)
    return known is None or any(first_bytes[at : at + len(mark)] == mark for at, mark in known)


def has_signature(content_type: str) -> bool:
    """Say whether a type can be told by its first bytes."""
    return content_type in _SIGNATURES


def type_of(first_bytes: bytes, among: Collection[str]) -> str | None:
    """The type that a file's first bytes tell, if it is one of some types that can be told so."""
    told = (one for one in among if has_signature(one) and is_what_it_says(one, first_bytes))
    return next(told, None)
