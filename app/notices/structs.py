"""Notices on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from app.kernel.structs import Body, Line, Slug, Text, View
from app.kernel.words import Words
from app.notices.audiences import Audience

CampaignState = Literal["prepared", "approved", "rejected", "published"]
Topic = Annotated[
    str,
    Meta(
        max_length=100,
        pattern=r"\A[a-z][a-z_]{0,30}\.[A-Za-z0-9一-鿿_-]{1,64}\Z",
        description="What a push matter lets one choose, and a choice of it: `area.370602`.",
    ),
]
Topics = Annotated[tuple[Topic, ...], Meta(max_length=50)]


class NoticeView(View, frozen=True):
    """One notice in the inbox."""

    id: UUID
    at: datetime
    kind: Annotated[str, Meta(description="What it tells of; `campaign` for one that a department sent to many.")]
    title: Words
    text: Words
    about_id: UUID | None
    read_at: datetime | None
    matter: Annotated[str | None, Meta(description="The matter that was switched on, of which this was sent.")]
    advertisement: bool
    advertiser: Annotated[str | None, Meta(description="Who advertises, and how to reach them.")]


class Inbox(View, frozen=True):
    """A page of the inbox, newest first, with how many are unread."""

    items: list[NoticeView]
    next: str | None
    unread: int


class WhyView(View, frozen=True):
    """Why the citizen got a notice. Of a matter that was switched on: which, since when, and how to switch it off (`DELETE`)."""

    reason: Words
    department: str | None
    audience: Words | None
    matter: str | None
    since: datetime | None
    switch_off: Annotated[str | None, Meta(description="`DELETE` this and no more of the matter is sent.")]


class WordsBody(Body, frozen=True):
    """A line in both languages."""

    zh: Line
    en: Line


class TextBody(Body, frozen=True):
    """A text in both languages."""

    zh: Text
    en: Text


class About(Body, frozen=True):
    """The push matter of the officer's department that a campaign is about: it reaches only who switched that on.

    `topics` narrow it to who chose one of them (or, of what they are a choice of, nothing). An advertisement names its `advertiser`,
    with how to reach them. An `urgent` one doesn't count towards how often something is sent, where the matter promises that.
    """

    matter: Slug
    topics: Topics = ()
    advertiser: Line | None = None
    urgent: bool = False


class AudienceBody(Body, frozen=True):
    """Whom it would reach."""

    audience: Audience
    about: About | None = None


class DivisionReach(View, frozen=True):
    """How many of an audience live in one division."""

    division_code: str
    people: int


class Reach(View, frozen=True):
    """How many people an audience holds and where; never who they are.

    Subscribers of a matter are counted in fives: `people` is rounded down, and 0 where they are `fewer_than` that; divisions with so few
    aren't listed.
    """

    people: int
    by_division: list[DivisionReach]
    described: Words
    fewer_than: int | None


class CampaignBody(Body, frozen=True):
    """A notice to many, to be approved by a second officer."""

    title: WordsBody
    text: TextBody
    audience: Audience
    about: About | None = None


class CampaignView(View, frozen=True):
    """A campaign and where it stands; `reach` and `delivered` are counted as in a preview."""

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
    about: About | None
