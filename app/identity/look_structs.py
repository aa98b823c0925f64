"""What crosses the wire when an officer looks at a person."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from app.identity.structs import Private, PrivateView
from app.kernel.actors import DataClass
from app.kernel.structs import TEXT, IdNumber, Line, View

ShownClass = Literal["identity", "contact", "family"]
"""The kinds of data that a look shows; of health and money the portal keeps nothing here."""


class PersonLook(Private, frozen=True):
    """Whom an officer wants to look at (by exactly one of these), why, and at which kinds of data."""

    purpose: Line
    data_classes: Annotated[tuple[ShownClass, ...], Meta(min_length=1, max_length=3)]
    id_number: IdNumber | None = None
    case_id: UUID | None = None
    break_glass_id: UUID | None = None
    person_id: UUID | None = None


BreakGlassReason = Literal["danger_to_life", "public_safety", "missing_person", "investigation"]
BreakGlassState = Literal["pending", "open", "approved", "refused"]


class BreakGlassAsked(Private, frozen=True):
    """Whom an officer must look at without a case, why, and at which kinds of data."""

    id_number: IdNumber
    reason: BreakGlassReason
    text: Annotated[str, Meta(min_length=10, max_length=1000, pattern=TEXT, description="What happened, in words.")]
    data_classes: Annotated[tuple[ShownClass, ...], Meta(min_length=1, max_length=3)]


class BreakGlassView(View, frozen=True):
    """A break-glass request (紧急查询). Whether the number is anybody's isn't said.

    `open` was opened at once. It and a `pending` one wait to be seen by a second officer until `see_by`; `overdue` says that nobody
    did in time. `text` is shown to who wrote it, and while it waits to the second officer, who is named in the person's log for reading it.
    """

    id: UUID
    state: BreakGlassState
    reason: BreakGlassReason
    text: str | None
    data_classes: list[str]
    department: str
    officer_id: UUID
    mine: bool
    asked_at: datetime
    open_until: datetime | None
    see_by: datetime
    overdue: bool
    decided_by: UUID | None
    decided_at: datetime | None


class IdentityShown(PrivateView, frozen=True):
    """Who somebody is."""

    name: str | None
    id_number: str | None
    birth_date: date | None
    sex: Literal["male", "female"] | None
    division_code: str | None
    died_on: date | None


class ContactShown(PrivateView, frozen=True):
    """How somebody is reached."""

    phone: str | None


class RelativeShown(PrivateView, frozen=True):
    """Somebody's relative; `relation` says what the person is to them."""

    name: str | None
    relation: Literal["guardian_of", "ward_of", "parent_of", "child_of", "spouse_of"]


class PersonProfile(PrivateView, frozen=True):
    """What an officer sees of a person: of what was asked for, what their right and its basis open. What isn't shown is null."""

    look_id: UUID
    looked_at: datetime
    person_id: UUID
    basis_kind: str
    basis_id: str
    data_classes: list[DataClass]
    identity: IdentityShown | None
    contact: ContactShown | None
    family: list[RelativeShown] | None
