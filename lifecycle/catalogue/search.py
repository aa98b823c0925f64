"""Finding matters by what people type: Chinese, pinyin, initials, English, a situation; in any case, in any order of words.

What is searched is made once, when a version is written (`sounds`), and kept beside it. `rank` compares what was typed as it
stands; only where nothing at all fits, `rank_nearly` forgives a typing error, and takes a question apart. Smaller is better.
"""

import unicodedata
from collections.abc import Callable, Iterable
from enum import IntEnum
from itertools import pairwise
from typing import Final

import msgspec

_APOSTROPHES: Final = str.maketrans("", "", "'’")
_STEP: Final = 100
_SHORTEST_FORGIVEN: Final = 4
"""Letters of a word in which one error is forgiven; of Chinese characters one less, since each says more."""
_ASKING: Final = (
    *(
        "我想",
        "我要",
        "我的",
        "怎么办",
        "怎么样",
        "怎么",
        "如何",
        "哪里",
        "在哪",
        "多少钱",
        "需要",
        "可以",
        "什么",
        "请问",
    ),
    *("吗", "呢", "呀"),
)
"""What a question begins or ends with, and what nobody looks for."""
_ENOUGH: Final = 2
"""Pairs of neighbours in names and terms that are enough, however long the question is."""


class Fit(IntEnum):
    """How well a word fits a matter, best first."""

    NAME_BEGINS = 0
    NAME_HOLDS = 1
    NAME_SOUNDS = 2
    TERM_HOLDS = 3
    TERM_SOUNDS = 4
    SITUATION = 5
    TEXT_HOLDS = 6
    NEARLY = 7
    PARTLY = 8


class Sound(msgspec.Struct, frozen=True):
    """How a Chinese name is said: its syllables run together, where each begins, and its initials."""

    letters: str
    starts: tuple[int, ...]
    initials: str

    def holds(self, word: str) -> bool:
        """Say whether a word of letters begins at some syllable, or runs along the initials."""
        return word in self.initials or any(self.letters.startswith(word, start) for start in self.starts)

    def holds_nearly(self, word: str) -> bool:
        """Say whether a word begins at some syllable but for one error."""
        return any(begins_nearly(self.letters[start:], word) for start in self.starts)


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


def rank(entry: Entry, situations: tuple[str, ...], words: Iterable[str]) -> int | None:
    """Say how well every word fits as it stands, by the one that fits worst, or none if one doesn't fit at all."""
    return _worst(words, lambda word: _exactly(entry, situations, word))


def rank_nearly(entry: Entry, situations: tuple[str, ...], words: Iterable[str]) -> int | None:
    """Say how well every word fits if an error is forgiven, and a question needn't occur as a whole."""

    def of(word: str) -> int | None:
        exact = _exactly(entry, situations, word)
        if exact is not None:
            return exact
        core = _core(word)
        if core and _exactly(entry, situations, core) is not None:
            return Fit.NEARLY * _STEP
        if _nearly(entry, word):
            return Fit.NEARLY * _STEP + 1
        return _partly(entry, situations, core)

    return _worst(words, of)


def _worst(words: Iterable[str], rank_of: Callable[[str], int | None]) -> int | None:
    worst = 0
    for word in words:
        fits = rank_of(word)
        if fits is None:
            return None
        worst = max(worst, fits)
    return worst


def _exactly(entry: Entry, situations: tuple[str, ...], word: str) -> int | None:
    ways = (
        (Fit.NAME_BEGINS, any(name.startswith(word) for name in entry.names)),
        (Fit.NAME_HOLDS, any(word in name for name in entry.names)),
        (Fit.NAME_SOUNDS, entry.name_sound.holds(word)),
        (Fit.TERM_HOLDS, any(word in term for term in entry.terms)),
        (Fit.TERM_SOUNDS, any(sound.holds(word) for sound in entry.term_sounds)),
        (Fit.SITUATION, any(word in situation for situation in situations)),
        (Fit.TEXT_HOLDS, word in entry.text),
    )
    return next((way * _STEP for way, fits in ways if fits), None)


def _nearly(entry: Entry, word: str) -> bool:
    """Say whether a word occurs in a name or term but for one error: a wrong, missing, needless or swapped letter."""
    if not word.isascii():
        return len(word) >= _SHORTEST_FORGIVEN - 1 and any(
            _differ_once(text, word) for text in (*entry.names, *entry.terms)
        )
    if len(word) < _SHORTEST_FORGIVEN:
        return False
    if any(sound.holds_nearly(word) for sound in (entry.name_sound, *entry.term_sounds)):
        return True
    return any(begins_nearly(one, word) for name in entry.names for one in name.split())


def begins_nearly(text: str, word: str) -> bool:
    """Say whether a text begins with a word but for one wrong, missing, needless or swapped letter; the first one is right."""
    if not text or text[0] != word[0]:
        return False
    size = len(word)
    at = next((n for n, (one, other) in enumerate(zip(text, word, strict=False)) if one != other), min(len(text), size))
    if at == size:
        return True
    rest = word[at + 1 :]
    return (
        text[at + 1 : size] == rest
        or text[at : size - 1] == rest
        or text[at + 1 : size + 1] == word[at:]
        or (word[at : at + 2] == text[at : at + 2][::-1] and text[at + 2 : size] == word[at + 2 :])
    )


def _differ_once(text: str, word: str) -> bool:
    """Say whether some piece of a text, as long as a word, differs from it in one character."""
    size = len(word)
    if len(set(word) - set(text)) > 1:
        return False
    return any(
        sum(one != other for one, other in zip(text[start : start + size], word, strict=True)) <= 1
        for start in range(len(text) - size + 1)
    )


def _core(question: str) -> str:
    """What a question is about: what is left without the words of asking, if that is enough to look for."""
    core = question
    for asking in _ASKING:
        core = core.replace(asking, "")
    return core if len(core) > 1 else ""


def _partly(entry: Entry, situations: tuple[str, ...], word: str) -> int | None:
    """Say how much of a long Chinese question occurs, by pairs of neighbours: half of them must, or two in names and terms."""
    pairs = [a + b for a, b in pairwise(word)]
    if len(pairs) < 2 or word.isascii():  # noqa: PLR2004 - shorter words are typed whole
        return None
    told = " ".join((*entry.names, *entry.terms, *situations))
    in_names = sum(pair in told for pair in pairs)
    anywhere = sum(pair in told or pair in entry.text for pair in pairs)
    if not in_names or (2 * anywhere < len(pairs) and in_names < _ENOUGH):
        return None
    missing = 1 - (in_names + anywhere) / (2 * len(pairs))
    return Fit.PARTLY * _STEP + round(missing * (_STEP - 1))


def folded(text: str) -> str:
    """One form for all widths and cases of a text."""
    return unicodedata.normalize("NFKC", text).casefold()
