r"""Bases and text types of what crosses the wire.

`Body` (requests) refuses unknown fields; `View` (answers) has no defaults. Patterns are anchored with `\A` and `\Z`, since
msgspec searches and `$` would let a trailing newline through. No text type takes NUL or other control characters.
"""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of every request body."""


class View(msgspec.Struct, frozen=True):
    """Base of every answer."""


LINE = r"\A[^\x00-\x1f\x7f]*\Z"
TEXT = r"\A[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*\Z"

Line = Annotated[str, Meta(min_length=1, max_length=200, pattern=LINE, description="One line of text.")]
ShortLine = Annotated[str, Meta(min_length=1, max_length=60, pattern=LINE, description="One short line of text.")]
Text = Annotated[str, Meta(max_length=4000, pattern=TEXT, description="Text of several lines.")]
Instant = Annotated[datetime, Meta(tz=True, description="An instant with its offset (RFC 3339).")]
PersonName = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=50,
        pattern=r"\A[^\x00-\x1f\x7f<>&]+\Z",
        description="A person's name as in the register.",
    ),
]
Code = Annotated[
    str, Meta(min_length=1, max_length=64, pattern=r"\A[A-Za-z0-9][A-Za-z0-9._-]*\Z", description="A code.")
]
Slug = Annotated[
    str, Meta(min_length=1, max_length=64, pattern=r"\A[a-z][a-z0-9_]*\Z", description="A name in snake_case.")
]
Phone = Annotated[str, Meta(pattern=r"\A1[3-9][0-9]{9}\Z", description="A mainland mobile number, 11 digits.")]
IdNumber = Annotated[
    str,
    Meta(
        pattern=r"\A[0-9]{17}[0-9Xx]\Z", description="Citizen identity number (公民身份号码, GB 11643), 18 characters."
    ),
]
Sha256 = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z", description="SHA-256, hexadecimal.")]
PemText = Annotated[str, Meta(max_length=8000, pattern=r"\A[\x20-\x7e\r\n]+\Z", description="PEM (RFC 7468).")]
