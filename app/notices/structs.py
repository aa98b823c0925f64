"""Notices on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from app.kernel.structs import Body, Line, Text, View
from app.kernel.words import Words
from app.notices.audiences import Audience

CampaignState = Literal["prepared", "approved", "rejected", "published"]


class NoticeView(View, frozen=True):
    """One notice in the inbox."""

    id: UUID
    at: datetime
    kind: Annotated[str, Meta(description="What it tells of; `campaign` for one that a department sent to many.")]
    title: Words
    text: Words
    about_id: UUID | None
    read_at: datetime | None


class Inbox(View, frozen=True):
    """A page of the inbox, newest first, with how many are unread."""

    items: list[NoticeView]
    next: str | None
    unread: int


class WhyView(View, frozen=True):
    """Why the citizen got a notice."""

    reason: Words
    department: str | None
    audience: Words | None


class WordsBody(Body, frozen=True):
    """A line in both languages."""

    zh: Line
    en: Line


class TextBody(Body, frozen=True):
    """A text in both languages."""

    zh: Text
    en: Text


class AudienceBody(Body, frozen=True):
    """Whom it would reach."""

    audience: Audience


class DivisionReach(View, frozen=True):
    """How many of an audience live in one division."""

    division_code: str
    people: int


class Reach(View, frozen=True):
    """How many people an audience holds and where; never who they are."""

    people: int
    by_division: list[DivisionReach]
    described: Words


class CampaignBody(Body, frozen=True):
    """A notice to many, to be approved by a second officer."""

    title: WordsBody
    text: TextBody
    audience: Audience


class CampaignView(View, frozen=True):
    """A campaign and where it stands."""

    id: UUID
    department: str
    title: Words
    text: Words
    audience: Words
    state: CampaignState
    reach: int
    delivered: int
    prepared_by_me: bool
    prepared_at: datetime
    decided_at: datetime | None
    published_at: datetime | None
