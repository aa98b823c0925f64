"""What officers add to a case and ask about it, on the wire: notes, transfers, opinions, proposals, steps with many cases."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from app.kernel.structs import TEXT, Body, Instant, Slug, View
from app.kernel.words import Words
from lifecycle.catalogue.structs import DepartmentCode

Said = Annotated[str, Meta(min_length=2, max_length=2000, pattern=TEXT, description="In words for colleagues.")]
Why = Annotated[str, Meta(min_length=2, max_length=1000, pattern=TEXT, description="Why, in words for the citizen.")]
DivisionCode = Annotated[
    str, Meta(pattern=r"\A[0-9]{6}(?:[0-9]{3}){0,2}\Z", description="A division (GB/T 2260): 6, 9 or 12 digits.")
]
WorkingDays = Annotated[int, Meta(ge=1, le=30, description="In working days from the day after.")]
MOST_AT_ONCE = 100


class NewNote(Body, frozen=True):
    """What an officer notes for colleagues; the citizen isn't shown it, but gets it with their data."""

    text: Said


class NoteView(View, frozen=True, kw_only=True):
    """A note on a case; `by` is who wrote it, unless they are dismissed."""

    id: UUID
    at: datetime
    by: str | None
    mine: bool
    text: str


class Transfer(Body, frozen=True, kw_only=True):
    """Where a case goes: another division's office of the department, or a colleague (in that division, if both are named)."""

    division: DivisionCode | None = None
    officer_id: UUID | None = None
    reason: Why


class Colleague(View, frozen=True):
    """An officer of one's department who may take a case over."""

    id: UUID
    name: str


class Colleagues(View, frozen=True):
    """Who may take a case over, by name."""

    items: list[Colleague]


class OpinionAsking(Body, frozen=True, kw_only=True):
    """A question to another department, and the fields of the form that it needs for its answer: those, and nothing else."""

    department: DepartmentCode
    question: Said
    fields: Annotated[tuple[Slug, ...], Meta(max_length=100, description="Names of fields to pass on.")] = ()
    working_days: WorkingDays | None = None


class OpinionAnswer(Body, frozen=True):
    """What the department says."""

    agrees: bool
    text: Said


class PassedField(View, frozen=True):
    """A field of the form as it was passed on."""

    name: str
    label: Words
    value: Any


OpinionState = Literal["open", "agreed", "disagreed", "withdrawn", "lapsed"]


class OpinionView(View, frozen=True, kw_only=True):
    """A question to another department and its answer, as both sides see it. `until` is null while holidays aren't known."""

    id: UUID
    department: str
    department_name: Words
    question: str
    fields: list[PassedField]
    asked_at: datetime
    until: date | None
    overdue: bool
    state: OpinionState
    answer: str | None
    closed_at: datetime | None


class OpinionAsked(View, frozen=True, kw_only=True):
    """An opinion that one's department was asked for: which matter, by whom and until when, and what was passed on; no more."""

    id: UUID
    number: str
    matter_code: str
    matter_name: Words
    division: str
    asked_by: str
    asked_by_name: Words
    question: str
    fields: list[PassedField]
    asked_at: datetime
    until: date | None
    overdue: bool


class OpinionItem(View, frozen=True, kw_only=True):
    """An opinion that is awaited, on the asked department's list; without personal data."""

    id: UUID
    number: str
    matter_code: str
    matter_name: Words
    division: str
    asked_by: str
    asked_by_name: Words
    asked_at: datetime
    until: date | None
    overdue: bool


class OpinionPlace(msgspec.Struct, frozen=True, array_like=True):
    """Where a page ended: who has waited longest comes first."""

    asked_at: Instant
    opinion_id: UUID


class OpinionRef(View, frozen=True):
    """An opinion by its id, with its state after what was done."""

    id: UUID
    state: OpinionState


class AskedView(View, frozen=True, kw_only=True):
    """Another department that was asked for its opinion; `until` when, and whether it has answered. The office's clock runs on."""

    department: str
    department_name: Words
    asked_at: datetime
    until: date | None
    overdue: bool
    answered: bool


class ProposedDecision(Body, frozen=True):
    """How an officer proposes to decide, and why; of a rejection the citizen is told the reason."""

    step: Literal["approve", "reject"]
    reason: Why


class ProposalView(View, frozen=True):
    """A decision that waits for a second officer; `mine` has it proposed by whoever looks."""

    step: Literal["approve", "reject"]
    reason: str
    mine: bool


class SendingBack(Body, frozen=True):
    """Why a second officer doesn't confirm; it stays among the case's notes."""

    reason: Said


BulkStep = Literal["claim", "release", "accept", "review", "resume"]
"""Steps that need no words."""


class Bulk(Body, frozen=True):
    """One step with many cases; each case once."""

    step: BulkStep
    case_ids: Annotated[tuple[UUID, ...], Meta(min_length=1, max_length=MOST_AT_ONCE)]


class BulkItem(View, frozen=True, kw_only=True):
    """What became of one case: `done` with its state and version, or else the refusal's `code` and `title`."""

    case_id: UUID
    done: bool
    state: str | None
    version: int | None
    code: str | None
    title: Words | None


class BulkAnswer(View, frozen=True):
    """What became of each case, in the order asked."""

    items: list[BulkItem]
