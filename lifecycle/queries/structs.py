"""Answers of live queries on the wire."""

from datetime import datetime
from typing import Any, Literal

from app.kernel.structs import View
from app.kernel.words import Words


class SourceView(View, frozen=True):
    """A department that was asked. `remembered` is its earlier answer, given because it doesn't answer just now."""

    department: str
    name: Words
    as_of: datetime
    standing: Literal["live", "remembered"]


class QueryDescription(View, frozen=True):
    """A matter's query: JSON Schemas (2020-12) of its question and its result, with Chinese and English words for each field.

    A result with `items` comes in pages: `items`, `found` (how many there are) and `next`. `shows` are the kinds of personal data.
    """

    matter_code: str
    question: dict[str, Any]
    result: dict[str, Any]
    shows: list[str]


class QueryAnswer(View, frozen=True):
    """What was found. `result` has the shape of the matter's own query."""

    matter_code: str
    answered_at: datetime
    sources: list[SourceView]
    result: Any
