"""The photograph that is uploaded: the person's own, or a tiny one made here."""

import base64
import hashlib
from pathlib import Path
from typing import Final

from demo.report import Hindered

_FIRST_BYTES: Final = {
    "image/jpeg": (0, b"\xff\xd8\xff"),
    "image/png": (0, b"\x89PNG"),
    "image/gif": (0, b"GIF8"),
    "image/webp": (8, b"WEBP"),
    "image/heic": (4, b"ftyp"),
}
_TINY: Final = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6j"
    "q62rZ4C8ybqmx5moq6T/wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAABf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAI"
    "AQEAAD8AVf/Z"
)
"""A grey JPEG of 8 by 8 pixels."""


class Photograph:
    """A picture's bytes, and what must be said of them before they are sent."""

    def __init__(self, name: str, data: bytes) -> None:
        found = [kind for kind, (at, mark) in _FIRST_BYTES.items() if data[at : at + len(mark)] == mark]
        if not found:
            raise Hindered(f"{name} is none of JPEG, PNG, GIF, WebP and HEIC")
        self.content_type = found[0]
        self.name = name
        self.data = data
        self.sha256 = hashlib.sha256(data).hexdigest()


def photograph(path: Path | None) -> Photograph:
    """The picture in a file, or a tiny one."""
    if path is None:
        return Photograph("福海.jpg", _TINY)
    return Photograph(path.name, path.read_bytes())
