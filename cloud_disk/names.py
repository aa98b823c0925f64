"""Names of files and folders: what people may write, and when two names are the same."""

import unicodedata
from typing import Annotated, Final

from msgspec import Meta

from app.kernel.errors import Unprocessable
from app.kernel.words import Words

_LONGEST_BYTES: Final = 255
_FORBIDDEN: Final = frozenset("/\\")
_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
NodeName = Annotated[str, Meta(min_length=1, max_length=200, description="A file's or folder's name, without a path.")]


class NameNotAllowed(Unprocessable):
    """A name that can't be kept: empty, a path, control or direction marks, too long."""

    code = "name_not_allowed"
    title = Words(zh="名称不可用。", en="This name can't be used.")


def kept(name: str) -> str:
    """A name as it is kept (NFC, no surrounding space); refuses what would deceive or break."""
    name = unicodedata.normalize("NFC", name).strip()
    bad = name in {"", ".", ".."} or len(name.encode()) > _LONGEST_BYTES
    if bad or any(letter in _FORBIDDEN or unicodedata.category(letter) in _CATEGORIES for letter in name):
        raise NameNotAllowed
    return name


def compared(name: str) -> str:
    """What two names in one folder may not share: upper and lower case, and forms of one letter, are the same."""
    return unicodedata.normalize("NFKC", kept(name)).casefold()
