"""Finding matters by what people type: Chinese, pinyin, initials, English; in any case, in any order of words.

An index in memory over the published matters. It answers `rank`, smaller is better, so that the same order can later be
computed by the database.
"""

import unicodedata
from collections.abc import Iterable
from enum import IntEnum
from itertools import pairwise
from typing import Final

import msgspec
from pypinyin import Style, lazy_pinyin

from lifecycle.catalogue.files import MatterText

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


def entry(matter: MatterText) -> Entry:
    """Prepare a matter for searching."""
    terms = [*matter.search_terms, *([matter.legacy_name] if matter.legacy_name else [])]
    texts = (matter.summary, matter.what, matter.who, matter.result)
    return Entry(
        names=(_folded(matter.name.zh), _folded(matter.name.en)),
        terms=tuple(_folded(term) for term in (*terms, matter.code)),
        text=" ".join(_folded(part) for words in texts for part in (words.zh, words.en)),
        name_sound=_sound(matter.name.zh),
        term_sounds=tuple(_sound(term) for term in terms),
    )


def words_of(query: str) -> tuple[str, ...]:
    """Split what was typed into words: width and case don't matter, nor do apostrophes between syllables."""
    return tuple(_folded(query).translate(_APOSTROPHES).split())


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


def _sound(name: str) -> Sound:
    syllables = [syllable.lower() for syllable in lazy_pinyin(name, v_to_u=False)]
    starts = [sum(len(syllable) for syllable in syllables[:n]) for n in range(len(syllables))]
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
    return Sound(letters="".join(syllables), starts=tuple(starts), initials=initials)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
