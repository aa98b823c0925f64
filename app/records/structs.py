"""The timeline on the wire."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from app.kernel.structs import TEXT, Body, Line, View
from app.kernel.words import Words
from app.records.kinds import RecordKind

MemoryText = Annotated[str, Meta(max_length=2000, pattern=TEXT, description="What you want to remember.")]
WhatIsWrong = Annotated[str, Meta(min_length=1, max_length=1000, pattern=TEXT, description="What is wrong with it.")]


class AttachedFile(View, frozen=True):
    """A file of a cloud disk beside an entry; one that was deleted, or isn't the reader's to see, is `gone` and says nothing."""

    node_id: UUID
    gone: bool
    name: str | None
    content_type: str | None
    size_bytes: int | None


class AskedCorrection(View, frozen=True):
    """The newest request to correct an entry, and how it stands; while it is open, an answer is due by the end of `due_on`."""

    id: UUID
    state: Literal["open", "granted", "refused", "withdrawn"]
    department: str
    office: Words
    asked_at: datetime
    due_on: date
    decided_at: datetime | None
    text: str
    answer: str | None


class CorrectingEntry(View, frozen=True):
    """What corrects an entry: a record of its own, from who answers for it."""

    id: UUID
    filed_at: datetime
    source: str
    title: Words
    text: Words


class TimelineEntry(View, frozen=True):
    """One thing that happened: when, what, to whom of the family, and who says so.

    `disputed` says that its correction is asked for and not decided; `corrected_by` is what was filed upon such requests.
    `mine` marks a memory: it is changed and deleted by its person.
    """

    id: UUID
    person_id: UUID
    happened_at: datetime
    kind: str
    title: Words
    text: Words
    source: Annotated[str, Meta(description="A department's code, the part of Fuhai that recorded it, or `self`.")]
    about_id: UUID | None
    filed_at: datetime
    hidden: bool
    mine: bool
    disputed: bool
    correction: AskedCorrection | None
    corrected_by: list[CorrectingEntry]
    attachments: list[AttachedFile]


class KindCount(View, frozen=True, gc=False):
    """How many entries of a kind."""

    kind: RecordKind
    count: int


class Bucket(View, frozen=True):
    """A year, or a month of one, and how many entries it holds; `month` is null for a whole year."""

    year: int
    month: int | None
    count: int
    kinds: list[KindCount]


class Buckets(View, frozen=True):
    """Years or months that hold entries, the newest first; `count` is that of all of them."""

    items: list[Bucket]
    count: int


class NewMemory(Body, frozen=True):
    """A memory: of which day, what, and files of the cloud disk beside it. `person_id` is a ward below 14."""

    day: date
    title: Line
    text: MemoryText = ""
    node_ids: Annotated[tuple[UUID, ...], Meta(max_length=20)] = ()
    person_id: UUID | None = None

    def __repr__(self) -> str:
        """Show nothing, because what is printed ends in a log."""
        return "NewMemory(…)"


class MemoryChange(Body, frozen=True):
    """What is to be changed; what isn't said stays."""

    day: date | None = None
    title: Line | None = None
    text: MemoryText | None = None

    def __repr__(self) -> str:
        """Show nothing, because what is printed ends in a log."""
        return "MemoryChange(…)"


class NewAttachment(Body, frozen=True):
    """A file of one's cloud disk."""

    node_id: UUID


class AskingCorrection(Body, frozen=True):
    """What is wrong with an entry."""

    text: WhatIsWrong

    def __repr__(self) -> str:
        """Show nothing, because what is printed ends in a log."""
        return "AskingCorrection(…)"


class MemoryContent(View, frozen=True):
    """What is sealed of a memory."""

    title: str
    text: str

    def __repr__(self) -> str:
        """Show nothing, because what is printed ends in a log."""
        return "MemoryContent(…)"
