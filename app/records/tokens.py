"""Finding a sealed text by its words: bigrams of Chinese and whole words of other scripts, each as a keyed hash.

Pure functions. A word's token differs from person to person and from month to month: whoever reads the table learns nothing of the
words, and can't tell that two months tell of the same. Once the person's key is destroyed nobody can make a token again.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Final

import msgspec

from app.keys.persons import DataKey

_HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN: Final = re.compile(f"[{_HAN}]+|[^\\W_{_HAN}]+")
_IS_HAN: Final = re.compile(f"[{_HAN}]")
_TOKEN_BYTES: Final = 8
_MOST_SOUGHT: Final = 3
"""So many words of what is looked for go to the index; what they find is compared whole afterwards."""


class Sought(msgspec.Struct, frozen=True):
    """What is looked for: runs of Chinese that must stand in the text, other words that must be among its words."""

    runs: tuple[str, ...]
    words: tuple[str, ...]
    grams: tuple[str, ...]
    """What the index is asked for; empty where it can't be asked."""


def sought(text: str) -> Sought:
    """What somebody typed, taken apart."""
    found = _runs(text)
    runs = tuple(dict.fromkeys(run for run in found if _IS_HAN.match(run)))
    words = tuple(dict.fromkeys(run for run in found if not _IS_HAN.match(run)))
    return Sought(runs, words, _spread(sorted(grams([text]))))


def is_in(wanted: Sought, texts: Iterable[str]) -> bool:
    """Whether all that is looked for stands in the texts."""
    folded = [_folded(text) for text in texts]
    known = {word for text in folded for word in _RUN.findall(text)}
    return all(word in known for word in wanted.words) and all(
        any(run in text for text in folded) for run in wanted.runs
    )


def grams(texts: Iterable[str]) -> set[str]:
    """What texts can be found by; a Chinese character that stands alone isn't among it."""
    found: set[str] = set()
    for run in (run for text in texts for run in _runs(text)):
        if _IS_HAN.match(run):
            found.update(run[at : at + 2] for at in range(len(run) - 1))
        else:
            found.add(run)
    return found


def search_key(key: DataKey) -> bytes:
    """The 32-byte key of a person's tokens, derived from their own key; refuses (`PersonErased`) where that is gone."""
    return hmac.digest(key.own, b"fuhai/timeline-tokens", hashlib.sha256)


def token(key: bytes, month: date, gram: str) -> int:
    """A word's token in a month (its first day): 64 bits of HMAC-SHA-256."""
    digest = hmac.digest(key, f"{month.isoformat()}\0{gram}".encode(), hashlib.sha256)
    return int.from_bytes(digest[:_TOKEN_BYTES], "big", signed=True)


def tokens(key: DataKey, month: date, texts: Iterable[str]) -> list[int]:
    """Everything that texts can be found by, as tokens of a person in a month."""
    derived = search_key(key)
    return sorted(token(derived, month, gram) for gram in grams(texts))


def _spread(found: list[str]) -> tuple[str, ...]:
    """At most so many, the longest words first: they are rarer."""
    return tuple(sorted(found, key=lambda gram: -len(gram))[:_MOST_SOUGHT])


def _runs(text: str) -> list[str]:
    return _RUN.findall(_folded(text))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
