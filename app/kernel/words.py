"""Texts that a person reads, in Chinese and in English."""

from typing import Literal

import msgspec

Language = Literal["zh", "en"]


class Words(msgspec.Struct, frozen=True):
    """One text in both languages; which one is shown is decided when it is shown."""

    zh: str
    en: str

    def pick(self, language: Language) -> str:
        """Give the text in one language."""
        return self.zh if language == "zh" else self.en

    def filled(self, **facts: object) -> "Words":
        """Put facts into the `{names}` of both texts."""
        return Words(zh=self.zh.format(**facts), en=self.en.format(**facts))


def preferred_language(accept_language: str | None) -> Language:
    """Read `Accept-Language` (RFC 9110, 12.5.4): English where it is ranked above Chinese, Chinese otherwise."""
    ranks = {"zh": 0.0, "en": 0.0}
    for part in (accept_language or "").split(","):
        tag, _, weight = part.partition(";")
        language = tag.strip().lower().partition("-")[0]
        if language in ranks:
            ranks[language] = max(ranks[language], _quality(weight))
    return "en" if ranks["en"] > ranks["zh"] else "zh"


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
