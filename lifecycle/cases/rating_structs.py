"""What crosses the wire of ratings (好差评)."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from app.kernel.structs import TEXT, Body, Instant, View
from app.kernel.words import Words

Stars = Annotated[int, Meta(ge=1, le=5, description="5 very satisfied (非常满意) … 1 very dissatisfied (非常不满意).")]
Said = Annotated[str, Meta(min_length=1, max_length=500, pattern=TEXT, description="In a few sentences.")]


class NewRating(Body, frozen=True):
    """How it went, and what could be better."""

    stars: Stars
    text: Said | None = None


class RatingAnswer(Body, frozen=True):
    """What the office says to a rating."""

    answer: Said


class RatingView(View, frozen=True, kw_only=True):
    """A rating of a case, and the office's answer. `changeable` until it is answered."""

    case_id: UUID
    stars: int
    text: str | None
    rated_at: datetime
    answer: str | None
    answered_at: datetime | None
    changeable: bool


class RatingItem(View, frozen=True, kw_only=True):
    """A rating on a department's list, without personal data; a bad one must be answered by `answer_by`."""

    case_id: UUID
    number: str
    matter_code: str
    matter_name: Words
    division: str
    stars: int
    rated_at: datetime
    answer_by: date | None
    answered: bool
    overdue: bool


class MatterRatings(View, frozen=True):
    """How one matter was rated: how many ratings of each number of stars, from 1 to 5."""

    matter_code: str
    matter_name: Words
    counts: tuple[int, int, int, int, int]
    bad_unanswered: int


class RatingSummary(View, frozen=True):
    """The ratings of the matters that an officer may handle."""

    items: list[MatterRatings]


class RatingPlace(msgspec.Struct, frozen=True, array_like=True):
    """Where a page ended: the newest rating comes first."""

    rated_at: Instant
    case_id: UUID


Wanted = Literal["all", "bad", "unanswered"]
