"""How deep JSON is nested, told before it is parsed: parsers differ in where they give up."""

import re
from typing import Final

DEEPEST: Final = 64
"""Levels of lists and objects; nothing that is taken here comes near it."""
_MARKS: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)


class NestedTooDeeply(ValueError):  # noqa: N818 - named as a fact
    """JSON with more levels than anything that is taken here."""


def refuse_deep(raw: bytes) -> None:
    """Refuse (`NestedTooDeeply`) JSON of more than `DEEPEST` levels; brackets within texts don't count. Linear in its length."""
    if raw.count(b"[") + raw.count(b"{") <= DEEPEST:
        return
    depth = 0
    for mark in _MARKS.finditer(raw):
        if mark[0] in {b"[", b"{"}:
            depth += 1
        elif mark[0] in {b"]", b"}"}:
            depth -= 1
        if depth > DEEPEST:
            raise NestedTooDeeply
