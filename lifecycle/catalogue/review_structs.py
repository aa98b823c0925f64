"""What crosses the wire when a matter's text is changed: proposals, versions, and what differs between them."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from app.kernel.actors import DataClass
from app.kernel.structs import TEXT, Body, Line, ShortLine, View
from app.kernel.words import Words
from lifecycle.catalogue.structs import Department, DepartmentCode, EventCode, Matter, Slug, TimeUnit

VersionState = Literal["draft", "published", "rejected", "withdrawn"]
Paragraph = Annotated[str, Meta(min_length=1, max_length=1000, pattern=TEXT, description="A paragraph.")]
Reason = Annotated[str, Meta(min_length=1, max_length=500, pattern=TEXT, description="Why, in a sentence or two.")]


class Pair(Body, frozen=True):
    """A text in both languages."""

    zh: Paragraph
    en: Paragraph


class LimitBody(Body, frozen=True, kw_only=True):
    """A time limit, where it is from, and when somebody looked there."""

    count: Annotated[int, Meta(ge=0, le=3650)]
    unit: TimeUnit
    text: Pair
    source: Line
    illustrative: bool
    verified_on: date


class MaterialBody(Body, frozen=True, kw_only=True):
    """A paper that the matter asks for."""

    code: Slug
    name: Pair
    required: bool
    waived_by: DepartmentCode | None = None
    note: Pair | None = None


class KnownDataBody(Body, frozen=True, kw_only=True):
    """What a department is asked for."""

    name: Pair
    source: DepartmentCode
    data_class: DataClass | None = None


class PushBody(Body, frozen=True):
    """What is sent, on what data, and how often."""

    sends: Pair
    uses: Pair
    how_often: Pair


class MatterChange(Body, frozen=True, kw_only=True):
    """The fields that change; what isn't named stays. What a matter does (its kinds, level, signature) changes with the product only."""

    name: Pair | UnsetType = UNSET
    summary: Pair | UnsetType = UNSET
    what: Pair | UnsetType = UNSET
    who: Pair | UnsetType = UNSET
    cost: Pair | UnsetType = UNSET
    result: Pair | UnsetType = UNSET
    afterwards: Pair | UnsetType = UNSET
    counter: Pair | UnsetType = UNSET
    materials: Annotated[tuple[MaterialBody, ...], Meta(max_length=30)] | UnsetType = UNSET
    known_data: Annotated[tuple[KnownDataBody, ...], Meta(max_length=30)] | UnsetType = UNSET
    apply_within: LimitBody | UnsetType | None = UNSET
    takes: LimitBody | UnsetType | None = UNSET
    promised: LimitBody | UnsetType | None = UNSET
    push: PushBody | UnsetType | None = UNSET
    legal_basis: Annotated[tuple[Pair, ...], Meta(max_length=20)] | UnsetType = UNSET
    trigger_events: Annotated[tuple[EventCode, ...], Meta(max_length=20)] | UnsetType = UNSET
    search_terms: Annotated[tuple[ShortLine, ...], Meta(max_length=40)] | UnsetType = UNSET
    legacy_name: ShortLine | UnsetType | None = UNSET


class Proposal(Body, frozen=True):
    """A change of a matter's text, made on a version that the proposer saw, and why."""

    base_version: Annotated[int, Meta(ge=1, le=1_000_000)]
    changes: MatterChange
    note: Reason


class Rejection(Body, frozen=True):
    """Why a draft isn't published."""

    reason: Reason


class Difference(View, frozen=True):
    """One field that differs, by its dotted name (`materials.<code>.note.zh`)."""

    field: str
    before: Any
    after: Any


class VersionView(View, frozen=True, kw_only=True):
    """One version of a matter. `proposed_by` and `decided_by` are principals; drafts that files made are by `system:catalogue`."""

    code: Slug
    version: int
    state: VersionState
    name: Words
    department: Department
    proposed_by: str
    proposed_at: datetime
    note: str | None
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None


class VersionInFull(View, frozen=True):
    """A version with its whole text, and what differs from the version that was published before it."""

    version: VersionView
    matter: Matter
    differs_from: int | None
    differences: list[Difference]


class Versions(View, frozen=True):
    """Every version of a matter, newest first."""

    items: list[VersionView]


class DraftKey(msgspec.Struct, frozen=True, array_like=True):
    """Where a draft stands in the list of drafts."""

    code: Slug
    version: Annotated[int, Meta(ge=0, le=1_000_000)]
