"""What stands on an agenda, on the wire."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from app.kernel.structs import Body, Code, Line, Text, View
from app.kernel.words import Words

Standing = Literal["overdue", "due", "in_progress", "upcoming", "done", "lapsed", "not_needed", "unknown"]
Show = Annotated[
    Literal["open", "put_off", "hidden", "ended"],
    Meta(description="What is open now; what was put off; what was hidden; or what has ended in the last year."),
]


FeedToken = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{43}\Z", description="The last part of a feed's address.")]


class AgendaItem(View, frozen=True, kw_only=True):
    """One thing to do: for whom, which matter or bundle does it, from when and until when, and why.

    `code` names it for good within its person. A case that does it already is named by value, and so is an appointment for it.
    `rests_on` names the kinds of facts and `law` the dated figures that the rule read; an `own` item was added by the citizen.
    """

    code: str
    matter_code: str | None
    bundle_code: str | None
    subject_id: UUID
    subject_name: str | None
    title: Words
    why: Words
    standing: Standing
    from_on: date | None
    due_on: date | None
    lapses_on: date | None
    ended_on: date | None
    case_id: UUID | None
    appointment_id: UUID | None
    rule: str
    rests_on: tuple[str, ...]
    law: tuple[str, ...]
    own: bool
    hidden: bool
    put_off_until: date | None


class ItemChoice(Body, frozen=True, kw_only=True):
    """Which item of whom (oneself, if nobody is named)."""

    code: Code
    person_id: UUID | None = None


class PutOff(Body, frozen=True, kw_only=True):
    """Until which day an item is to be out of sight; none brings it back."""

    code: Code
    person_id: UUID | None = None
    until: date | None


class NewItem(Body, frozen=True, kw_only=True):
    """An item of one's own: for whom (oneself, if nobody is named), what, by when, and on which day to be reminded."""

    title: Line
    note: Text = ""
    person_id: UUID | None = None
    due_on: date | None = None
    remind_on: date | None = None


class FeedView(View, frozen=True):
    """The private address under which calendars read the agenda: since when there is one, and when it was read last."""

    made_at: datetime
    read_at: datetime | None


class NewFeedView(View, frozen=True):
    """A new address; it isn't shown again. Whoever has it can read the agenda until it is revoked."""

    url: Line
    made_at: datetime
