"""Bundles on the wire."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from app.kernel.structs import Body, Slug, View
from app.kernel.words import Words
from lifecycle.bundles.definitions import StepCode
from lifecycle.bundles.plan import Standing
from lifecycle.cases.structs import ConfirmationCode, DetachedJws, FieldView

BundleState = Literal["draft", "under_way", "ended", "withdrawn"]
Answers = Annotated[
    dict[Annotated[str, Meta(max_length=100, pattern=r"\A[a-z][a-z0-9_]*\Z")], Any],
    Meta(max_length=400, description="Fields by key; null takes a value away."),
]


class NewBundle(Body, frozen=True):
    """About whom: oneself, or a ward."""

    subject_id: UUID | None = None


class BundleChange(Body, frozen=True):
    """Fields to change, and the steps that are left out (all that are, each time)."""

    form: Answers = msgspec.field(default_factory=dict)
    left_out: Annotated[tuple[StepCode, ...], Meta(max_length=20)] | None = None


class BundleSubmission(Body, frozen=True):
    """The proof that the applicant means the whole bundle: a device's signature, or a confirmation code."""

    signature: DetachedJws | None = None
    confirmation_code: ConfirmationCode | None = None


class MaterialNeeded(View, frozen=True):
    """A paper that a step asks for; `waived_by` is the department that shares it, so that nobody need bring it."""

    name: Words
    waived_by: Words | None


class StepOffer(View, frozen=True, kw_only=True):
    """A step as a bundle offers it; `available` says whether it can be done here today."""

    code: StepCode
    matter_code: Slug
    matter_name: Words
    department_name: Words
    mode: Literal["apply", "book"]
    needs: list[StepCode]
    optional: bool
    available: bool
    materials: list[MaterialNeeded]


class BundleOffer(View, frozen=True, kw_only=True):
    """A bundle: for what, and its steps in an order in which each comes after what it needs."""

    code: Slug
    event: str
    name: Words
    summary: Words
    steps: list[StepOffer]


class StepView(View, frozen=True, kw_only=True):
    """Where a step stands. `yours`: its case waits for you. `refused` says why a step couldn't begin. `due_on` is of its case."""

    code: StepCode
    matter_code: Slug
    matter_name: Words
    department_name: Words
    mode: Literal["apply", "book"]
    needs: list[StepCode]
    optional: bool
    standing: Standing
    case_id: UUID | None
    case_number: str | None
    case_state: Words | None
    due_on: date | None
    refused: str | None


class MasterFieldView(View, frozen=True, kw_only=True):
    """A field of the master form, asked once: for which steps, and its value with its source."""

    key: str
    steps: list[StepCode]
    field: FieldView


class BundleView(View, frozen=True, kw_only=True):
    """A bundle under way, or its draft: one progress, one deadline, one form. `version` is its ETag."""

    id: UUID
    code: Slug
    name: Words
    subject_id: UUID
    applicant_id: UUID
    state: BundleState
    version: int
    opened_at: datetime
    submitted_at: datetime | None
    done: int
    steps_chosen: int
    days_left: int | None
    until: date | None
    steps: list[StepView]
    form: list[MasterFieldView]
    unavailable: list[str]
    signature: Literal["confirmed", "device"]


class BundleSummary(View, frozen=True, kw_only=True):
    """A bundle as a list shows it."""

    id: UUID
    code: Slug
    name: Words
    subject_id: UUID
    state: BundleState
    version: int
    opened_at: datetime
    submitted_at: datetime | None


class BundleRef(View, frozen=True):
    """A bundle in short."""

    id: UUID
    state: BundleState
    version: int
