"""Texts that are stored as a code with facts, and put into words only when somebody reads them.

So a correction of a text reaches what was stored before it, and each reader gets their own language.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from app.kernel.words import Words

Facts = dict[str, str | Words]


class Phrase(msgspec.Struct, frozen=True):
    """A heading of one line and a text, with `{names}` for facts."""

    title: Words
    text: Words = Words(zh="", en="")


_phrases: Final[dict[str, Phrase]] = {}
_FORGOTTEN: Final = Phrase(Words(zh="此消息的内容已不可用。", en="What this said is no longer available."))


def register_phrases(phrases: Mapping[str, Phrase]) -> None:
    """Make phrases known by their codes; called where a room is wired."""
    _phrases.update(phrases)


def known_phrases() -> Mapping[str, Phrase]:
    """Every phrase by its code."""
    return _phrases


def said(code: str, facts: Facts) -> Phrase:
    """A phrase with its facts put in; a fact may itself be in both languages.

    What was stored stays readable: a phrase that is no longer known, and a fact that wasn't stored, are shown as such.
    """
    phrase = _phrases.get(code, _FORGOTTEN)
    return Phrase(title=_filled(phrase.title, facts), text=_filled(phrase.text, facts))


class _Told(dict[str, str]):
    """Facts in one language."""

    def __missing__(self, name: str) -> str:
        return "…"


def _filled(words: Words, facts: Facts) -> Words:
    zh = _Told({name: fact.zh if isinstance(fact, Words) else fact for name, fact in facts.items()})
    en = _Told({name: fact.en if isinstance(fact, Words) else fact for name, fact in facts.items()})
    return Words(zh=words.zh.format_map(zh), en=words.en.format_map(en))


def encode_facts(facts: Facts) -> bytes:
    """Facts as they are stored (before they are sealed)."""
    return msgspec.json.encode(facts)


def decode_facts(stored: bytes) -> Facts:
    """Facts as `encode_facts` stored them."""
    return msgspec.json.decode(stored, type=Facts)
