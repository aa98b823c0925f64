"""Cases and the desk on the wire."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta

from app.kernel.structs import TEXT, Body, Line, Slug, Text, View
from app.kernel.words import Words
from lifecycle.cases.desk_structs import AskedView, NoteView, OpinionView, ProposalView
from lifecycle.cases.material_structs import WaiverView

Reason = Annotated[str, Meta(min_length=2, max_length=1000, pattern=TEXT, description="Why, in words for the citizen.")]
ConfirmationCode = Annotated[str, Meta(pattern=r"\A[0-9]{6}\Z", description="The code from the text message.")]
DetachedJws = Annotated[
    str,
    Meta(
        max_length=16_000,
        pattern=r"\A[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]+\Z",
        description="Detached JWS (RFC 7515, appendix F): ES256 with `x5c`, over the bytes of `signing-input`.",
    ),
]
Form = Annotated[dict[Slug, Any], Meta(max_length=200, description="Fields by name; null takes a value away.")]


class NewCase(Body, frozen=True):
    """A matter to apply for, and for whom (oneself, or a ward)."""

    matter_code: Slug
    subject_id: UUID | None = None


class FormChange(Body, frozen=True):
    """Fields to change; the others stay."""

    form: Form


class Submission(Body, frozen=True):
    """The proof that the citizen means it: a device's signature, a confirmation code or an approval in the app, as the matter asks."""

    signature: DetachedJws | None = None
    confirmation_code: ConfirmationCode | None = None
    approval_id: UUID | None = None


class CorrectionAnswer(Body, frozen=True):
    """A corrected form is handed in (its fields were changed by `PATCH` before): the proof of it, and a remark."""

    signature: DetachedJws | None = None
    confirmation_code: ConfirmationCode | None = None
    remark: Text = ""
    approval_id: UUID | None = None


class FieldRemark(Body, frozen=True):
    """What is wrong with one field."""

    field: Slug
    what: Line


class CorrectionAsked(Body, frozen=True):
    """What must be corrected and why (一次性告知: everything at once)."""

    reason: Reason
    fields: Annotated[tuple[FieldRemark, ...], Meta(max_length=100)] = ()


class Refusing(Body, frozen=True):
    """Why an officer declines or rejects."""

    reason: Reason


class FieldView(View, frozen=True, kw_only=True):
    """One field: its value, who says so, and when it held. `source` is a department's code, or `citizen`.

    Fields of one `section` stand together; one that isn't `asked` belongs to another choice and counts for nothing.
    A material is `waived` where it isn't attached and isn't needed either, for the reason in `waiver`.
    """

    name: str
    label: Words
    hint: Words | None
    value: Any
    source: str | None
    source_name: Words | None
    as_of: datetime | None
    editable: bool
    required: bool
    section: Words | None
    asked: bool
    waived: bool
    waiver: WaiverView | None


class RemarkView(View, frozen=True):
    """What is wrong with one field, as an officer says."""

    field: str
    what: str


class SaidView(View, frozen=True):
    """What the office said last: a correction that it asks for, or a refusal with the way to appeal."""

    at: datetime
    step: str
    reason: str
    fields: list[RemarkView]
    appeal: Words | None


class Waiting(View, frozen=True, kw_only=True):
    """What is waited for, by whom it is to be done, and until when.

    `until` is null while the public holidays of that year aren't known; `days_left` counts working days (`wd`) or calendar days (`d`).
    """

    awaited: Literal["acceptance", "decision", "correction"]
    by: Literal["department", "applicant"]
    until: date | None
    days_left: int
    unit: Literal["wd", "d"]
    overdue: bool


class WholeView(View, frozen=True):
    """A bundle (一件事) of which a case is a step."""

    id: UUID
    name: Words


class TurnView(View, frozen=True):
    """A department that has to carry its part of a decision out."""

    department: str
    department_name: Words


