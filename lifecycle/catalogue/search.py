"""Finding matters by what people type: Chinese, pinyin, initials, English; in any case, in any order of words.

What is searched is made once, when a version is written (`sounds`), and kept beside it. `rank` compares; smaller is better,
so that the same order can later be computed by the database.
"""

import unicodedata
from collections.abc import Iterable
from enum import IntEnum
from itertools import pairwise
from typing import Final

import msgspec

_APOSTROPHES: Final = str.maketrans("", "", "'’")


class Fit(IntEnum):
    """How well a word fits a matter, best first."""

    NAME_BEGINS = 0
    NAME_HOLDS = 1
    NAME_SOUNDS = 2
    TERM_HOLDS = 3
    TERM_SOUNDS = 4
    TEXT_HOLDS = 5
    PARTLY = 6


class Sound(msgspec.Struct, frozen=True):
    """How a Chinese name is said: its syllables run together, where each begins, and its initials."""

    letters: str
    starts: tuple[int, ...]
    initials: str

    def holds(self, word: str) -> bool:
        """Say whether a word of letters begins at some syllable, or runs along the initials."""
        return word in self.initials or any(self.letters.startswith(word, start) for start in self.starts)


class Entry(msgspec.Struct, frozen=True):
    """One matter as the search sees it."""

    names: tuple[str, ...]
    terms: tuple[str, ...]
    text: str
    name_sound: Sound
    term_sounds: tuple[Sound, ...]


def words_of(query: str) -> tuple[str, ...]:
    """Split what was typed into words: width and case don't matter, nor do apostrophes between syllables."""
    return tuple(folded(query).translate(_APOSTROPHES).split())


def rank(entry: Entry, words: Iterable[str]) -> int | None:
    """Say how well every word fits, by the one that fits worst, or none if one doesn't fit at all."""
    worst = Fit.NAME_BEGINS
    for word in words:
        fits = _rank_of(entry, word)
        if fits is None:
            return None
        worst = max(worst, fits)
    return worst


def _rank_of(entry: Entry, word: str) -> Fit | None:
    ways = (
        (Fit.NAME_BEGINS, any(name.startswith(word) for name in entry.names)),
        (Fit.NAME_HOLDS, any(word in name for name in entry.names)),
        (Fit.NAME_SOUNDS, entry.name_sound.holds(word)),
        (Fit.TERM_HOLDS, any(word in term for term in entry.terms)),
        (Fit.TERM_SOUNDS, any(sound.holds(word) for sound in entry.term_sounds)),
        (Fit.TEXT_HOLDS, word in entry.text),
        (Fit.PARTLY, _holds_partly(entry, word)),
    )
    return next((way for way, fits in ways if fits), None)


def _holds_partly(entry: Entry, word: str) -> bool:
    """Say whether half of a long Chinese word's neighbouring pairs occur, as in a question typed without spaces."""
    pairs = [a + b for a, b in pairwise(word)]
    if len(pairs) < 3 or word.isascii():  # noqa: PLR2004 - shorter words are typed whole
        return False
    everything = " ".join((*entry.names, *entry.terms, entry.text))
    return 2 * sum(pair in everything for pair in pairs) >= len(pairs)


def folded(text: str) -> str:
    """One form for all widths and cases of a text."""
    return unicodedata.normalize("NFKC", text).casefold()
