"""Words for the fields of what is asked and told, in JSON Schema: clients show a form or an answer without knowing its matter."""

from collections.abc import Mapping
from typing import Final

import msgspec
from msgspec import Meta

from app.kernel.words import Words

WORDS: Final = "x-words"
"""The key in JSON Schema under which a field's words stand."""


def label(zh: str, en: str, values: Mapping[str, Words] | None = None) -> Meta:
    """Name a field in both languages, and each of its values where it is a code."""
    words = {"label": Words(zh=zh, en=en)} | ({"values": dict(values)} if values else {})
    return Meta(title=zh, extra_json_schema={WORDS: msgspec.to_builtins(words)})