class PromisedView(View, frozen=True, kw_only=True):
    """What a department was told to do for an approved case, and has promised to say when it is done.

    `overdue` says that it should have said so by now; it is asked again.
    """

    department: str
    department_name: Words
    asked_at: datetime
    expected_by: datetime
    overdue: bool


class CaseView(View, frozen=True, kw_only=True):
    """A case with its form. `steps` are what the citizen can do next; `version` is its ETag; `waiting` is null while no clock runs.

    `asked` are other departments whose opinion the office has asked for; its clock runs on meanwhile. `turn_of` is the department that
    has to do its part next, in an approved case, and `promised` is told where a department that does it answers later; null otherwise.
    """

    id: UUID
    number: str | None
    matter_code: str
    matter_version: int
    matter_name: Words
    bundle: WholeView | None
    subject_id: UUID
    applicant_id: UUID
    applicant_as: Literal["self", "guardian", "power"]
    applicant_name: str | None
    state: str
    state_name: Words
    version: int
    department: str
    department_name: Words
    division: str
    opened_at: datetime
    changed_at: datetime
    submitted_at: datetime | None
    waiting: Waiting | None
    asked: list[AskedView]
    turn_of: TurnView | None
    signature: str
    fields: list[FieldView]
    unavailable: list[str]
    notes: list[Words]
    said: SaidView | None
    steps: list[str]
    licence_ids: list[UUID]
    promised: PromisedView | None


class CaseSummary(View, frozen=True, kw_only=True):
    """A case as a list shows it."""

    id: UUID
    number: str | None
    matter_code: str
    matter_name: Words
    subject_id: UUID
    state: str
    state_name: Words
    version: int
    opened_at: datetime
    changed_at: datetime
    submitted_at: datetime | None
    waiting: Waiting | None


class CaseRef(View, frozen=True):
    """A case by its id, with its state and version after what was done."""

    id: UUID
    number: str | None
    state: str
    version: int


class CaseEventView(View, frozen=True):
    """One thing that happened to a case, and by whom (`citizen`, `officer`, `system`); a citizen is named."""

    at: datetime
    what: str
    title: Words
    state: str
    by: str
    reason: str
    fields: list[RemarkView]
    by_name: str | None


class ConfirmationSent(View, frozen=True):
    """A code was sent; it confirms the form as it stands now, until `expires_at`."""

    phone: str
    expires_at: datetime


class FormView(View, frozen=True):
    """A matter's form: its JSON Schema (2020-12) with words in both languages under `x-words`."""

    matter_code: str
    json_schema: dict[str, Any]


class DeskItem(View, frozen=True, kw_only=True):
    """A case on a desk's list, without personal data."""

    id: UUID
    number: str
    matter_code: str
    matter_name: Words
    division: str
    state: str
    state_name: Words
    submitted_at: datetime
    changed_at: datetime
    awaited: Literal["acceptance", "decision", "correction"] | None
    due_on: date | None
    overdue: bool
    claimed: bool
    mine: bool
    proposed: bool
    escalated: bool


class DeskCase(View, frozen=True, kw_only=True):
    """What an officer sees of a case: who applies and in which capacity, the form that the matter asks for, and its history.

    Nothing else of the person. `notes` are colleagues', `opinions` other departments'; `proposal` waits for a second officer, whom
    the matter needs where `two_officers` says so.
    """

    id: UUID
    number: str
    matter_code: str
    matter_version: int
    matter_name: Words
    bundle: WholeView | None
    state: str
    state_name: Words
    version: int
    division: str
    submitted_at: datetime
    waiting: Waiting | None
    claimed: bool
    mine: bool
    signature: str
    applicant_as: Literal["self", "guardian", "power"]
    applicant_name: str | None
    fields: list[FieldView]
    findings: list[Words]
    events: list[CaseEventView]
    notes: list[NoteView]
    opinions: list[OpinionView]
    two_officers: bool
    proposal: ProposalView | None
    steps: list[str]
