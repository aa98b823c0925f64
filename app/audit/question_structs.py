"""What crosses the wire when a citizen asks why somebody looked."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from app.kernel.structs import TEXT, Body, View
from app.kernel.words import Words

Question = Annotated[str, Meta(min_length=1, max_length=500, pattern=TEXT, description="What you want to know.")]
Answer = Annotated[str, Meta(min_length=1, max_length=1000, pattern=TEXT, description="Why you looked.")]


class Asking(Body, frozen=True):
    """Asking why; in words of one's own or without."""

    question: Question | None = None


class Answering(Body, frozen=True):
    """The officer's answer."""

    answer: Answer


class AccessQuestion(View, frozen=True):
    """A question why somebody looked: to be answered by the end of `due_on`; `overdue` is handed to the department's audit."""

    id: UUID
    entry_id: UUID
    person_id: UUID
    asked_at: datetime
    question: str | None
    department: str
    office: Words
    due_on: date
    overdue: bool
    answered_at: datetime | None
    answer: str | None


class OfficerQuestion(View, frozen=True):
    """A question as the officer sees it who has to answer: about which act of theirs, on what basis, and by when."""

    id: UUID
    asked_at: datetime
    question: str | None
    due_on: date
    overdue: bool
    answered_at: datetime | None
    mine: bool
    act: str
    title: Words
    at: datetime
    basis_kind: str | None
    basis_id: str | None
