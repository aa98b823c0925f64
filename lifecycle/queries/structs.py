"""Answers of live queries on the wire."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from app.kernel.structs import View
from app.kernel.words import Words


class PromisedView(View, frozen=True):
    """An answer that a department promised: when it was asked, and by when it means to answer.

    `overdue` says that it should have come by now; it is asked for again. The inbox tells when it has come.
    """

    asked_at: datetime
    expected_by: datetime
    overdue: bool


class SourceView(View, frozen=True):
    """A department that was asked. `remembered` is its earlier answer, given because it doesn't answer just now.

    With `awaited` it has said nothing yet, so there is no `as_of`. `promised` is the answer that is still to come, and `changed_at`
    since when the department says that its earlier answer no longer holds.
    """

    department: str
    name: Words
    as_of: datetime | None
    standing: Literal["live", "remembered", "awaited"]
    promised: PromisedView | None
    changed_at: datetime | None


class QueryDescription(View, frozen=True):
    """A matter's query: JSON Schemas (2020-12) of its question and its result, with Chinese and English words for each field.

    A result with `items` comes in pages: `items`, `found` (how many there are) and `next`. `shows` are the kinds of personal data.
    """

    matter_code: str
    question: dict[str, Any]
    result: dict[str, Any]
    shows: list[str]


class QueryAnswer(View, frozen=True):
    """What was found. `result` has the shape of the matter's own query; it is null while a source is `awaited`."""

    matter_code: str
    answered_at: datetime
    sources: list[SourceView]
    result: Any


class KnownField(View, frozen=True):
    """A field of a calculator's question that is known: from where, and as of when. A field of a part is named with a dot."""

    field: str
    source: Words
    as_of: datetime


class Prefilled(View, frozen=True):
    """A calculator's question as far as it is known; `missing` are the fields that must still be answered."""

    matter: str
    which: str
    person_id: UUID
    question: dict[str, Any]
    known: list[KnownField]
    missing: list[str]
