"""How names are said: pinyin and initials, worked out when a matter's version is written.

The dictionaries take 55 MiB, so nothing that only serves the catalogue imports this file.
"""

from pypinyin import Style, lazy_pinyin

from lifecycle.catalogue.files import MatterText
from lifecycle.catalogue.search import Entry, Sound, folded


def entry(matter: MatterText) -> Entry:
    """Prepare a matter for searching."""
    terms = [*matter.search_terms, *([matter.legacy_name] if matter.legacy_name else [])]
    texts = (matter.summary, matter.what, matter.who, matter.result)
    return Entry(
        names=(folded(matter.name.zh), folded(matter.name.en)),
        terms=tuple(folded(term) for term in (*terms, matter.code)),
        text=" ".join(folded(part) for words in texts for part in (words.zh, words.en)),
        name_sound=sound(matter.name.zh),
        term_sounds=tuple(sound(term) for term in terms),
    )


def sound(name: str) -> Sound:
    """Say a Chinese name; letters and digits in it are said as they stand."""
    syllables = [syllable.lower() for syllable in lazy_pinyin(name, v_to_u=False)]
    starts = [sum(len(syllable) for syllable in syllables[:n]) for n in range(len(syllables))]
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
    return Sound(letters="".join(syllables), starts=tuple(starts), initials=initials)
